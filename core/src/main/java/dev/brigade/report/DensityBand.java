package dev.brigade.report;

import dev.brigade.report.Lanes.Lane;
import java.util.List;

/**
 * Draws many rows as one band: how many of them were at work, and how many of those waited, in each
 * of a few hundred slices of the time; and where something failed.
 */
final class DensityBand {
  /** As many bands as a chart may have. */
  static final int MOST = 24;

  static final int ROW = 20;
  private static final int HEIGHT = 17;
  private static final int SLICES = 240;

  private DensityBand() {}

  static void draw(Markup out, List<Lane> lanes, int y, long scale) {
    var busy = new double[SLICES];
    var waiting = new double[SLICES];
    var failed = new int[SLICES];
    long bars = 0;
    for (Lane lane : lanes)
      for (Activity a : lane.work) {
        if (!a.ran()) continue;
        bars++;
        add(busy, a.started, a.ended, scale);
        for (Activity.Wait w : a.waits) add(waiting, w.from(), w.to(), scale);
        if (a.ending == Activity.Ending.FAILED) failed[slice(a.ended, scale)]++;
      }
    out.start("svg").attr("y", y + 1).attr("width", "100%").attr("height", HEIGHT);
    out.attr("viewBox", "0 0 " + SLICES + " 1").attr("preserveAspectRatio", "none");
    out.attr("data-lanes", lanes.size()).attr("data-bars", bars);
    out.start("path", "band").attr("d", steps(busy, lanes.size())).end();
    out.start("path", "band wait").attr("d", steps(waiting, lanes.size())).end();
    var crosses = new StringBuilder();
    for (int i = 0; i < SLICES; i++)
      if (failed[i] > 0) crosses.append('M').append(i).append(" 0v.45");
    if (!crosses.isEmpty()) out.start("path", "hit").attr("d", crosses.toString()).end();
    out.element("title", Figures.count(bars, "task") + " in " + Figures.count(lanes.size(), "row"));
    out.end();
  }

  private static int slice(long at, long scale) {
    return (int) Math.min(SLICES - 1, (double) at / scale * SLICES);
  }

  /** To each slice the share of it that the time covers. */
  private static void add(double[] slices, long from, long to, long scale) {
    double a = (double) from / scale * SLICES;
    double b = (double) to / scale * SLICES;
    for (int i = (int) a; i < SLICES && i < b; i++)
      slices[i] += Math.min(i + 1, b) - Math.max(i, a);
  }

  private static String steps(double[] slices, double most) {
    var path = new StringBuilder("M0 1");
    double before = 0;
    for (int i = 0; i < slices.length; i++) {
      double height = Math.round(slices[i] / most * 100) / 100.0;
      if (height != before) {
        path.append('H').append(i).append('V');
        Markup.decimal(path, 1 - height);
      }
      before = height;
    }
    return path.append("H").append(slices.length).append("V1z").toString();
  }
}
