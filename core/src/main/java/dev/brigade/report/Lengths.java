package dev.brigade.report;

import java.util.Arrays;
import java.util.List;

/** How long tasks took: those that ended, shortest first. */
final class Lengths {
  final long[] sorted;

  private Lengths(long[] sorted) {
    this.sorted = sorted;
  }

  static Lengths of(List<Activity> work) {
    long[] all =
        work.stream()
            .filter(a -> a.ran() && a.ending != Activity.Ending.OPEN)
            .mapToLong(Activity::length)
            .toArray();
    Arrays.sort(all);
    return new Lengths(all);
  }

  boolean none() {
    return sorted.length == 0;
  }

  /** The length that this share of the tasks does not exceed; at least one task. */
  long quantile(double share) {
    int rank = (int) Math.ceil(share * sorted.length) - 1;
    return sorted[Math.clamp(rank, 0, sorted.length - 1)];
  }

  long longest() {
    return sorted[sorted.length - 1];
  }
}
