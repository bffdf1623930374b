package dev.brigade.report;

import dev.brigade.report.Lanes.Lane;
import java.util.ArrayList;
import java.util.List;

/*
 * Design. Widths are shares of the time shown, heights are pixels: so a chart fits any width, and
 * its text does not shrink with it. Each bar says in its attributes what it shows.
 */
/** Draws who was at work when, a row for each lane. */
final class TimelineChart {
  private static final int ROW = 22;
  private static final int BAR = 14;
  private static final int CLOSE_ROW = 16;
  private static final int CLOSE_BAR = 11;

  /** From so many rows on they stand closer. */
  private static final int MANY = 20;

  private static final int THIN_ROW = 5;
  private static final int THIN_BAR = 4;
  private static final int AXIS = 22;
  private static final int NO_AXIS = 6;
  private static final int TICKS = 5;
  private static final int FINE = 5;

  private final Markup out;
  private final History history;
  private final Lanes lanes;
  private final long scale;
  private final Scale shown;
  private final boolean thin;
  private final int row;
  private final int bar;

  /**
   * How it is shown.
   *
   * @param nanos what the whole width stands for
   * @param thin whether rows are only lines, without labels
   * @param times whether the times are written under it
   */
  record Scale(long nanos, boolean thin, boolean times) {}

  private TimelineChart(Markup out, History history, Lanes lanes, Scale shown) {
    this.out = out;
    this.history = history;
    this.lanes = lanes;
    this.shown = shown;
    this.scale = Math.max(1, shown.nanos);
    this.thin = shown.thin;
    boolean close = lanes.count() > MANY;
    this.row = thin ? THIN_ROW : close ? CLOSE_ROW : ROW;
    this.bar = thin ? THIN_BAR : close ? CLOSE_BAR : BAR;
  }

  static void draw(Markup out, History history, Lanes lanes, Scale scale, String description) {
    new TimelineChart(out, history, lanes, scale).draw(description);
  }

  private void draw(String description) {
    boolean exact = lanes.drawable();
    List<Row> rows = exact ? rows() : bands();
    int each = exact ? row : DensityBand.ROW;
    int height = rows.size() * each + (shown.times ? AXIS : NO_AXIS);
    out.start("div", thin ? "lanes bare" : "lanes");
    if (!thin) {
      out.start("ol", "labels").attr("aria-hidden", "true").attr("style", "--row:" + each + "px");
      for (Row r : rows) out.start("li").start("bdi").text(r.label).end().end();
      out.end();
    }
    out.start("div", "track").start("div", "zoomed");
    out.start("svg").attr("width", "100%").attr("height", height).attr("role", "img");
    out.attr("aria-label", description);
    out.attr("data-origin", history.origin).attr("data-nanos", scale);
    if (exact) out.attr("data-exact", "true");
    out.line();
    axis(out, scale, rows.size() * each, true, shown.times);
    for (int i = 0; i < rows.size(); i++) {
      if (exact) lane(rows.get(i).lanes.getFirst(), i);
      else DensityBand.draw(out, rows.get(i).lanes, i * DensityBand.ROW, scale);
      out.line();
    }
    out.end().end().end().end();
  }

  private record Row(String label, List<Lane> lanes) {}

  private List<Row> rows() {
    var rows = new ArrayList<Row>();
    for (Lane lane : lanes.all)
      rows.add(
          new Row(lane.label.isEmpty() ? "place " + (rows.size() + 1) : lane.label, List.of(lane)));
    return rows;
  }

  private List<Row> bands() {
    int each = Math.ceilDiv(lanes.count(), DensityBand.MOST);
    var rows = new ArrayList<Row>();
    for (int from = 0; from < lanes.count(); from += each) {
      List<Lane> some = lanes.all.subList(from, Math.min(lanes.count(), from + each));
      String label = some.getFirst().label;
      if (some.size() > 1) label = (from + 1) + " – " + (from + some.size());
      else if (label.isEmpty()) label = "place " + (from + 1);
      rows.add(new Row(label, some));
    }
    return rows;
  }

