package dev.brigade.process;

/**
 * How long tasks run and how long the way there and back takes, as moving averages. Written by
 * several threads without a lock: a lost update does no harm.
 */
final class Pace {
  private static final int WEIGHT = 8;

  private volatile long runNanos = -1;
  private volatile long roundTripNanos = 20_000;

  void ran(long nanos, long sentNanos) {
    long before = runNanos;
    runNanos = before < 0 ? nanos : before + (nanos - before) / WEIGHT;
    long way = System.nanoTime() - sentNanos - nanos;
    // What was sent ahead waited in the worker too: only short ways tell.
    long average = roundTripNanos;
    if (way > 0 && way < 4 * average) roundTripNanos = average + (way - average) / WEIGHT;
  }

  /** How many tasks may be out on a lane so that they take about so long. */
  int ahead(long nanos) {
    long run = runNanos;
    if (run < 0) return 1;
    return (int) Math.min(Integer.MAX_VALUE, 1 + nanos / (run + 1_000));
  }

  long roundTripNanos() {
    return roundTripNanos;
  }
}
