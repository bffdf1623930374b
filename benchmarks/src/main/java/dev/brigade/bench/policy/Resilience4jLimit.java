package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;

/** Resilience4j's semaphore bulkhead, without listeners. */
final class Resilience4jLimit implements Side {
  private final Bulkhead bulkhead =
      Bulkhead.of(
          "bench",
          BulkheadConfig.custom()
              .maxConcurrentCalls(PolicyBench.WIDTH)
              .maxWaitDuration(Duration.ZERO)
              .build());

  @Override
  public long run(int operations) {
    long weight = 0;
    for (int i = 0; i < operations; i++) {
      bulkhead.acquirePermission();
      try {
        weight++;
      } finally {
        bulkhead.onComplete();
      }
    }
    return weight;
  }
}
