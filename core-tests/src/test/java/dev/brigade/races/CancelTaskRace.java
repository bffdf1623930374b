package dev.brigade.races;

import dev.brigade.engine.Engine;
import dev.brigade.policy.Limit;
import dev.brigade.task.Outcome;
import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The end of a task against its cancellation by another thread. */
final class CancelTaskRace extends Race {
  private static final long LEAD_NANOS = 5_000;
  private final Engine engine;
  private final Limit limit = Limit.of(1);
  private volatile @Nullable Task<Integer> task;
  private volatile boolean wasFirst;
  private volatile boolean flagAtStart;

  CancelTaskRace(Engine engine) {
    this.engine = engine;
  }

  @Override
  Ending round(Body body, long delayNanos) throws Exception {
    task = null;
    flagAtStart = false;
    Outcome<Integer> outcome =
        Tasks.on(engine)
            .supervise(s -> {
              Task<Integer> forked = s.fork(() -> run(body, delayNanos));
              task = forked;
              return forked.outcome();
            });
    striker.await();
    if (flagAtStart) throw wrong("no interrupt flag from the task before", outcome);
    return check(body, outcome);
  }

  private int run(Body body, long delayNanos) throws Exception {
    flagAtStart = Thread.currentThread().isInterrupted();
    Spin.await(() -> task != null);
    Task<Integer> target = Objects.requireNonNull(task);
    try (var _ = limit.acquire()) {
      long at = System.nanoTime() + LEAD_NANOS;
      striker.strike(at, () -> wasFirst = target.cancel("the race"));
      Spin.until(at - LEAD_NANOS / 2 + delayNanos);
      return body.end();
    }
  }

  /** What cancel said it was must be what came out: both read the same compare-and-set. */
  private Ending check(Body body, Outcome<Integer> outcome) {
    boolean claimed = wasFirst;
    Ending ending =
        switch (outcome) {
          case Outcome.Success<Integer> _ -> claimed ? Ending.OVERRAN : Ending.COMPLETED;
          case Outcome.Failed<Integer>(Throwable t) -> {
            if (claimed || body != Body.THROW || !(t instanceof Body.OwnException))
              throw wrong("no failure, cancel said " + claimed + ", " + body, t);
            yield Ending.COMPLETED;
          }
          case Outcome.Cancelled<Integer>(var why) -> {
            if (!claimed || body == Body.RETURN)
              throw wrong("no cancellation, cancel said " + claimed + ", " + body, why);
            if (!why.reason().message().equals("the race")) throw wrong("our reason", why);
            yield Ending.CLAIMED;
          }
        };
    if (ending == Ending.OVERRAN && body == Body.THROW) throw wrong("an exception", outcome);
    return ending;
  }

  @Override
  void assertNothingLeft() {
    if (limit.statistics().held() != 0) throw wrong("no permit held", limit);
  }
}
