package dev.brigade.bench.policy;

import com.google.common.util.concurrent.RateLimiter;
import dev.brigade.bench.Side;

/** Guava's, of the smooth and bursty kind. */
final class GuavaRate implements Side {
  private final RateLimiter limiter = RateLimiter.create(PolicyBench.RATE);

  @Override
  public long run(int operations) {
    long granted = 0;
    for (int i = 0; i < operations; i++) if (limiter.acquire() >= 0) granted++;
    return granted;
  }
}
