package dev.brigade.races;

import dev.brigade.policy.Limit;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Tasks;
import java.time.Duration;

/** A release against the deadline of the one who waits for the permit. */
final class AcquireRace extends Race {
  private static final Duration DEADLINE = Duration.ofNanos(20_000);
  private final Limit limit = Limit.of(1);

  @Override
  long startNanos() {
    return 80_000;
  }

  @Override
  Ending round(Body body, long delayNanos) throws Exception {
    Limit.Permit held = limit.acquire();
    striker.strike(System.nanoTime() + delayNanos, held::close);
    boolean acquired = false;
    try {
      if (body == Body.CHECK) {
        try (var p = limit.tryAcquire(1, DEADLINE)) {
          acquired = p != null;
        }
      } else {
        Tasks.within(DEADLINE, limit::acquire).close();
        acquired = true;
      }
    } catch (DeadlineException e) {
      acquired = false;
    }
    striker.await();
    var now = limit.statistics();
    if (now.held() != 0 || now.waiting() != 0) throw wrong("no permit held, nobody waiting", now);
    return acquired ? Ending.COMPLETED : Ending.CLAIMED;
  }
}
