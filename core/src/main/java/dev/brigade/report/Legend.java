package dev.brigade.report;

import java.util.Collection;
import java.util.function.Predicate;

/** Says what the signs in a chart mean: only those that it has. */
final class Legend {
  private final Markup out;

  /** Begins one; {@link #end} ends it. */
  Legend(Markup out) {
    this.out = out;
    out.start("ul", "legend");
  }

  void end() {
    out.end();
  }

  /** A sample and what it means. */
  Legend key(String sign, String meaning) {
    out.start("li").start("svg").attr("width", 18).attr("height", 12).attr("aria-hidden", "true");
    switch (sign) {
      case "edge" ->
          out.start("line", sign).attr("x1", 0).attr("x2", 18).attr("y1", 6).attr("y2", 6).end();
      case "dot" -> out.start("circle", sign).attr("cx", 9).attr("cy", 6).attr("r", 3).end();
      case "cross" -> out.start("path", sign).attr("d", "M6 3l6 6M12 3l-6 6").end();
      case "hit" -> out.start("path", sign).attr("d", "M9 0v7").end();
      case "mark" -> out.start("path", sign).attr("d", "M5 2h8l-4 7z").end();
      default -> out.start("rect", sign).attr("width", 18).attr("height", 12).end();
    }
    out.end().text(meaning).end();
    return this;
  }

  /** Of bars that are drawn one by one. */
  static void ofBars(Markup out, Collection<History> histories, boolean byTask) {
    var legend = new Legend(out);
    if (any(histories, a -> a.ran() && a.ending == Activity.Ending.SUCCESS))
      legend.key("run good", "at work");
    if (any(histories, a -> !a.waits.isEmpty())) legend.key("wait", "waiting in the library");
    if (byTask
        && any(histories, a -> a.forked != Activity.NEVER && a.ran() && a.started > a.forked))
      legend.key("queue", "waiting to begin");
    if (byTask && any(histories, a -> !a.ran())) legend.key("queue never", "never began");
    if (any(histories, a -> a.ran() && a.ending == Activity.Ending.FAILED))
      legend.key("run failed", "failed");
    if (any(histories, a -> a.ran() && a.ending == Activity.Ending.CANCELLED))
      legend.key("run cancelled", "cancelled");
    if (any(histories, a -> a.ran() && a.ending == Activity.Ending.OPEN))
      legend.key("run open", "end not seen");
    if (any(histories, a -> a.ran() && !a.marks.isEmpty()))
      legend.key("mark", "asked to stop, retried and the like");
    legend.end();
  }

  /** Of bands that stand for many rows. */
  static void ofBands(Markup out, Collection<History> histories) {
    var legend = new Legend(out).key("band", "share of the rows at work");
    if (any(histories, a -> !a.waits.isEmpty())) legend.key("wait-ink", "waiting in the library");
    if (any(histories, a -> a.ending == Activity.Ending.FAILED)) legend.key("hit", "a failure");
    legend.end();
  }

  private static boolean any(Collection<History> histories, Predicate<Activity> what) {
    for (History h : histories) if (h.work.stream().anyMatch(what)) return true;
    return false;
  }
}
