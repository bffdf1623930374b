package dev.brigade.report;

/** Draws how many tasks took how long: columns, with the median and the tail marked. */
final class DistributionChart {
  private static final int FEWEST = 12;
  private static final int MOST = 40;
  private static final int HEIGHT = 110;
  private static final int TOP = 30;

  /** From here on equal columns would show one full column and a desert. */
  private static final double UNEVEN = 25;

  private final Markup out;
  private final Lengths lengths;
  private final double low;
  private final double high;
  private final boolean logarithmic;
  private final int columns;

  private DistributionChart(Markup out, Lengths lengths) {
    this.out = out;
    this.lengths = lengths;
    this.columns = Math.clamp(2 * (long) Math.sqrt(lengths.sorted.length), FEWEST, MOST);
    double shortest = Math.max(1, lengths.sorted[0]);
    double longest = Math.max(shortest, lengths.longest());
    this.logarithmic = longest / Math.max(1, lengths.quantile(0.5)) > UNEVEN;
    this.low = logarithmic ? shortest / 1.05 : Math.max(0, shortest - (longest - shortest) * 0.05);
    this.high = Math.max(low * 1.0001 + 1, longest * (logarithmic ? 1.05 : 1.01));
  }

  static void draw(Markup out, Lengths lengths) {
    new DistributionChart(out, lengths).draw();
  }

  private double x(double nanos) {
    double share =
        logarithmic
            ? Math.log(Math.max(nanos, low) / low) / Math.log(high / low)
            : (nanos - low) / (high - low);
    return Math.clamp(share, 0, 1);
  }

  private double at(double x) {
    return logarithmic ? low * Math.pow(high / low, x) : low + x * (high - low);
  }

  private void draw() {
    var counts = new int[columns];
    int most = 1;
    for (long t : lengths.sorted) {
      int column = (int) Math.min(columns - 1, x(t) * columns);
      most = Math.max(most, ++counts[column]);
    }
    out.start("div", "plot flush")
        .start("svg")
        .attr("width", "100%")
        .attr("height", TOP + HEIGHT + 22);
    out.attr("role", "img");
    out.attr("aria-label", "How many tasks took how long; " + lengths.sorted.length + " in all.");
    out.start("g").attr("transform", "translate(0 " + TOP + ")");
    out.start("line", "floor").attr("x1", 0).attr("x2", "100%");
    out.attr("y1", HEIGHT).attr("y2", HEIGHT).end();
    for (int i = 0; i < columns; i++) if (counts[i] > 0) column(i, counts[i], most);
    ticks();
    double before = quantile("median", 0.5, -1);
    before = quantile("p90", 0.9, before);
    quantile("p99", 0.99, before);
    out.end().end().end();
  }

  private void column(int i, int count, int most) {
    double height = Math.max(1, (double) count / most * HEIGHT);
    out.start("rect", "column").percent("x", (i + 0.06) / columns).percent("width", 0.88 / columns);
    out.number("y", HEIGHT - height).number("height", height).attr("data-count", count);
    String range =
        Figures.nanos(at((double) i / columns)) + " to " + Figures.nanos(at((i + 1.0) / columns));
    out.element("title", Figures.count(count, "task") + "\n" + range).end();
  }

  private void ticks() {
    if (logarithmic) {
      double decades = Math.log10(high / low);
      for (long t = 1; t <= high && t <= Long.MAX_VALUE / 10; t *= 10)
        for (int by : decades < 2.5 ? new int[] {1, 2, 5} : new int[] {1}) tick(t * by);
      return;
    }
    long step = Axis.timeStep((long) (high - low), 4);
    for (long t = (long) Math.ceil(low / step) * step; t <= high; t += step) tick(t);
  }

  private void tick(long nanos) {
    double x = x(nanos);
    if (nanos < low || nanos > high || x > 0.985) return;
    out.start("text", "under").percent("x", x).attr("y", HEIGHT + 17);
    out.attr("text-anchor", x < 0.03 ? "start" : x > 0.95 ? "end" : "middle");
    out.text(Figures.tick(nanos)).end();
  }

  /** A line at a quantile; its label is left out where it would cover the one before. */
  private double quantile(String name, double share, double before) {
    long nanos = lengths.quantile(share);
    double x = x(nanos);
    out.start("g", "quantile").start("line").percent("x1", x).percent("x2", x);
    out.attr("y1", -8).attr("y2", HEIGHT).end();
    boolean room = x - before > 0.28 || before < 0;
    if (room) {
      out.start("text").percent("x", x).attr("y", -13);
      out.attr("text-anchor", x < 0.15 ? "start" : x > 0.85 ? "end" : "middle");
      out.text(name + " " + Figures.nanos(nanos)).end();
    }
    out.end();
    return room ? x : before;
  }
}
