package dev.brigade.policy;

import java.util.Arrays;

/**
 * One quantile of the last so many latencies, by nearest rank (Hyndman and Fan, Sample Quantiles in
 * Statistical Packages, The American Statistician 1996, definition 1). Sorted anew after every
 * sixteenth of them, so it is exact of what was there then, and costs little. Estimators that keep
 * no samples (Jain and Chlamtac's P²) were not taken: they do not forget.
 */
final class RecentLatencies {
  private final double quantile;
  private final int minimum;
  private final long[] ring;
  private int next;
  private int size;
  private int sinceSorted;
  private volatile long value = -1;

  RecentLatencies(double quantile) {
    if (!(quantile > 0 && quantile < 1))
      throw new IllegalArgumentException(
          "quantile must be more than 0 and less than 1, but was " + quantile);
    this.quantile = quantile;
    double above = 1 / (1 - quantile);
    this.minimum = (int) Math.clamp(Math.ceil(above - 1e-6), 20, 1_000);
    this.ring = new long[(int) Math.clamp(10 * above, 256, 10_000)];
  }

  /** Below it lies the share asked for; -1 while there are too few to tell. */
  long nanos() {
    return value;
  }

  double quantile() {
    return quantile;
  }

  synchronized void add(long nanos) {
    ring[next] = Math.max(0, nanos);
    next = next + 1 == ring.length ? 0 : next + 1;
    if (size < ring.length) size++;
    if (size < minimum || value >= 0 && ++sinceSorted < ring.length / 16) return;
    sinceSorted = 0;
    long[] sorted = Arrays.copyOf(ring, size);
    Arrays.sort(sorted);
    value = sorted[Math.max(0, (int) Math.ceil(quantile * size) - 1)];
  }
}
