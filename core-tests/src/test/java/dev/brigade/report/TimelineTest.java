package dev.brigade.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import dev.brigade.observe.TaskEvent.Kind;
import dev.brigade.task.EachEngine;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** The bars of a timeline are the events that were recorded. */
@HangGuard
class TimelineTest {
  /** From each task's start to its end, of those that are no workers of a fan-out. */
  static Map<Long, long[]> runs(Recording r) {
    long origin = r.events().getFirst().nanos();
    var forked = new ArrayList<Long>();
    var scopesOfItems = new ArrayList<Long>();
    var runs = new HashMap<Long, long[]>();
    for (TaskEvent e : r.events()) {
      if (e.kind() == Kind.FORKED) forked.add(e.task());
      if (e.kind() == Kind.STARTED && !forked.contains(e.task())) scopesOfItems.add(e.parent());
    }
    for (TaskEvent e : r.events()) {
      if (forked.contains(e.task()) && scopesOfItems.contains(e.parent())) continue;
      if (e.kind() == Kind.STARTED) runs.put(e.task(), new long[] {e.nanos() - origin, -1});
      if (e.kind() == Kind.ENDED && runs.containsKey(e.task()))
        runs.get(e.task())[1] = e.nanos() - origin;
    }
    return runs;
  }

  static void assertBarsAreEvents(Recording r, Drawn drawn) {
    Map<Long, long[]> expected = runs(r);
    List<Drawn.Bar> bars = drawn.bars("run");
    assertEquals(expected.size(), bars.size());
    double scale = Double.parseDouble(drawn.charts().getFirst().getAttribute("data-nanos"));
    for (Drawn.Bar bar : bars) {
      long[] run = expected.get(bar.task());
      assertEquals(run[0], bar.start());
      assertEquals(run[1], bar.end());
    }
    for (Drawn.Bar bar : drawn.bars()) {
      assertEquals(bar.start() / scale * 100, bar.x(), 0.0001);
      assertEquals((bar.end() - bar.start()) / scale * 100, bar.width(), 0.0001);
      assertTrue(bar.x() + bar.width() <= 100.0002);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void everyItemOfAFanOutIsABar(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      var seen = Recording.ofNextScope(10_000);
      try (var _ = Observers.register(seen)) {
        Tasks.on(e).limit(3).forEach(IntStream.range(0, 30).boxed().toList(), i -> {});
      }
      Drawn drawn = Drawn.of(Page.titled("t").recording(seen).html());
      assertEquals(30, drawn.bars("run").size());
      assertBarsAreEvents(seen, drawn);
    }
  }

  @Test
  void waitsAreBarsOfTheItemThatWaited() throws Exception {
    var seen = Recording.ofNextScope(10_000);
    try (var _ = Observers.register(seen)) {
      Tasks.limit(2)
          .forEach(
              List.of(0, 1, 2, 3),
              i -> {
                if (i == 2) Tasks.sleep(Duration.ofNanos(1_000));
              });
    }
    Drawn drawn = Drawn.of(Page.titled("t").recording(seen).html());
    Drawn.Bar wait = only(drawn.bars("wait"));
    long third =
        seen.events().stream()
            .filter(e -> e.name().equals("item 2"))
            .findFirst()
            .orElseThrow()
            .task();
    assertEquals(third, wait.task());
    long waiting = one(seen, Kind.WAITING).nanos();
    assertEquals(waiting - seen.events().getFirst().nanos(), wait.start());
    assertEquals(one(seen, Kind.RESUMED).nanos() - waiting, wait.end() - wait.start());
  }

  private static TaskEvent one(Recording r, Kind kind) {
    return only(r.events().stream().filter(e -> e.kind() == kind && e.task() != 0).toList());
  }

  private static <T> T only(List<T> all) {
    assertEquals(1, all.size(), all::toString);
    return all.getFirst();
  }

  @Test
  void theTimeBeforeATaskBeganIsABarOfItsOwn() throws Exception {
    Drawn drawn =
        new Told(100).task(2, "first", "t1", 0, 0, 50).task(3, "second", "t1", 10, 50, 100).drawn();
    Drawn.Bar queued = only(drawn.bars("queue"));
    assertEquals(new Drawn.Bar(3, "queue", 10, 50, "", 10, 40), queued);
    assertEquals(List.of(50.0, 50.0), drawn.bars("run").stream().map(Drawn.Bar::width).toList());
  }

  @Test
  void aJobInStepsIsOneRow() throws Exception {
    Drawn drawn =
        new Told(100)
            .task(2, "job", "t1", 0, 0, 40)
            .task(3, "other", "t2", 0, 0, 100)
            .task(4, "job", "t1", 30, 60, 100)
            .drawn();
    // The second step was forked by the first, which drew over that time.
    assertEquals(40, only(drawn.bars("queue")).start());
    List<String> rows =
        drawn.elements("ol").getFirst().getElementsByTagName("li").getLength() == 2
            ? List.of("job", "other")
            : List.of();
    assertEquals(List.of("job", "other"), rows);
  }

  @Test
  void outcomesAreTold() throws Exception {
    var told =
        new Told(100).item(2, "t1", 0, 10, null).item(3, "t1", 10, 20, new IOException("no"));
    told.event(Kind.FORKED, 0, 4, 9, "dropped", "main", null, null);
    told.event(Kind.CANCELLED, 5, 4, 9, "dropped", "main", "not wanted", null);
    told.event(Kind.ENDED, 5, 4, 9, "dropped", "main", "cancelled", null);
    told.event(Kind.FORKED, 0, 5, 9, "endless", "main", null, null);
    told.event(Kind.STARTED, 1, 5, 9, "endless", "t2", null, null);
    Drawn drawn = told.scope(Kind.CLOSED, 20).drawn();
    Map<Long, String> outcomes = new HashMap<>();
    for (Drawn.Bar bar : drawn.bars("run")) outcomes.put(bar.task(), bar.outcome());
    assertEquals(Map.of(2L, "SUCCESS", 3L, "FAILED", 5L, "OPEN"), outcomes);
    assertEquals(4, drawn.bars("queue").getFirst().task());
    assertTrue(drawn.text().contains("IOException: no"), drawn::text);
    assertTrue(drawn.text().contains("never began"), drawn::text);
  }

  @Test
  void anItemWhoseWorkerWasCancelledIsCancelledNotFailed() throws Exception {
    var told = new Told(100);
    told.event(Kind.FORKED, 0, 2, Told.SCOPE, "worker", "main", null, null);
    told.event(Kind.STARTED, 1, 2, Told.SCOPE, "worker", "t1", null, null);
    told.item(3, "t1", 1, 5, new IOException("its own"));
    told.event(Kind.STARTED, 5, 4, Told.SCOPE, "item", "t1", null, null);
    told.event(Kind.CANCELLED, 8, 2, Told.SCOPE, "worker", "main", "another failed", null);
    var interrupt = new InterruptedException();
    told.event(Kind.ENDED, 9, 4, Told.SCOPE, "item", "t1", "failed", interrupt);
    told.event(Kind.ENDED, 9, 2, Told.SCOPE, "worker", "t1", "cancelled", null);
    Drawn drawn = told.drawn();
    assertEquals(
        List.of("FAILED", "CANCELLED"),
        drawn.bars("run").stream().map(Drawn.Bar::outcome).toList());
    Element mark = only(drawn.withAttribute("path", "data-mark"));
    assertEquals("4", mark.getAttribute("data-mark"));
    assertEquals("8", mark.getAttribute("data-at"));
  }

  @Test
  void whatAPolicyDidIsMarkedOnTheTaskThatItsThreadRan() throws Exception {
    var told = new Told(100);
    told.event(Kind.FORKED, 0, 2, Told.SCOPE, "worker", "main", null, null);
    told.event(Kind.STARTED, 0, 2, Told.SCOPE, "worker", "t1", null, null);
    told.event(Kind.STARTED, 10, 3, Told.SCOPE, "item", "t1", null, null);
    told.policy(15, "t1", "attempt <2>").policy(16, "elsewhere", "not ours");
    told.event(Kind.ENDED, 30, 3, Told.SCOPE, "item", "t1", "success", null);
    // Its clock may be another one: it is shown while the task ran.
    told.event(Kind.STARTED, 30, 4, Told.SCOPE, "item", "t1", null, null);
    told.policy(Long.MIN_VALUE, "t1", "before time");
    told.event(Kind.ENDED, 40, 4, Told.SCOPE, "item", "t1", "success", null);
    Drawn drawn = told.drawn();
    List<String> marks =
        drawn.withAttribute("path", "data-mark").stream()
            .map(m -> m.getAttribute("data-mark") + " at " + m.getAttribute("data-at"))
            .toList();
    assertEquals(List.of("3 at 15", "4 at 30"), marks);
    String title = drawn.withAttribute("path", "data-mark").getFirst().getTextContent();
    assertTrue(title.contains("retrying by retry(3): attempt <2>"), title);
    List<String> cells =
        drawn.elements("tr").stream()
            .map(Element::getTextContent)
            .filter(t -> t.contains("retry"))
            .toList();
    assertEquals(List.of("retry(3): retrying3"), cells);
  }

  @Test
  void manyMarksOfOneTaskDoNotMakeALongPage() throws Exception {
    var told = new Told(100_000).task(2, "a", "t0", 0, 0, 1);
    told.event(Kind.STARTED, 0, 3, Told.SCOPE, "item", "t1", null, null);
    for (int i = 1; i < 50_000; i++) told.policy(i, "t1", "again");
    String html = Page.titled("t").recording(told.recording).html();
    assertTrue(html.length() < 60_000, () -> "characters: " + html.length());
  }

  @Test
  void theSpeedUpDoesNotCountATaskWhileOthersWorkForIt() throws Exception {
    var told = new Told(100);
    told.event(Kind.FORKED, 0, 2, Told.SCOPE, "outer", "main", null, null);
    told.event(Kind.STARTED, 0, 2, Told.SCOPE, "outer", "t1", null, null);
    told.event(Kind.OPENED, 20, 9, 2, "inner", "t1", null, null);
    for (int i = 3; i < 6; i++) {
      told.event(Kind.STARTED, 20, i, 9, "item " + i, "t" + i, null, null);
      told.event(Kind.ENDED, 100, i, 9, "item " + i, "t" + i, "success", null);
    }
    told.event(Kind.CLOSED, 100, 9, 2, "inner", "t1", null, null);
    told.event(Kind.ENDED, 100, 2, Told.SCOPE, "outer", "t1", "success", null);
    // 20 of its own, and three times 80.
    assertTrue(told.drawn().text().contains("2.60×"), told.drawn()::text);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_000, Long.MAX_VALUE - 30, -50, Long.MIN_VALUE})
  void clocksMayBeginAnywhereAndWrap(long origin) throws Exception {
    var told = new Told(100, origin).task(2, "a", "t1", 10, 20, 60).task(3, "b", "t2", 10, 30, 100);
    Drawn drawn = told.drawn();
    assertBarsAreEvents(told.recording, drawn);
    assertEquals(List.of(20.0, 30.0), drawn.bars("run").stream().map(Drawn.Bar::x).toList());
  }

