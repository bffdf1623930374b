package dev.brigade.policy;

import org.jspecify.annotations.Nullable;

/**
 * Looks for the knee by large steps: up while goodput follows; if it does not from the beginning,
 * down until it does.
 */
final class Search implements Climb.Phase {
  /** Half-way between "follows" and "does not": the steps are large, so it is one or the other. */
  private static final double FOLLOWS = 0.5;

  /** Below this the first limit was too high already. */
  private static final double FLAT = 0.15;

  private static final double STILL_FLAT = 0.3;

  /** A little above the estimate: below the knee goodput is lost, above it only some latency. */
  private static final double HEADROOM = 1.1;

  private static final double FASTEST = 2;
  private static final double AFTER_RESTART = 1.5;
  private static final double MOST_PATIENCE = 4;

  private final Climb climb;
  private boolean down;
  private boolean first = true;
  private double factor = FASTEST;

  /** The window to compare with, and its limit; null before anything is measured. */
  private @Nullable Window before;

  private double limitBefore;

  Search(Climb climb) {
    this.climb = climb;
  }

  void anew(double from) {
    down = false;
    first = true;
    factor = AFTER_RESTART;
    before = null;
    climb.go(from);
  }

  void goOn(Window below, double from, double firstFactor) {
    down = false;
    first = false;
    factor = Math.min(FASTEST, firstFactor);
    before = below;
    limitBefore = from;
    climb.at(from);
    raise();
  }

  @Override
  public void measured(Window w) {
    if (before == null) {
      keep(w);
      raise();
    } else if (down) wentDown(before, w);
    else wentUp(before, w);
  }

  private void keep(Window w) {
    before = w.copy();
    limitBefore = climb.exactLimit();
  }

  private void wentUp(Window lower, Window w) {
    var e = climb.elasticity(lower, w);
    if (!e.apartFrom(FOLLOWS) && climb.wait(1.5, MOST_PATIENCE)) return;
    if (e.value() > FOLLOWS) {
      first = false;
      factor = Math.min(FASTEST, factor * factor);
      keep(w);
      climb.because("goodput follows up to " + climb.limit());
      raise();
    } else if (first && e.value() < FLAT && limitBefore > climb.least) {
      first = false;
      down = true;
      climb.go(Math.floor(limitBefore / 2));
    } else {
      // Little's law: (limit / limitBefore)^e is the gain of goodput, and below the knee the gain
      // of
      // goodput is the gain of the limit.
      double gain = Math.pow(climb.exactLimit() / limitBefore, Math.max(0, e.value()));
      climb.cruise(
          limitBefore * gain * HEADROOM,
          "goodput stopped following between " + (int) limitBefore + " and " + climb.limit());
    }
  }

  private void wentDown(Window higher, Window w) {
    var e = climb.elasticity(w, higher);
    if (!e.apartFrom(STILL_FLAT) && climb.wait(1.5, MOST_PATIENCE)) return;
    if (e.value() < STILL_FLAT && climb.exactLimit() > climb.least) {
      keep(w);
      climb.go(Math.floor(climb.exactLimit() / 2));
    } else {
      double gain = Math.pow(higher.inFlight() / w.inFlight(), Math.clamp(e.value(), 0, 1));
      climb.cruise(
          Math.min(climb.exactLimit() * 2, w.inFlight() * gain * HEADROOM),
          "goodput falls below " + (int) higher.inFlight());
    }
  }

  /** The next step up; half-way to a ceiling, if one is known. */
  private void raise() {
    double limit = climb.exactLimit();
    double ceiling = climb.rejections.ceiling();
    double to = Math.min(climb.most, limit * factor);
    if (ceiling != Rejections.NO_CEILING) to = Math.min(to, Math.floor((limit + ceiling) / 2));
    if (to >= Math.max(limit + 1, limit * 1.1)) climb.go(to);
    else if (limit >= climb.most) climb.cruise(limit, "goodput follows up to the most allowed");
    else climb.cruise(limit, "the server refuses at " + (int) ceiling);
  }

  @Override
  public void overloaded(int inFlight, double productive) {
    double limit = climb.exactLimit();
    if (before == null && !climb.tuning()) {
      // The very first ones came as a burst, which says little of what the server can bear.
      climb.backOff(Math.min(limit / 2, inFlight * 0.7));
      climb.because("the server refused at the beginning");
      return;
    }
    climb.rejections.ceiling(Math.max(climb.least + 1, Math.min(limit + 1, inFlight)));
    if (before != null && !down) {
      climb.backOff(Math.min(limitBefore, climb.rejections.ceiling() * 0.7));
      before = null;
      first = false;
      climb.because("the server refuses at " + inFlight);
    } else {
      climb.cruise(Cruise.lower(climb, productive), "the server refuses at " + inFlight);
    }
  }
}
