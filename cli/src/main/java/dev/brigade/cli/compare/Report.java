package dev.brigade.cli.compare;

import static dev.brigade.cli.terminal.Lines.COLUMNS;

import dev.brigade.cli.terminal.Bar;
import dev.brigade.cli.terminal.Figures;
import dev.brigade.cli.terminal.Lines;
import dev.brigade.cli.terminal.Terminal;
import dev.brigade.cli.terminal.Timeline;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Prints the comparison for people. */
final class Report {
  private static final int BAR = 26;
  private static final int TIMELINE = 48;

  /** Below this, two cooks were not really faster than one. */
  private static final double FASTER = 1.1;

  private final Terminal terminal;
  private final PrintStream out;

  /** On the terminal's standard output. */
  Report(Terminal terminal) {
    this.terminal = terminal;
    this.out = terminal.out();
  }

  /** The two pictures, to the same scale. */
  void timelines(Timeline one, Timeline two, int cores) {
    long nanosPerColumn = Math.max(1, Math.max(one.nanos(), two.nanos()) / TIMELINE);
    picture("One cook takes turns", one, nanosPerColumn);
    picture("Two cooks at once", two, nanosPerColumn);
    String legend = "█ at work  ░ waiting for a cook   drawn from the run's ";
    int events = one.events() + two.events();
    out.println(terminal.dim("            " + legend + events + " events"));
    lesson(cooksLesson(one, two, cores));
  }

  static String cooksLesson(Timeline one, Timeline two, int cores) {
    double gain = (double) one.nanos() / two.nanos();
    if (gain >= FASTER)
      return "The same two tasks in the same steps: " + Figures.factor(gain) + " as fast.";
    return "No gain from two threads ("
        + Figures.factor(gain)
        + "): "
        + (cores == 1 ? "there is one core." : "other programs seem to have the cores.");
  }

  private void picture(String title, Timeline timeline, long nanosPerColumn) {
    int threads = timeline.threads().size();
    String on = " (" + threads + (threads == 1 ? " thread)" : " threads)");
    String line = Lines.spread(title + on, Figures.seconds(timeline.nanos() / 1e9));
    out.println(terminal.bold(title) + line.substring(title.length()));
    for (String lane : timeline.lines(nanosPerColumn)) out.println("    " + lane);
  }

  /** One kind of work. */
  void comparison(Comparison c) {
    String ideal = "ideal " + Figures.factor(c.ideal());
    String title = c.kind() + "  ";
    String what = Lines.shortened(c.what(), COLUMNS - title.length() - ideal.length() - 2);
    String line = Lines.spread(title + what, ideal);
    out.println(terminal.bold(title) + line.substring(title.length()));
    for (Measured m : c.ways()) out.println(row(c, m));
    lesson(Lesson.ofPlainWays(c), ProcessLesson.of(c), AutoLesson.of(c));
  }

  private String row(Comparison c, Measured m) {
    String label = m.way().label() + (m.way() == Way.SEQUENTIAL ? "" : " (" + m.atOnce() + ")");
    return String.format(
            Locale.ROOT,
            "  %-14s %8s %7s  %s %6s %8s",
            label,
            Figures.seconds(m.median()),
            Figures.factor(c.speedUp(m)),
            terminal.cyan(Bar.of(c.shareOfIdeal(m), BAR)),
            Figures.percent(c.shareOfIdeal(m)),
            m.peakBytes().map(Figures::megabytes).orElse(""))
        .stripTrailing();
  }

  private void lesson(String... thoughts) {
    for (String thought : thoughts) {
      if (thought.isEmpty()) continue;
      String lead = "  → ";
      for (String line : Lines.wrapped(thought, COLUMNS - lead.length())) {
        out.println(terminal.green(lead + line));
        lead = "    ";
      }
    }
    out.println();
  }

  /** What the columns mean, and how it was measured. */
  void explanation(Settings settings, boolean memory) {
    String text = meaning("In parentheses: how many at once at most. ", settings, memory);
    for (String line : Lines.wrapped(text, COLUMNS - 2)) out.println(terminal.dim("  " + line));
  }

  /** Where the page is. */
  void page(Path file) {
    out.println();
    out.println("The page is in " + file + ": open it in a browser.");
  }

  static String meaning(String atOnce, Settings settings, boolean memory) {
    var text = new StringBuilder("Time: " + settings.roundsInWords());
    text.append(settings.warmUp() ? ", after a warm-up. " : ". ");
    text.append(atOnce);
    text.append("Auto is Tasks.auto(), which measures and chooses while it runs: its number is ");
    text.append("the last round's. ");
    text.append("Processes are warm JVMs, started before the rounds. ");
    text.append("Bar and %: share of the ideal, which is all waits overlapping and ");
    text.append(settings.cores()).append(" cores always busy. ");
    if (memory) text.append("MB: the most that a small JVM doing only this had resident.");
    return text.toString();
  }

  /** What is said before the user's own work is run. */
  void announce(Workload work, int rounds) {
    int ways = Way.of(work).size();
    int runs = rounds * ways;
    List<String> lines =
        Lines.wrapped(
            work.what()
                + ", at most "
                + work.limit()
                + " at once. Each runs "
                + runs
                + " times: "
                + rounds
                + " in each of "
                + ways
                + " ways. The first runs once more, to warm up.",
            COLUMNS);
    for (String line : lines) out.println(terminal.dim(line));
    out.println();
  }
}