  @Test
  void frozenAndBackwardClocksDrawSomething() throws Exception {
    Drawn frozen = new Told(100).task(2, "a", "t1", 0, 0, 0).task(3, "b", "t1", 0, 0, 0).drawn();
    assertEquals(2, frozen.bars("run").size());
    var told = new Told(100).task(2, "a", "t1", 50, -1_000_000, 40).task(3, "b", "t1", 0, 60, 10);
    for (Drawn.Bar bar : told.drawn().bars())
      assertTrue(bar.width() >= 0 && bar.x() >= 0, bar::toString);
    var leap = new Told(100).task(2, "a", "t1", 0, 0, Long.MAX_VALUE - 1_000).drawn();
    assertEquals(100, only(leap.bars("run")).width(), 0.001);
  }

  @Test
  void severalTimelinesHaveOneScale() throws Exception {
    var fast = new Told(100).task(2, "a", "t1", 0, 0, 25).recording;
    var slow = new Told(100).task(2, "a", "t1", 0, 0, 100).recording;
    var both = new java.util.LinkedHashMap<String, Recording>();
    both.put("fast", fast);
    both.put("slow", slow);
    Drawn drawn = Drawn.of(Page.titled("t").timelines("Both", Page.Rows.THREADS, both).html());
    assertEquals(2, drawn.charts().size());
    assertEquals(List.of(25.0, 100.0), drawn.bars("run").stream().map(Drawn.Bar::width).toList());
  }

