package dev.brigade.policy;

/**
 * The share of the ends that were overloads, lately, and where they began. A few are no reason to
 * move: any server has some, and a limit just below a rate limit needs some.
 */
final class Rejections {
  static final double NO_CEILING = Double.POSITIVE_INFINITY;
  private static final double TOLERATED = 0.02;
  private static final int FEW = 3;
  private static final int HORIZON = 200;

  private static final double MOST_DEBT = 10;
  private static final double PAID_BY_GOOD = 0.03;

  private double share;

  /** Rejections that good ends have not paid for yet: growth waits for that. */
  private double debt;

  private long seen;
  private double wasted;
  private int inWindow;
  private double ceiling = NO_CEILING;

  void good(double limit) {
    seen(0, limit);
    debt = Math.max(0, debt - PAID_BY_GOOD);
  }

  /** Notes one, and says whether they are too many by now. */
  boolean tooMany(double limit) {
    seen(1, limit);
    double horizon = horizon(limit);
    double corrected = share * Math.max(1, horizon / seen);
    return corrected > TOLERATED && share * horizon > FEW - 0.5;
  }

  /** After backing off: what was sent before is not held against the new limit. */
  void forget() {
    share = 0;
  }

  boolean fewEnoughToGrow() {
    return debt < 1;
  }

  private void seen(int rejected, double limit) {
    seen++;
    share += (rejected - share) / horizon(limit);
  }

  private static double horizon(double limit) {
    return Math.max(HORIZON, 8 * limit);
  }

  /** The time that overloads have taken since the window began. */
  double wasted() {
    return wasted;
  }

  /** How many since then. */
  int inWindow() {
    return inWindow;
  }

  /** Notes any, also one that is not counted because it was sent before the last back-off. */
  void waste(double nanos, double limit) {
    debt = Math.min(Math.max(MOST_DEBT, 4 * limit), debt + 1);
    wasted += nanos;
    inWindow++;
  }

  void newWindow() {
    wasted = 0;
    inWindow = 0;
  }

  /** The number in flight at which the server refused; remembered until it is proven too low. */
  double ceiling() {
    return ceiling;
  }

  void ceiling(double at) {
    ceiling = at;
  }

  void noCeiling() {
    ceiling = NO_CEILING;
  }
}