  /** Vertical lines at round times; the finer ones are for when the chart is enlarged. */
  static void axis(Markup out, long scale, int bottom, boolean enlarges, boolean times) {
    long step = Axis.timeStep(scale, TICKS);
    long fine = enlarges ? Math.max(1, step / FINE) : step;
    for (long t = 0; t <= scale; t += fine) {
      boolean coarse = t % step == 0;
      out.start("g", coarse ? "tick" : "tick fine");
      double x = (double) t / scale;
      out.start("line")
          .percent("x1", x)
          .percent("x2", x)
          .attr("y1", 0)
          .attr("y2", bottom + 4)
          .end();
      if (times) {
        String anchor = t == 0 ? "start" : x > 0.97 ? "end" : "middle";
        out.start("text").percent("x", x).attr("y", bottom + 17).attr("text-anchor", anchor);
        out.text(Figures.tick(t)).end();
      }
      out.end();
      if (t > Long.MAX_VALUE - fine) break;
    }
  }

  private void lane(Lane lane, int index) {
    int y = index * row + (row - bar) / 2;
    long free = 0;
    for (Activity a : lane.work) {
      if (lanes.byTask && a.forked != Activity.NEVER) {
        long from = Math.max(free, a.forked);
        long to = a.ran() ? a.started : a.ended;
        if (to > from || !a.ran()) queued(a, from, to, y);
      }
      if (a.ran()) ran(a, y);
      free = a.ended;
    }
  }

  private void queued(Activity a, long from, long to, int y) {
    bar(a, "queue", a.ran() ? "queue" : "queue never", from, to, y);
    String end = a.ran() ? "" : ", and never began: " + history.words(a);
    title(
        a.name
            + "\nwaited "
            + Figures.nanos(to - from)
            + " to begin, from "
            + Figures.nanos(from)
            + end);
  }

  private void ran(Activity a, int y) {
    bar(a, "run", "run " + cssClass(a.ending), a.started, a.ended, y);
    var text = new StringBuilder(a.name).append('\n').append(Figures.nanos(a.length()));
    text.append(" from ").append(Figures.nanos(a.started)).append(" · ").append(history.words(a));
    if (a.why != null && a.ending != Activity.Ending.SUCCESS) text.append(" · ").append(a.why);
    if (!a.waits.isEmpty()) text.append("\nof it waited ").append(Figures.nanos(a.waited()));
    text.append("\non ").append(a.thread.isEmpty() ? a.engine : a.thread);
    for (Activity.Mark m : a.marks)
      text.append("\nat ").append(Figures.nanos(m.at())).append(": ").append(m.what());
    title(text.toString());
    for (Activity.Wait w : a.waits) {
      bar(a, "wait", "wait", w.from(), w.to(), y);
      String what = w.what().isEmpty() ? "" : " for " + w.what();
      title(a.name + "\nwaited " + Figures.nanos(w.to() - w.from()) + what);
    }
    for (Activity.Mark m : a.marks) mark(a, m, y);
  }

  static String cssClass(Activity.Ending ending) {
    return switch (ending) {
      case SUCCESS -> "good";
      case FAILED -> "failed";
      case CANCELLED -> "cancelled";
      case OPEN -> "open";
    };
  }

  /** Begins a bar, which its title ends. */
  private void bar(Activity a, String kind, String cssClass, long from, long to, int y) {
    out.start("rect", cssClass).percent("x", share(from)).attr("y", y);
    out.percent("width", share(to - from)).attr("height", bar);
    out.attr("data-task", a.number).attr("data-kind", kind);
    out.attr("data-start", from).attr("data-end", to);
    if (kind.equals("run")) out.attr("data-outcome", a.ending.name());
  }

  private void title(String text) {
    out.element("title", text).end();
  }

  /** A small triangle above the bar. */
  private void mark(Activity a, Activity.Mark m, int y) {
    out.start("svg").percent("x", share(m.at())).attr("y", y - 4).attr("overflow", "visible");
    out.start("path", "mark").attr("d", "M-4 0h8l-4 6z").attr("data-mark", a.number);
    out.attr("data-at", m.at());
    out.element("title", a.name + "\nat " + Figures.nanos(m.at()) + ": " + m.what()).end().end();
  }

  private double share(long nanos) {
    return (double) nanos / scale;
  }
}
