package dev.brigade.cli.compare;

import dev.brigade.cli.terminal.Figures;
import dev.brigade.report.Page;
import dev.brigade.report.Recording;
import dev.brigade.report.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shows the comparison as a page: what the terminal shows, and when each item ran. */
final class ComparisonPage {
  private static final int FAILURES_SHOWN = 20;

  private final Page page = Page.titled("What doing several things at once gains here");
  private final Settings settings;

  ComparisonPage(Settings settings, double load) {
    this.settings = settings;
    String when =
        DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
            .withLocale(Locale.UK)
            .format(LocalDateTime.now(ZoneId.systemDefault()));
    page.lead(
        "The same work in a plain loop, in three or four ways of doing it at once, and as "
            + "Tasks.auto() chooses, measured.");
    page.fact("cores", "" + settings.cores(), "that the program may use");
    String busy = load < 0 ? "" : String.format(Locale.ROOT, "load before: %.1f", load);
    page.fact("system", System.getProperty("os.name", "?"), System.getProperty("os.arch", ""));
    page.fact("JDK", "" + Runtime.version().feature(), Runtime.version().toString());
    page.fact("measured", when, busy);
  }

  /** The same tasks on one thread and on two. */
  void cooks(Recording one, Recording two, String lesson) {
    var both = new LinkedHashMap<String, Recording>();
    both.put("One cook takes turns (1 thread)", one);
    both.put("Two cooks at once (2 threads)", two);
    page.section("One cook, two cooks").note(lesson);
    page.timelines("Two tasks of four steps each, to one scale.", Page.Rows.TASKS, both);
  }

  /**
   * One kind of work.
   *
   * @param fastest what was seen in the fastest round of each way
   */
  void comparison(Comparison c, Map<Way, Recording> fastest) {
    page.section(c.kind() + ": " + c.what()).note(Lesson.of(c));
    page.table(table(c));
    if (fastest.isEmpty()) return;
    var recordings = new LinkedHashMap<String, Recording>();
    fastest.forEach((way, recording) -> recordings.put(way.label(), recording));
    String caption = "The fastest round of each way, to one scale; each row is a thread.";
    page.timelines(caption, Page.Rows.THREADS, recordings);
  }

  private static Table table(Comparison c) {
    String ideal = "Bars show the share of the ideal, which is " + Figures.factor(c.ideal()) + ".";
    boolean memory = c.ways().stream().anyMatch(m -> m.peakBytes().isPresent());
    Table table =
        memory
            ? Table.of(ideal, "way", "at once", "time", "speed-up", "of ideal", "memory")
            : Table.of(ideal, "way", "at once", "time", "speed-up", "of ideal");
    for (Measured m : c.ways()) {
      double share = c.shareOfIdeal(m);
      String label = m.way().label();
      String atOnce = "" + m.atOnce();
      String time = Figures.seconds(m.median());
      String factor = Figures.factor(c.speedUp(m));
      String percent = Figures.percent(share);
      double bar = Math.min(1, share);
      table =
          memory
              ? table.row(
                  bar,
                  label,
                  atOnce,
                  time,
                  factor,
                  percent,
                  m.peakBytes().map(Figures::megabytes).orElse("?"))
              : table.row(bar, label, atOnce, time, factor, percent);
    }
    return table;
  }

  void failures(List<String> lines) {
    if (lines.isEmpty()) return;
    page.section("What failed");
    for (String line : lines.stream().limit(FAILURES_SHOWN).toList()) page.text(line);
    if (lines.size() > FAILURES_SHOWN)
      page.text("... and " + (lines.size() - FAILURES_SHOWN) + " more");
  }

  void write(Path file, boolean memory) throws IOException {
    page.section("How it was measured")
        .text(Report.meaning("At once: how many at most. ", settings, memory));
    page.text(
        "While a page is wanted, every item is recorded, which costs about a microsecond each; the "
            + "loop tells the same events as the other ways.");
    page.writeTo(file);
  }
}
