package dev.brigade.policy;

/**
 * The arithmetic of a rate: how long until so much may be taken, counted from the grants so far.
 * Times are the limiter's own, which never go back. Not thread-safe: {@link Turns} guards it.
 */
abstract sealed class Pace permits WindowPace, BucketPace {
  /** It can't be said when: only once somebody who was let through has taken it or given it up. */
  static final long UNKNOWN = Long.MAX_VALUE;

  /** What is longer than any wait. */
  static final long FOREVER = Long.MAX_VALUE / 2;

  /** The longest period, and the longest time in which a bucket may fill: about 73 years. */
  static final long LONGEST = 1L << 61;

  /** The largest weight that can ever be taken. */
  abstract int most();

  /** How many grants there are each {@link #perNanos}. */
  abstract int permits();

  abstract long perNanos();

  /**
   * The nanoseconds until all of {@code weight} may be out at once, which counts what is in flight:
   * 0 for now, or {@link #UNKNOWN}.
   */
  abstract long untilFree(long now, long weight);

  /**
   * The least nanoseconds until {@code weight} can have been taken one after another, of which
   * {@code inFlight} comes first and may be taken now; at most {@link #FOREVER}.
   */
  abstract long atLeast(long now, int inFlight, long weight);

  /** Counts a grant. */
  abstract void stamp(long now, int weight);

  /** How much may be out now. */
  abstract int free(long now);

  /** The same with another rate, and what has been granted counted against it. */
  abstract Pace changed(int permits, long perNanos, long now);

  /** The same rate, of which nothing has been granted. */
  abstract Pace anew();
}
