package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import dev.brigade.policy.Limit;

/** {@code Limit.acquire}, and closing the permit. */
final class OurLimit implements Side {
  private final Limit limit = Limit.of(PolicyBench.WIDTH);

  @Override
  public long run(int operations) throws Exception {
    long weight = 0;
    for (int i = 0; i < operations; i++) {
      try (var permit = limit.acquire()) {
        weight += permit.weight();
      }
    }
    return weight;
  }
}
