package dev.brigade.task;

/*
 * Design. Pure: no clock is read. What is done here was measured before, alone; then the other engine
 * is alone, and is looked at slice by slice. Code that begins there is cold, and gets faster for a
 * while; so it is given up only when it has not become faster for some slices, or has had its time,
 * and is chosen when two slices running are clearly better.
 */
/** Whether an engine elsewhere does more items in the same time than this JVM. */
final class Comparison {
  /** From this gain on it is worth it. */
  static final double CLEAR = 1.1;

  private static final int BETTER_SLICES = 2;
  private static final int FLAT_SLICES = 3;
  private static final double FASTER = 1.1;

  private final double here;
  private final long mostNanos;
  private double best;
  private double latest;
  private double sinceItems;
  private double sinceNanos;
  private int better;
  private int flat;
  private long nanos;

  /** What to do after a slice. */
  enum Verdict {
    /** Look at another slice. */
    OPEN,
    /** The engine elsewhere is better. */
    THERE,
    /** It is not. */
    HERE
  }

  /**
   * With what is done here.
   *
   * @param here items for each nanosecond
   * @param mostNanos how long it may take
   */
  Comparison(double here, long mostNanos) {
    this.here = here;
    this.mostNanos = mostNanos;
  }

  /** So many items were done there in the next so many nanoseconds, more than zero. */
  Verdict slice(long items, long sliceNanos) {
    nanos += sliceNanos;
    latest = items / (double) sliceNanos;
    if (latest >= CLEAR * here) {
      sinceItems = better == 0 ? items : sinceItems + items;
      sinceNanos = better == 0 ? sliceNanos : sinceNanos + sliceNanos;
      better++;
    } else {
      better = 0;
    }
    flat = latest > FASTER * best ? 0 : flat + 1;
    best = Math.max(best, latest);
    if (better >= BETTER_SLICES) return Verdict.THERE;
    if (better > 0) return Verdict.OPEN;
    // Nothing has come back yet: its places may still be starting.
    boolean begun = best > 0;
    return begun && flat >= FLAT_SLICES || nanos >= mostNanos ? Verdict.HERE : Verdict.OPEN;
  }

  /** Items for each nanosecond there: in the slices that decided, or in the best one. */
  double there() {
    return better > 0 ? sinceItems / sinceNanos : best;
  }
}
