package dev.brigade.report;

import java.util.Arrays;

/**
 * Draws how long each task took, by when it began; or, of many, the spread in slices of the time.
 */
final class LatencyChart {
  private static final int HEIGHT = 150;
  private static final int TOP = 14;
  private static final int DOTS = 1_000;
  private static final int SLICES = 60;

  /** From here on the longest would press all others to the floor. */
  private static final double UNEVEN = 25;

  private final Markup out;
  private final History history;
  private final long scale;
  private final double low;
  private final double high;
  private final boolean logarithmic;

  private LatencyChart(Markup out, History history, Lengths lengths) {
    this.out = out;
    this.history = history;
    this.scale = Math.max(1, history.nanos);
    this.high = Math.max(1, lengths.longest()) * 1.05;
    double usual = Math.max(1, lengths.quantile(0.5));
    this.logarithmic = high / usual > UNEVEN;
    this.low = logarithmic ? Math.max(1, Math.max(lengths.quantile(0.01), high / 1e6)) / 1.5 : 0;
  }

  static void draw(Markup out, History history, Lengths lengths) {
    new LatencyChart(out, history, lengths).draw();
  }

  private void draw() {
    out.start("div", "plot").start("svg").attr("width", "100%").attr("height", TOP + HEIGHT + 22);
    out.attr("role", "img").attr("aria-label", "How long each task took, by when it began.");
    out.start("g").attr("transform", "translate(0 " + TOP + ")");
    TimelineChart.axis(out, scale, HEIGHT, false, true);
    levels();
    long dots = history.work.stream().filter(LatencyChart::drawn).count();
    if (dots <= DOTS) dots();
    else bands();
    out.end().end().end();
    var legend = new Legend(out);
    if (dots > DOTS) {
      legend.key("band", "the middle half of the tasks").key("faint", "all but the longest tenth");
      legend.key("edge", "the longest").end();
      return;
    }
    legend.key("dot", "a task");
    if (history.work.stream().anyMatch(a -> drawn(a) && a.ending != Activity.Ending.SUCCESS))
      legend.key("cross", "one that failed or was cancelled");
    legend.end();
  }

  private static boolean drawn(Activity a) {
    return a.ran() && a.ending != Activity.Ending.OPEN;
  }

  private double y(double nanos) {
    double share =
        logarithmic ? Math.log(Math.max(nanos, low) / low) / Math.log(high / low) : nanos / high;
    return HEIGHT * (1 - share);
  }

  private void levels() {
    if (!logarithmic) {
      long step = Axis.timeStep((long) high, 4);
      for (long t = step; t <= high; t += step) level(t);
      return;
    }
    for (long t = 1; t <= high && t <= Long.MAX_VALUE / 10; t *= 10) if (t >= low) level(t);
  }

  private void level(long nanos) {
    double y = Math.round(y(nanos) * 10) / 10.0;
    out.start("g", "level").start("line").attr("x1", 0).attr("x2", "100%");
    out.number("y1", y).number("y2", y).end();
    out.start("text")
        .attr("x", -8)
        .number("y", y + 4)
        .attr("text-anchor", "end")
        .text(Figures.tick(nanos))
        .end()
        .end();
  }

  private void dots() {
    for (Activity a : history.work) {
      if (!drawn(a)) continue;
      double x = (double) a.started / scale;
      double y = Math.round(y(a.length()) * 10) / 10.0;
      if (a.ending == Activity.Ending.SUCCESS) {
        out.start("circle", "dot").percent("cx", x).number("cy", y).number("r", 2.5);
      } else {
        out.start("svg").percent("x", x).number("y", y).attr("overflow", "visible");
        out.start("path", "cross").attr("d", "M-3-3l6 6M3-3l-6 6");
      }
      out.element("title", a.name + "\n" + Figures.nanos(a.length()) + " · " + history.words(a))
          .end();
      if (a.ending != Activity.Ending.SUCCESS) out.end();
    }
  }

  /** Of each slice of the time: the quarter, three quarters, nine tenths and the longest. */
  private void bands() {
    var slices = new long[SLICES][];
    var sizes = new int[SLICES];
    for (Activity a : history.work) if (drawn(a)) sizes[slice(a)]++;
    for (int i = 0; i < SLICES; i++) slices[i] = new long[sizes[i]];
    Arrays.fill(sizes, 0);
    for (Activity a : history.work) {
      if (!drawn(a)) continue;
      int s = slice(a);
      slices[s][sizes[s]++] = a.length();
    }
    for (int i = 0; i < SLICES; i++) {
      long[] s = slices[i];
      if (s.length == 0) continue;
      Arrays.sort(s);
      box("faint", i, s[0], s[(s.length - 1) * 9 / 10]);
      box("band", i, s[(s.length - 1) / 4], s[(s.length - 1) * 3 / 4]);
      double y = y(s[s.length - 1]);
      out.start("line", "edge")
          .percent("x1", (double) i / SLICES)
          .percent("x2", (i + 1.0) / SLICES);
      out.number("y1", y).number("y2", y).end();
    }
  }

  private int slice(Activity a) {
    return (int) Math.min(SLICES - 1, (double) a.started / scale * SLICES);
  }

  private void box(String cssClass, int slice, long from, long to) {
    double y = y(to);
    out.start("rect", cssClass).percent("x", (double) slice / SLICES).number("y", y);
    out.percent("width", 0.92 / SLICES).number("height", Math.max(1, y(from) - y)).end();
  }
}
