package dev.brigade.policy;

/*
 * Design. Shares are counted by when something started, not by when it ended: an overload may take
 * many times as long as a good end, so after a step of the limit the ends are mixed quite otherwise than
 * the starts. Each overload brings its number with it, and the numbers between two overloads are
 * the starts between them.
 *
 * The base is what a Trial found to have nothing to do with the limit. It learns until it is known within
 * a tenth, and from then on only falls: what rises is tried anew.
 */
/**
 * The share of overloads, lately, and where they began. A few are no reason to move: any server has
 * some, and a limit just below a rate limit needs some.
 */
final class Rejections {
  static final double NO_CEILING = Double.POSITIVE_INFINITY;
  static final double TOLERATED = 0.02;
  private static final int FEW = 3;
  private static final int HORIZON = 200;

  private static final double MOST_DEBT = 10;
  private static final double PAID_BY_GOOD = 0.03;

  /** To begin with, more: by so many a share is known well enough to compare with. */
  private static final int MORE = 6;

  /** Where load was proven to make overloads, up to here below. */
  private static final double NEAR = 0.75;

  /** More than the base is what is apart from it by so many errors. */
  private static final double ERRORS = 4;

  /** The base is known within a tenth. */
  private static final int LEARNT = 100;

  /** Half of so many, by chance, is out of the question. */
  private static final double EVIDENCE = 64;

  private double share;
  private long latest;

  /** Since the last back-off. */
  private double startsHere;

  private double overloadsHere;

  /** The share that has nothing to do with the limit, and from how many overloads it is known. */
  private double base;

  private double learnt;

  /** Since the base was last looked at. */
  private double starts;

  private double overloads;

  /** A limit above which overloads are made by the load, or 0. */
  private double proven;

  /** Rejections that good ends have not paid for yet: growth waits for that. */
  private double debt;

  private double wasted;
  private int inWindow;
  private double ceiling = NO_CEILING;

  void good() {
    debt = Math.max(0, debt - PAID_BY_GOOD - base);
  }

  /**
   * Notes one, and says whether they are too many by now.
   *
   * @param number its place among all that started
   */
  boolean tooMany(double limit, long number) {
    seen(limit, number);
    double horizon = horizon(limit);
    double excess = share(limit) - base;
    return excess > TOLERATED
        && share * horizon > (proven(limit) ? FEW : MORE) - 0.5
        && excess > ERRORS * Math.sqrt(base / (2 * horizon) + baseVariance());
  }

  /** How uncertain the base is: its variance. */
  private double baseVariance() {
    return base > 0 ? base * base / learnt : 0;
  }

  /** How much of the overloads is more than the base. */
  double excessOf(double limit) {
    double now = share(limit);
    return now > 0 ? Math.max(0, 1 - base / now) : 1;
  }

  private double share(double limit) {
    return Math.min(1, share * Math.max(1, horizon(limit) / latest));
  }

  /** The share since the last back-off. The last one made it too many: it is not typical. */
  double shareHere() {
    return Math.max(0, overloadsHere - 1) / Math.max(1, startsHere - 1);
  }

  double startsHere() {
    return startsHere;
  }

  /** Backing off from this limit made them fewer. */
  void prove(double limit) {
    proven = limit;
  }

  boolean proven(double limit) {
    return proven > 0 && limit > NEAR * proven;
  }

  /** After backing off: what was sent before is not held against the new limit. */
  void forget(long started) {
    latest = Math.max(latest, started);
    share = base;
    startsHere = overloadsHere = 0;
  }

  /** A share that the limit has nothing to do with. */
  void tolerate(double shareOfAll, double ofOverloads) {
    learnt = Math.max(1, ofOverloads);
    base = share = shareOfAll;
    debt = 0;
    proven = 0;
    starts = overloads = 0;
  }

  boolean fewEnoughToGrow() {
    return debt < 1;
  }

  private void seen(double limit, long number) {
    double horizon = horizon(limit);
    double since = Math.max(0, number - latest);
    latest = Math.max(latest, number);
    share = share * Math.exp(-since / horizon) + 1 / horizon;
    startsHere += since;
    overloadsHere++;
    if (startsHere > 2 * horizon) {
      startsHere /= 2;
      overloadsHere /= 2;
    }
    if (base > 0 && learnt < LEARNT) {
      base = (learnt + 1) / (learnt / base + since);
      learnt++;
    }
    starts += since;
    overloads++;
    if (base * starts >= EVIDENCE) {
      // It only ever falls by itself: if overloads get more, whether to tolerate that is tried
      // anew.
      if (overloads < base * starts / 2) base = overloads / starts;
      starts = overloads = 0;
    }
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

  /** The share that is tolerated whatever the limit; 0 if there is none. */
  double base() {
    return base;
  }

  void noCeiling() {
    ceiling = NO_CEILING;
  }
}
