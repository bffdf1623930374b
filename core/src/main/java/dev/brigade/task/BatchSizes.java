package dev.brigade.task;

/*
 * Design. A batch should run so long that what it costs to send is a twentieth of it. Both are
 * measured: the cost of sending has a part for the batch, which the size is to make small, and one
 * for each item, which no size can. The former is taken as the average of what is measured, but no
 * more than LEAST_TIMES the least one, since in large batches the items' part would hide in it and
 * make the next ones larger without end. All else is the items'.
 *
 * A few cheap items first must not make a huge batch of dear ones: a batch is at most GROWTH times
 * as large as one that has ended. Towards the end of a known number batches shrink, so that all
 * places end together; where the number is not known, they can't.
 *
 * Guarded by the monitor: all but `size`.
 */
/** How many items go into the next batch of one map, found from what the ended ones cost. */
final class BatchSizes {
  static final int MOST = 65_536;
  private static final int GROWTH = 4;
  private static final int RUN_TIMES = 20;
  private static final int LEAST_TIMES = 2;

  /** What is thought to be the cost of sending where an engine does not tell it. */
  private static final long UNKNOWN_NANOS = 50_000;

  /** Longer than anything, and far from where sums overflow. */
  private static final long LONGEST = Long.MAX_VALUE >> 8;

  private volatile int size = 1;
  private double overhead;
  private double least;
  private double each;
  private long largest;

  /** For items whose number is not known. */
  int next() {
    return size;
  }

  /** As long as this many remain, of which other places want their part. */
  int next(int remaining, int width) {
    return (int) Math.max(1, Math.min(size, remaining / (2L * width)));
  }

  /** How long the next batch should last. */
  synchronized long nanos() {
    return (long) (RUN_TIMES * fixed());
  }

  /** A batch has ended whose cost was told. */
  synchronized void ended(int items, long runNanos, long overheadNanos) {
    double run = Math.clamp(runNanos, 0, LONGEST);
    double over = Math.clamp(overheadNanos, 1, LONGEST);
    boolean first = largest == 0;
    overhead = first ? over : (3 * overhead + over) / 4;
    least = first ? over : Math.min(least, over);
    double now = Math.max(1, (run + Math.max(0, over - fixed())) / items);
    each = first ? now : (each + now) / 2;
    largest = Math.max(largest, items);
    double wanted = RUN_TIMES * fixed() / each;
    size = (int) Math.max(1, Math.min(wanted, Math.min(MOST, GROWTH * largest)));
  }

  /** A batch has ended of which only the whole time is known. */
  void ended(int items, long wallNanos) {
    ended(items, wallNanos - UNKNOWN_NANOS, UNKNOWN_NANOS);
  }

  private double fixed() {
    return Math.min(overhead, LEAST_TIMES * least);
  }
}
