package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.Fallback;
import dev.failsafe.Policy;
import dev.failsafe.RateLimiter;
import dev.failsafe.RetryPolicy;
import dev.failsafe.Timeout;
import java.time.Duration;
import java.util.List;

/**
 * The same five of Failsafe, in the same order; its timeout is one that interrupts, as ours does.
 */
final class FailsafeChain implements Side {
  private final FailsafeExecutor<Long> chain =
      Failsafe.with(
          List.<Policy<Long>>of(
              Fallback.of(0L),
              RetryPolicy.<Long>builder().withMaxAttempts(3).build(),
              CircuitBreaker.<Long>builder()
                  .withFailureThreshold(PolicyBench.CALLS / 2, PolicyBench.CALLS)
                  .build(),
              RateLimiter.<Long>burstyBuilder(PolicyBench.RATE, Duration.ofSeconds(1)).build(),
              Timeout.<Long>builder(PolicyBench.TIMEOUT).withInterrupt().build()));

  @Override
  public long run(int operations) {
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      long result = i;
      sum += chain.get(() -> result);
    }
    return sum;
  }
}
