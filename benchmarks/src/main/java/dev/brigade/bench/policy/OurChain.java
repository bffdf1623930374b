package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import dev.brigade.policy.CircuitBreaker;
import dev.brigade.policy.Fallback;
import dev.brigade.policy.Policy;
import dev.brigade.policy.RateLimit;
import dev.brigade.policy.Retry;
import dev.brigade.policy.Timeout;
import java.time.Duration;

/** {@code Policy.of} five policies. */
final class OurChain implements Side {
  private final Policy chain =
      Policy.of(
          Fallback.to(0L),
          Retry.attempts(3),
          CircuitBreaker.ofCalls(PolicyBench.CALLS),
          RateLimit.window(PolicyBench.RATE / 1_000, Duration.ofMillis(1)),
          Timeout.of(PolicyBench.TIMEOUT));

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      long result = i;
      sum += chain.call(() -> result);
    }
    return sum;
  }
}
