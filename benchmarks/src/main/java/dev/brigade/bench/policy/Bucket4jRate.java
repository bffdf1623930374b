package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;

/**
 * A local bucket as it is fastest: one bandwidth, the clock of its default, and {@code tryConsume},
 * which spares the blocking view.
 */
final class Bucket4jRate implements Side {
  private final Bucket bucket;

  Bucket4jRate(SynchronizationStrategy strategy) {
    bucket =
        Bucket.builder()
            .addLimit(limit ->
                limit
                    .capacity(PolicyBench.RATE)
                    .refillGreedy(PolicyBench.RATE, Duration.ofSeconds(1)))
            .withSynchronizationStrategy(strategy)
            .build();
  }

  @Override
  public long run(int operations) {
    long granted = 0;
    for (int i = 0; i < operations; i++) if (bucket.tryConsume(1)) granted++;
    return granted;
  }
}
