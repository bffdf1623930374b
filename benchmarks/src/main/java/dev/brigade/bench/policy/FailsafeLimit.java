package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import dev.failsafe.Bulkhead;

/** Failsafe's bulkhead, by itself and not through an executor. */
final class FailsafeLimit implements Side {
  private final Bulkhead<Object> bulkhead = Bulkhead.of(PolicyBench.WIDTH);

  @Override
  public long run(int operations) throws Exception {
    long weight = 0;
    for (int i = 0; i < operations; i++) {
      bulkhead.acquirePermit();
      try {
        weight++;
      } finally {
        bulkhead.releasePermit();
      }
    }
    return weight;
  }
}
