package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/** Resilience4j's default, the atomic one, without listeners. */
final class Resilience4jRate implements Side {
  private final RateLimiter limiter =
      RateLimiter.of(
          "bench",
          RateLimiterConfig.custom()
              .limitForPeriod(PolicyBench.RATE)
              .limitRefreshPeriod(Duration.ofSeconds(1))
              .timeoutDuration(Duration.ZERO)
              .build());

  @Override
  public long run(int operations) {
    long granted = 0;
    for (int i = 0; i < operations; i++) if (limiter.acquirePermission()) granted++;
    return granted;
  }
}
