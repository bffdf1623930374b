package dev.brigade.cli.compare;

import dev.brigade.auto.Advice;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one way of running took.
 *
 * @param way which
 * @param atOnce how many items it had in progress at most; where that was found out while it ran,
 *     in the end of the last round
 * @param seconds of each round
 * @param peakBytes the most memory that a process which did only this had, if measured
 * @param startSeconds what came before all rounds and is not in their times, for ways that need it
 * @param advice what was chosen in each round and why; empty for ways that do not choose
 */
record Measured(
    Way way,
    int atOnce,
    List<Double> seconds,
    Optional<Long> peakBytes,
    Optional<Double> startSeconds,
    List<Advice> advice) {

  double median() {
    double[] sorted = seconds.stream().mapToDouble(s -> s).toArray();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double best() {
    return seconds.stream().mapToDouble(s -> s).min().orElseThrow();
  }

  double worst() {
    return seconds.stream().mapToDouble(s -> s).max().orElseThrow();
  }
}
