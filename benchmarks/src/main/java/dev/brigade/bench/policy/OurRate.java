package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import dev.brigade.policy.RateLimit;

/** {@code RateLimit.acquire}. */
final class OurRate implements Side {
  private final RateLimit limit;

  OurRate(RateLimit limit) {
    this.limit = limit;
  }

  @Override
  public long run(int operations) throws Exception {
    long granted = 0;
    for (int i = 0; i < operations; i++) {
      limit.acquire();
      granted++;
    }
    return granted;
  }
}
