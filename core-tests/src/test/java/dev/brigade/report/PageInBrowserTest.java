package dev.brigade.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observers;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A page as a browser shows it. Pictures of it are left in {@code target/browser}. */
@Tag("browser")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PageInBrowserTest {
  private static final String HOSTILE = "</script><script>window.owned = 1</script><b>\u202e'\"\0";
  private static final Path PICTURES = Path.of("target", "browser");

  /** One line for each bar: what it says, and where it is within its chart, in pixels. */
  private static final String BARS =
      """
      [...document.querySelectorAll('svg[data-exact]')].flatMap((chart, c) =>
        [...chart.querySelectorAll('rect[data-kind]')].map(r => {
          const b = r.getBBox(), d = r.dataset;
          return [c, d.task, d.kind, d.start, d.end, chart.dataset.nanos,
            chart.getBoundingClientRect().width, b.x, b.width, b.y, b.height].join(' ');
        })).join(';')
      """;

  private static final String TOO_WIDE =
      """
      [...document.querySelectorAll('main *')]
        .filter(e => !e.closest('.track, .table'))
        .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
        .map(e => e.tagName + '.' + e.getAttribute('class') + ' ' + e.textContent.slice(0, 40))
        .concat(document.documentElement.scrollWidth > document.documentElement.clientWidth
          ? ['the page: ' + document.documentElement.scrollWidth] : [])
        .join('; ')
      """;

  private Chromium browser;
  private Recording seen;
  private Recording large;
  private Path page;
  private Path largePage;

  private record Bar(
      int chart,
      long task,
      String kind,
      long start,
      long end,
      double scale,
      double chartWidth,
      double x,
      double width,
      double y,
      double height) {}

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    Optional<Path> program = Chromium.installed();
    String missing = "no Chromium on PATH: the pages are not opened in a browser";
    if (program.isEmpty()) System.err.println("SKIPPED: " + missing);
    Assumptions.assumeTrue(program.isPresent(), missing);
    browser = Chromium.open(program.get());
    page = folder.resolve("page.html");
    largePage = folder.resolve("large.html");
    seen = run();
    large = Recording.ofNextScope(100_000);
    try (var _ = Observers.register(large)) {
      Tasks.limit(300).forEach(IntStream.range(0, 20_000).boxed().toList(), i -> Thread.sleep(1));
    }
    everything().writeTo(page);
    Page.titled("Large").recording(large).writeTo(largePage);
  }

  @AfterAll
  void close() throws Exception {
    if (browser != null) browser.close();
  }

  @AfterEach
  void nothingWasComplainedAbout() throws Exception {
    List<String> complaints = List.copyOf(browser.complaints);
    browser.complaints.clear();
    assertEquals(List.of(), complaints);
    assertEquals("undefined", browser.evaluate("typeof window.owned"));
  }

  /** Successes, failures, cancellations, waits, nested work and names of all kinds. */
  private static Recording run() throws Exception {
    var seen = Recording.ofNextScope(10_000);
    try (var _ = Observers.register(seen)) {
      Tasks.named("run")
          .runSupervised(s -> {
            for (int i = 0; i < 6; i++) {
              int n = i;
              s.run(
                  "task " + n + " of a rather long name that has to be cut somewhere",
                  () -> Tasks.sleep(Duration.ofMillis(5L * n)));
            }
            s.run(
                    HOSTILE,
                    () -> {
                      throw new IOException(HOSTILE);
                    })
                .outcome();
            var stuck =
                s.fork(
                    "cancelled",
                    () -> {
                      Thread.sleep(60_000);
                      return 1;
                    });
            s.run(
                "nested",
                () ->
                    Tasks.limit(2)
                        .forEach(List.of(1, 2, 3, 4, 5), i -> Tasks.sleep(Duration.ofMillis(3))));
            Tasks.sleep(Duration.ofMillis(30));
            stuck.cancel("not wanted " + HOSTILE);
          });
    }
    return seen;
  }

  private Page everything() {
    var both = new LinkedHashMap<String, Recording>();
    both.put("first " + HOSTILE, seen);
    both.put("second", seen);
    Table table =
        Table.of(
            "Ways, with a caption that goes on for a while",
            "way",
            "at once",
            "time",
            "speed-up",
            "of ideal",
            "memory");
    for (int i = 1; i <= 4; i++)
      table =
          table.row(
              i / 4.0, "a way of doing it " + i, "1,024", "12.3 ms", "38.2x", "100%", "1,234 MB");
    return Page.titled(
            "A page of everything, with "
                + HOSTILE
                + " and Averyveryverylongwordwithoutanyspaceinitatall")
        .lead("What there is to see.")
        .recording(seen)
        .section("Both")
        .timelines("Both, by task.", Page.Rows.TASKS, both)
        .timelines("Both, by thread.", Page.Rows.THREADS, both)
        .table(table)
        .note("A note.");
  }

  private List<Bar> bars() throws Exception {
    var bars = new ArrayList<Bar>();
    for (String line : browser.evaluate(BARS).split(";")) {
      String[] f = line.split(" ");
      bars.add(
          new Bar(
              Integer.parseInt(f[0]),
              Long.parseLong(f[1]),
              f[2],
              Long.parseLong(f[3]),
              Long.parseLong(f[4]),
              Double.parseDouble(f[5]),
              Double.parseDouble(f[6]),
              Double.parseDouble(f[7]),
              Double.parseDouble(f[8]),
              Double.parseDouble(f[9]),
              Double.parseDouble(f[10])));
    }
    return bars;
  }

  @ParameterizedTest
  @CsvSource({"1400, light", "1400, dark", "380, light", "380, dark"})
  void barsAreWhereTheEventsWere(int width, String scheme) throws Exception {
    browser.show(page, width, 900, scheme);
    List<Bar> bars = bars();
    Map<Long, long[]> events = TimelineTest.runs(seen);
    for (int chart = 0; chart < 5; chart++) {
      int c = chart;
      List<Bar> runs = bars.stream().filter(b -> b.chart == c && b.kind.equals("run")).toList();
      assertEquals(events.size(), runs.size());
      var tasks = new HashSet<Long>();
      for (Bar b : runs) {
        assertTrue(tasks.add(b.task));
        assertEquals(events.get(b.task)[0], b.start);
        assertEquals(events.get(b.task)[1], b.end);
      }
    }
    for (Bar b : bars) {
      assertTrue(b.chartWidth > width / 3.0, b::toString);
      assertEquals(b.start / b.scale * b.chartWidth, b.x, 1, b::toString);
      assertEquals((b.end - b.start) / b.scale * b.chartWidth, b.width, 1, b::toString);
    }
    nothingOverlapsInARow(bars);
    browser.capture(PICTURES.resolve("page-" + width + "-" + scheme + ".png"));
  }

  private static void nothingOverlapsInARow(List<Bar> bars) {
    Map<String, Double> ends = new HashMap<>();
    for (Bar b : bars) {
      if (b.kind.equals("wait")) continue;
      String row = b.chart + " " + b.y;
      assertTrue(b.x >= ends.getOrDefault(row, 0.0) - 1, b::toString);
      ends.put(row, b.x + b.width);
    }
  }

  @ParameterizedTest
  @CsvSource({"1400, light", "1400, dark", "760, light", "380, light", "380, dark"})
  void nothingIsWiderThanTheWindow(int width, String scheme) throws Exception {
    for (Path file : List.of(page, largePage)) {
      browser.show(file, width, 900, scheme);
      assertEquals("", browser.evaluate(TOO_WIDE));
    }
    browser.capture(PICTURES.resolve("large-" + width + "-" + scheme + ".png"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void textStandsOutAndEndingsDifferInMoreThanColour(String scheme) throws Exception {
    browser.show(page, 1400, 900, scheme);
    double ground = luminance("getComputedStyle(document.documentElement).backgroundColor");
    assertEquals(scheme.equals("light"), ground > 0.5);
    for (String what : List.of("body", ".lead", ".labels", "figcaption", "th", ".brand")) {
      double ink = luminance("getComputedStyle(document.querySelector('" + what + "')).color");
      double contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
      assertTrue(contrast >= 4.5, what + ": " + contrast);
    }
    Set<String> fills = new HashSet<>();
    List<String> kinds =
        List.of(".run.good", ".run.failed", ".run.cancelled", ".lanes .wait", ".lanes .queue");
    for (String kind : kinds)
      fills.add(browser.evaluate("getComputedStyle(document.querySelector('" + kind + "')).fill"));
    assertEquals(kinds.size(), fills.size(), fills::toString);
    // All but the plain one have a pattern of their own, which is there.
    for (String fill : fills) {
      Matcher url = Pattern.compile("url\\(\"#(.*)\"\\)").matcher(fill);
      if (url.find())
        assertEquals(
            "pattern",
            browser.evaluate("document.getElementById('" + url.group(1) + "').localName"));
      else assertTrue(fill.startsWith("rgb"), fill);
    }
    assertEquals(kinds.size() - 1, fills.stream().filter(f -> f.startsWith("url")).count());
  }

  private double luminance(String colour) throws Exception {
    Matcher m =
        Pattern.compile("rgb\\((\\d+), (\\d+), (\\d+)\\)").matcher(browser.evaluate(colour));
    assertTrue(m.matches(), colour);
    double[] weights = {0.2126, 0.7152, 0.0722};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double c = Integer.parseInt(m.group(i + 1)) / 255.0;
      sum += weights[i] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
  }

  @Test
  void enlargingWidensTheChartAndNotThePage() throws Exception {
    browser.show(page, 1400, 900, "light");
    double before = bars().getFirst().chartWidth;
    browser.evaluate("document.querySelector('input[value=\"4\"]').click(), ''");
    assertEquals(4 * before, bars().getFirst().chartWidth, 8);
    assertEquals("", browser.evaluate(TOO_WIDE));
    Bar last = bars().getLast();
    assertNotEquals(4 * before, last.chartWidth, "the other charts stay");
  }

  @Test
  void pointingAtABarTellsAboutIt() throws Exception {
    browser.show(page, 1400, 900, "dark");
    String tip =
        browser.evaluate(
            """
            (() => {
              const bar = document.querySelector('rect.failed[data-kind]');
              const text = bar.querySelector('title').textContent;
              bar.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: 99, clientY: 99}));
              const tip = document.querySelector('.tip');
              return (tip.textContent === text) + ' ' + text;
            })()
            """);
    assertTrue(tip.startsWith("true </script><script>window.owned = 1</script>"), tip);
    assertTrue(tip.contains("failed"), tip);
  }

  @Test
  void withoutScriptsEverythingIsThere() throws Exception {
    browser.show(page, 1400, 900, "light");
    List<Bar> with = bars();
    browser.allowScripts(false);
    try {
      browser.show(page, 1400, 900, "light");
      assertEquals(with, bars());
    } finally {
      browser.allowScripts(true);
    }
  }
}
