package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import java.util.concurrent.Semaphore;

/** The JDK's; ours is fair, which this one need not be. */
final class SemaphoreLimit implements Side {
  private final Semaphore semaphore;

  SemaphoreLimit(boolean fair) {
    semaphore = new Semaphore(PolicyBench.WIDTH, fair);
  }

  @Override
  public long run(int operations) throws Exception {
    long weight = 0;
    for (int i = 0; i < operations; i++) {
      semaphore.acquire();
      try {
        weight++;
      } finally {
        semaphore.release();
      }
    }
    return weight;
  }
}
