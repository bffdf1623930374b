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
  /** What the pool may take beside timeout and grace, on a machine that has nothing else to do. */
  static final Duration PROMISED = Duration.ofMillis(500);

  final Map<String, Integer> hits = new TreeMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private final List<Long> late = new ArrayList<>();
  private final List<Long> recoveries = new ArrayList<>();
  private long starts;

  void ended(Errand e, List<Starts.Start> begun, Duration grace) {
    starts += begun.size();
    Throwable t = e.failure;
    String how = t == null ? "returned" : t.getClass().getSimpleName();
    int unused = ends.merge(how, 1, Integer::sum);
    Duration timeout = e.timeout;
    if (t instanceof DeadlineException && timeout != null && !begun.isEmpty()) {
      long over = e.endNanos - begun.getLast().nanos() - timeout.plus(grace).toNanos();
      late.add(over);
      if (over > PROMISED.toNanos())
        System.out.println(
            "late by "
                + over / 1_000_000
                + " ms: "
                + e
                + ", grace "
                + grace
                + " "
                + t.getSuppressed().length
                + java.util.Arrays.toString(t.getSuppressed()));
    }
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
        + "\nback to size "
        + spread(recoveries);
  }
}
