package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Resilience4j's decorators in the same order, but without a timeout: its own is for futures, which
 * would measure the hand-over to another thread.
 */
final class Resilience4jChain implements Side {
  private final Retry retry = Retry.of("bench", RetryConfig.custom().maxAttempts(3).build());
  private final CircuitBreaker breaker =
      CircuitBreaker.of(
          "bench", CircuitBreakerConfig.custom().slidingWindowSize(PolicyBench.CALLS).build());
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
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      long result = i;
      sum += call(() -> result);
    }
    return sum;
  }

  private long call(Callable<Long> work) {
    try {
      return Retry.decorateCallable(
              retry,
              CircuitBreaker.decorateCallable(breaker, RateLimiter.decorateCallable(limiter, work)))
          .call();
    } catch (Exception e) {
      return 0;
    }
  }
}