  @Test
  void hugeRecordingsAreDrawnAsBandsOnASmallPage() throws Exception {
    int items = 60_000;
    var told = new Told(1_000_000);
    for (int i = 0; i < items; i++) {
      int thread = i % 500;
      long start = i / 500 * 1_000L + thread;
      told.item(
          i + 2,
          "thread " + thread,
          start,
          start + 900,
          i % 1_000 == 0 ? new IOException("x" + i) : null);
    }
    String html = Page.titled("t").recording(told.recording).html();
    assertTrue(html.length() < 300_000, () -> "characters: " + html.length());
    Drawn drawn = Drawn.of(html);
    assertEquals(List.of(), drawn.bars());
    long drawnAsBands =
        drawn.withAttribute("svg", "data-bars").stream()
            .mapToLong(e -> Long.parseLong(e.getAttribute("data-bars")))
            .sum();
    assertEquals(items, drawnAsBands);
    assertTrue(drawn.text().contains("60,000 tasks in 500 rows, too many"), drawn::text);
  }

  @Test
  void tensOfThousandsAtOnceAreArrangedToo() throws Exception {
    int tasks = 40_000;
    var told = new Told(1_000_000);
    for (int i = 0; i < tasks; i++) told.item(i + 2, "t" + i, i, tasks + i / 2, null);
    Drawn drawn = told.drawn();
    assertTrue(drawn.text().contains("40,000 tasks in 40,000 rows, too many"), drawn::text);
    assertEquals(
        "40000", drawn.withAttribute("svg", "data-peak").getFirst().getAttribute("data-peak"));
  }

  @Test
  void aRowThatIsFreeIsUsedAgain() throws Exception {
    var told = new Told(1_000);
    for (int i = 0; i < 100; i++) told.item(i + 2, "t" + i, i * 10L, i * 10L + 25, null);
    assertEquals(3, Lanes.of(History.of(told.recording)).count());
  }

  @Test
  void whatWasNotRecordedIsSaid() throws Exception {
    var told = new Told(10);
    for (int i = 2; i < 20; i++) told.item(i, "t1", i, i + 1, null);
    Drawn drawn = told.drawn();
    assertTrue(drawn.text().contains("27 more were not recorded"), drawn::text);
    assertEquals(0, drawn.text().split("still running", -1).length - 1);
  }
}
