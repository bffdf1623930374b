package dev.brigade.report;

/** Draws how many were in progress, waiting and queued over time. */
final class ConcurrencyChart {
  private static final int HEIGHT = 120;
  private static final int TOP = 14;

  private ConcurrencyChart() {}

  static void draw(Markup out, History history) {
    long scale = Math.max(1, history.nanos);
    Levels running = Levels.inProgress(history.work);
    Levels waiting = Levels.waiting(history.work);
    Levels queued = Levels.queued(history.work);
    int top = Math.max(1, Math.max(running.peak, queued.peak));
    out.start("div", "plot").start("svg").attr("width", "100%").attr("height", TOP + HEIGHT + 22);
    out.attr("role", "img").attr("data-peak", running.peak);
    out.attr("aria-label", "In progress over time; " + running.peak + " at most.");
    out.start("g").attr("transform", "translate(0 " + TOP + ")");
    TimelineChart.axis(out, scale, HEIGHT, false, true);
    long step = Axis.step(top, 4);
    for (long level = step; level <= top; level += step) level(out, level, top);
    out.start("svg").attr("width", "100%").attr("height", HEIGHT).attr("overflow", "visible");
    out.attr("viewBox", "0 0 1000 100").attr("preserveAspectRatio", "none");
    out.start("path", "area").attr("d", running.path(scale, top)).end();
    if (waiting.peak > 0) out.start("path", "area wait").attr("d", waiting.path(scale, top)).end();
    if (queued.peak > 0) out.start("path", "edge").attr("d", queued.path(scale, top)).end();
    out.end().end().end().end();
    var legend = new Legend(out).key("area", "in progress");
    if (waiting.peak > 0) legend.key("wait-ink", "of these, waiting in the library");
    if (queued.peak > 0) legend.key("edge", "forked and not yet begun");
    legend.end();
  }

  private static void level(Markup out, long level, int top) {
    double y = HEIGHT - (double) level / top * HEIGHT;
    out.start("g", "level").start("line").attr("x1", 0).attr("x2", "100%");
    out.number("y1", y).number("y2", y).end();
    out.start("text")
        .attr("x", -8)
        .number("y", y + 4)
        .attr("text-anchor", "end")
        .text(Figures.whole(level))
        .end()
        .end();
  }
}
