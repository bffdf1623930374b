package dev.brigade.storm;

import java.util.Arrays;

/** Grants with their times and weights, and the exact check of every interval. */
final class Grants {
  private long[] times = new long[1024];
  private int[] weights = new int[1024];
  private int size;

  void add(long time, int weight) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      weights = Arrays.copyOf(weights, size * 2);
    }
    times[size] = time;
    weights[size++] = weight;
  }

  void addAll(Grants other) {
    for (int i = 0; i < other.size; i++) add(other.times[i], other.weights[i]);
  }

  int size() {
    return size;
  }

  long weight() {
    long sum = 0;
    for (int i = 0; i < size; i++) sum += weights[i];
    return sum;
  }

  private Grants sorted() {
    var order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> Long.compare(times[a], times[b]));
    var sorted = new Grants();
    for (int i : order) sorted.add(times[i], weights[i]);
    return sorted;
  }

  /** Every half-open interval of this length holds at most so many. */
  void checkWindow(int most, long nanos) {
    Grants g = sorted();
    long inside = 0;
    for (int first = 0, end = 0; end < g.size; end++) {
      inside += g.weights[end];
      // The largest interval that ends with this grant.
      while (g.times[end] - g.times[first] >= nanos) inside -= g.weights[first++];
      if (inside > most)
        throw new AssertionError(
            inside + " grants within " + nanos + " ns up to " + g.times[end] + ", of " + most);
    }
  }

  /** Every closed interval holds at most the burst and what the rate gives for its length. */
  void checkBucket(int permits, long perNanos, int burst) {
    Grants g = sorted();
    // In units of 1 / perNanos of a grant. The excess of an interval is the difference of its
    // ends'.
    long before = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < g.size; i++) {
      long brought = Math.multiplyExact(permits, g.times[i]);
      least = Math.min(least, before - brought);
      before += Math.multiplyExact(perNanos, g.weights[i]);
      if (before - brought - least > burst * perNanos)
        throw new AssertionError(
            "more than " + burst + " and the rate up to " + g.times[i] + " ns");
    }
  }
}
