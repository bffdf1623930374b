package dev.brigade.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything that a page shows of one recording. */
final class RecordingPart {
  private static final int LONGEST_SHOWN = 10;
  private static final int KINDS_SHOWN = 10;

  private final Page page;
  private final Markup out;
  private final History history;
  private final Lengths lengths;
  private final Levels running;

  RecordingPart(Page page, Markup out, History history) {
    this.page = page;
    this.out = out;
    this.history = history;
    this.lengths = Lengths.of(history.work);
    this.running = Levels.inProgress(history.work);
  }

  void draw() {
    if (history.work.isEmpty()) {
      page.text("Nothing ran.");
      return;
    }
    facts();
    timeline();
    concurrency();
    if (!lengths.none()) lengths();
    failures();
    policies();
    table();
  }

  private long ended(Activity.Ending how) {
    return history.work.stream().filter(a -> a.ending == how).count();
  }

  private void facts() {
    long wall = Math.max(1, history.nanos);
    page.fact("took", Figures.nanos(history.whole), "from first to last");
    page.fact("tasks", Figures.whole(history.work.size()), outcomes());
    String meaning = "against one after the other, if each took as long alone";
    page.fact("speed-up", Figures.digits(history.ownNanos() / wall) + "×", meaning);
    page.fact("at once", Figures.whole(running.peak), "in progress at most");
    if (!lengths.none()) {
      String longest = "longest " + Figures.nanos(lengths.longest());
      String tail = "p90 " + Figures.nanos(lengths.quantile(0.9)) + ", " + longest;
      page.fact("median", Figures.nanos(lengths.quantile(0.5)), tail);
      String rate = Figures.digits(lengths.sorted.length * 1e9 / wall);
      page.fact("per second", rate, "tasks ended, on average");
    }
    if (history.missed > 0)
      page.note(
          "Not the whole: " + history.missedInWords() + " The figures are of what was recorded.");
  }

  private String outcomes() {
    var parts = new ArrayList<String>();
    for (Activity.Ending how : Activity.Ending.values()) {
      long n = ended(how);
      if (n > 0)
        parts.add(
            n == history.work.size() ? "all " + words(how) : Figures.whole(n) + " " + words(how));
    }
    return String.join(", ", parts);
  }

  private String words(Activity.Ending how) {
    return how == Activity.Ending.OPEN && history.missed > 0 ? "without a recorded end" : how.words;
  }

  private void timeline() {
    page.section("What ran, and what waited");
    Lanes lanes = Lanes.of(history);
    String rows = lanes.byTask ? "a row for each task" : "a row for each thread or place";
    page.startFigure("Over " + Figures.nanos(history.nanos) + ", " + rows + ".");
    String description = "Timeline: " + history.description();
    var scale = new TimelineChart.Scale(history.nanos, false, true);
    TimelineChart.draw(out, history, lanes, scale, description);
    if (lanes.drawable()) Legend.ofBars(out, List.of(history), lanes.byTask);
    else Legend.ofBands(out, List.of(history));
    page.cut(history, lanes, "");
    out.end().line();
  }

  private void concurrency() {
    page.section("How many at once");
    out.start("figure").element("figcaption", "How many were in progress at each moment.");
    ConcurrencyChart.draw(out, history);
    out.end().line();
  }

  private void lengths() {
    page.section("How long each took");
    out.start("div", "pair").line();
    out.start("figure").element("figcaption", "By when it began.");
    LatencyChart.draw(out, history, lengths);
    out.end().line();
    out.start("figure").element("figcaption", "How many took how long.");
    DistributionChart.draw(out, lengths);
    out.end().end().line();
  }

  private void failures() {
    Map<String, List<Activity>> kinds = new LinkedHashMap<>();
    for (Activity a : history.work)
      if (a.ending == Activity.Ending.FAILED)
        kinds.computeIfAbsent(a.why == null ? "failed" : a.why, w -> new ArrayList<>()).add(a);
    if (kinds.isEmpty()) return;
    page.section("What failed");
    Table table = Table.of("Failures, the most frequent first", "failure", "times", "first");
    List<Map.Entry<String, List<Activity>>> most =
        kinds.entrySet().stream()
            .sorted(Comparator.comparingInt(e -> -e.getValue().size()))
            .toList();
    for (var entry : most.subList(0, Math.min(KINDS_SHOWN, most.size())))
      table =
          table.row(
              entry.getKey(),
              Figures.whole(entry.getValue().size()),
              entry.getValue().getFirst().name);
    page.table(table);
    if (most.size() > KINDS_SHOWN)
      page.text("And " + (most.size() - KINDS_SHOWN) + " other kinds.");
  }

  private void policies() {
    if (history.policies.isEmpty()) return;
    page.section("What the policies did");
    Table table = Table.of("Apart from letting work through", "policy", "times");
    List<Map.Entry<String, Integer>> most =
        history.policies.entrySet().stream()
            .sorted(Comparator.comparingInt(e -> -e.getValue()))
            .limit(KINDS_SHOWN)
            .toList();
    for (var entry : most) table = table.row(entry.getKey(), Figures.whole(entry.getValue()));
    page.table(table);
    int others = history.policies.size() - most.size();
    if (others > 0) page.text("And " + others + " other kinds.");
  }

  /** The same figures without a picture, for those who can't see it. */
  private void table() {
    page.section("In figures");
    Table all = Table.of("Key figures", "figure", "value");
    all = all.row("time taken", Figures.nanos(history.whole));
    for (Activity.Ending how : Activity.Ending.values())
      if (ended(how) > 0) all = all.row(words(how), Figures.whole(ended(how)));
    all = all.row("in progress at most", Figures.whole(running.peak));
    all =
        all.row(
            "in progress on average", Figures.digits(running.area / Math.max(1, history.nanos)));
    for (double share : lengths.none() ? new double[0] : new double[] {0.5, 0.9, 0.99, 1})
      all =
          all.row(
              share == 1 ? "longest" : "length, p" + Math.round(share * 100),
              Figures.nanos(lengths.quantile(share)));
    long waited = history.work.stream().mapToLong(Activity::waited).sum();
    if (waited > 0) all = all.row("waited in the library, added up", Figures.nanos(waited));
    all = all.row("engine", history.engine);
    out.start("div", "pair").line();
    page.table(all);
    longest();
    out.end().line();
  }

  private void longest() {
    List<Activity> most =
        history.work.stream()
            .filter(Activity::ran)
            .sorted(Comparator.comparingLong((Activity a) -> -a.length()))
            .limit(LONGEST_SHOWN)
            .toList();
    Table table = Table.of("The longest", "task", "length", "began at", "");
    double longest = Math.max(1, most.isEmpty() ? 1 : most.getFirst().length());
    for (Activity a : most)
      table =
          table.row(
              a.length() / longest,
              a.name,
              Figures.nanos(a.length()),
              Figures.nanos(a.started),
              a.ending == Activity.Ending.SUCCESS ? "" : words(a.ending));
    page.table(table);
  }
}
