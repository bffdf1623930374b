package dev.brigade.cli.compare;

import dev.brigade.cli.terminal.Bar;
import dev.brigade.cli.terminal.Figures;
import dev.brigade.cli.terminal.Terminal;
import dev.brigade.cli.terminal.Timeline;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints the comparison for people, in at most 80 columns. */
public final class Report {
  private static final int COLUMNS = 78;
  private static final int BAR = 26;
  private static final int TIMELINE = 48;

  private final Terminal terminal;
  private final PrintStream out;

  /** On the terminal's standard output. */
  public Report(Terminal terminal) {
    this.terminal = terminal;
    this.out = terminal.out();
  }

  /** The two pictures, to the same scale. */
  void timelines(Timeline one, Timeline several, int cores) {
    long nanosPerColumn = Math.max(1, Math.max(one.nanos(), several.nanos()) / TIMELINE);
    picture("One cook takes turns", one, nanosPerColumn);
    picture("Several cooks at once", several, nanosPerColumn);
    int events = one.events() + several.events();
    String legend = "█ at work  ░ waiting for a cook   drawn from " + events + " events";
    out.println(terminal.dim("            " + legend));
    double gain = (double) one.nanos() / several.nanos();
    String both = Figures.factor(gain) + " as fast, on " + cores + " cores.";
    out.println("  " + terminal.green("→ The same two tasks, the same steps: " + both));
    out.println();
  }

  private void picture(String title, Timeline timeline, long nanosPerColumn) {
    int threads = timeline.threads().size();
    String on = " (" + threads + (threads == 1 ? " thread)" : " threads)");
    String time = Figures.seconds(timeline.nanos() / 1e9);
    out.println(terminal.bold(title) + on + pad(title + on, time) + time);
    for (String line : timeline.lines(nanosPerColumn)) out.println("    " + line);
  }

  /** One kind of work. */
  void comparison(Comparison c) {
    String ideal = "ideal " + Figures.factor(c.ideal());
    String title = c.kind() + "  ";
    String what = shortened(c.what(), COLUMNS - title.length() - ideal.length() - 2);
    out.println(terminal.bold(title) + what + pad(title + what, ideal) + terminal.dim(ideal));
    for (Measured m : c.ways()) out.println(row(c, m));
    boolean first = true;
    for (String line : wrapped(Lesson.of(c), COLUMNS - 4)) {
      out.println(terminal.green((first ? "  → " : "    ") + line));
      first = false;
    }
    out.println();
  }

  private String row(Comparison c, Measured m) {
    String label = m.way().label() + (m.way() == Way.SEQUENTIAL ? "" : " (" + m.atOnce() + ")");
    String memory = m.peakBytes().map(Figures::megabytes).orElse("");
    return String.format(
        Locale.ROOT,
        "  %-14s %8s %7s  %s %6s %8s",
        label,
        Figures.seconds(m.median()),
        Figures.factor(c.speedUp(m)),
        terminal.cyan(Bar.of(c.shareOfIdeal(m), BAR)),
        Figures.percent(c.shareOfIdeal(m)),
        memory);
  }

  /** What the columns mean, and how it was measured. */
  void explanation(Settings settings, boolean memory) {
    var text = new StringBuilder("Time: " + settings.roundsInWords());
    text.append(settings.warmUp() ? ", after a warm-up. " : ", without a warm-up. ");
    text.append("In parentheses: at most so many at once. ");
    text.append("Bar and %: share of the ideal, which is what full overlap of all waits and ");
    text.append(settings.cores()).append(" busy cores would give. ");
    if (memory) text.append("MB: the most that a small JVM doing only this had resident.");
    for (String line : wrapped(text.toString(), COLUMNS - 2))
      out.println(terminal.dim("  " + line));
  }

  private static String pad(String left, String right) {
    return " ".repeat(Math.max(1, COLUMNS - left.length() - right.length()));
  }

  private static String shortened(String text, int columns) {
    return text.length() <= columns ? text : text.substring(0, columns - 1) + "…";
  }

  /** Breaks text between words. */
  static List<String> wrapped(String text, int columns) {
    var lines = new ArrayList<String>();
    var line = new StringBuilder();
    for (String word : text.strip().split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > columns) {
        lines.add(line.toString());
        line.setLength(0);
      }
      if (!line.isEmpty()) line.append(' ');
      line.append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
