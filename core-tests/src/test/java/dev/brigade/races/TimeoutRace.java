package dev.brigade.races;

import dev.brigade.policy.Limit;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Tasks;
import java.time.Duration;

/** The end of a body against its deadline, struck by the library's own timer thread. */
final class TimeoutRace extends Race {
  private static final Duration DEADLINE = Duration.ofNanos(20_000);
  private final Limit limit = Limit.of(1);

  @Override
  long startNanos() {
    return 80_000;
  }

  @Override
  Ending round(Body body, long delayNanos) throws Exception {
    long before = overruns();
    try {
      Tasks.within(
          DEADLINE,
          () -> {
            try (var _ = limit.tryAcquire(1)) {
              Spin.nanos(delayNanos);
              return body.end();
            }
          });
      long overran = overruns() - before;
      if (overran < 0 || overran > 1) throw wrong("one overrun at most", overran);
      return overran == 1 ? Ending.OVERRAN : Ending.COMPLETED;
    } catch (DeadlineException e) {
      if (body == Body.RETURN) throw wrong("the value, which was returned", e);
      if (overruns() != before) throw wrong("no overrun of what threw", e);
      Class<?> original = body == Body.THROW ? Body.OwnException.class : InterruptedException.class;
      if (e.getSuppressed().length != 1 || !original.isInstance(e.getSuppressed()[0]))
        throw wrong("the original as suppressed", e);
      return Ending.CLAIMED;
    } catch (Body.OwnException e) {
      if (body != Body.THROW) throw wrong("no exception", e);
      return Ending.COMPLETED;
    }
  }

  @Override
  void assertNothingLeft() {
    if (limit.statistics().held() != 0) throw wrong("no permit held", limit);
  }
}
