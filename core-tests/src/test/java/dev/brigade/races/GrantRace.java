package dev.brigade.races;

import dev.brigade.policy.RateLimit;
import dev.brigade.policy.RefusedException;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Tasks;
import java.time.Duration;

/** A turn that comes, since somebody gives his up, against the deadline of the one who waits. */
final class GrantRace extends Race {
  private static final Duration DEADLINE = Duration.ofNanos(20_000);
  private final RateLimit limit = RateLimit.window(1, Duration.ofNanos(1));
  private long granted;

  @Override
  long startNanos() {
    return 80_000;
  }

  @Override
  Ending round(Body body, long delayNanos) throws Exception {
    RateLimit.Reservation held = limit.reserve();
    while (!held.delay().isZero()) Thread.onSpinWait();
    striker.strike(System.nanoTime() + delayNanos, held::cancel);
    boolean acquired = false;
    try {
      if (body == Body.CHECK) {
        acquired = limit.tryAcquire(DEADLINE);
      } else {
        Tasks.within(
            DEADLINE,
            () -> {
              limit.acquire();
              return limit;
            });
        acquired = true;
      }
    } catch (DeadlineException | RefusedException e) {
      // Refused if the deadline passed before the wait began.
      acquired = false;
    }
    striker.await();
    if (acquired) granted++;
    var now = limit.statistics();
    if (now.inFlight() != 0 || now.waiting() != 0 || now.granted() != granted)
      throw wrong("nobody in flight or waiting, and granted " + granted, now);
    return acquired ? Ending.COMPLETED : Ending.CLAIMED;
  }
}
