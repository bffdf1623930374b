package dev.brigade.storm;

import dev.brigade.task.DeadlineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the rounds of a storm over pools of processes amounted to. */
final class ProcessTally {
  /**
   * What a pool may take beside timeout and grace is half a second; a storm leaves it less than a
   * processor, and says what it took.
   */
  private static final Duration MOST = Duration.ofSeconds(5);

  final Map<String, Integer> hits = new TreeMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private final List<Long> late = new ArrayList<>();
  private final List<Long> recoveries = new ArrayList<>();
  private long starts;
  private volatile long lagNanos;

  void ended(Errand e, List<Starts.Start> begun, Duration grace) {
    starts += begun.size();
    Throwable t = e.failure;
    String how = t == null ? "returned" : t.getClass().getSimpleName();
    int unused = ends.merge(how, 1, Integer::sum);
    Duration timeout = e.timeout;
    if (t instanceof DeadlineException && timeout != null && !begun.isEmpty()) {
      long over = e.endNanos - begun.getLast().nanos() - timeout.plus(grace).toNanos();
      late.add(over);
      if (over > MOST.toNanos())
        throw new AssertionError("ended " + over / 1_000_000 + " ms after timeout and grace: " + e);
    }
  }

  /** How late this process itself was, which wanted to sleep for a millisecond. */
  void slept(long nanos) {
    lagNanos = Math.max(lagNanos, nanos - 1_000_000);
  }

  void recovered(long nanos) {
    recoveries.add(nanos);
  }

  int kills() {
    int sum = 0;
    for (var h : hits.entrySet()) if (h.getKey().startsWith("killed")) sum += h.getValue();
    return sum;
  }

  private static String spread(List<Long> nanos) {
    if (nanos.isEmpty()) return "none";
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    int n = sorted.size();
    return "%d: median %d ms, 99 %% %d ms, most %d ms"
        .formatted(
            n,
            sorted.get(n / 2) / 1_000_000,
            sorted.get(n * 99 / 100) / 1_000_000,
            sorted.getLast() / 1_000_000);
  }

  @Override
  public String toString() {
    return starts
        + " starts, "
        + kills()
        + " SIGKILLs\nsignals "
        + hits
        + "\nends "
        + ends
        + "\nend after timeout and grace "
        + spread(late)
        + "; the machine itself was late by up to "
        + lagNanos / 1_000_000
        + " ms"
        + "\nback to size "
        + spread(recoveries);
  }
}
