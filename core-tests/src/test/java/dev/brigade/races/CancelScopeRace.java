package dev.brigade.races;

import dev.brigade.task.CancelledException;
import dev.brigade.task.Tasks;

/** The end of a scope's body, on the caller's thread, against the cancellation of the scope. */
final class CancelScopeRace extends Race {
  private static final long LEAD_NANOS = 5_000;
  private volatile boolean wasFirst;

  @Override
  Ending round(Body body, long delayNanos) throws Exception {
    Ending ending;
    try {
      Tasks.scope(s -> {
        long at = System.nanoTime() + LEAD_NANOS;
        striker.strike(at, () -> wasFirst = s.cancel("the race"));
        Spin.until(at - LEAD_NANOS / 2 + delayNanos);
        return body.end();
      });
      striker.await();
      ending = wasFirst ? Ending.OVERRAN : Ending.COMPLETED;
      if (body == Body.THROW) throw wrong("an exception", ending);
    } catch (CancelledException e) {
      striker.await();
      if (!wasFirst || body == Body.RETURN)
        throw wrong("no cancellation, cancel said " + wasFirst + ", " + body, e);
      ending = Ending.CLAIMED;
    } catch (Body.OwnException e) {
      striker.await();
      if (wasFirst || body != Body.THROW)
        throw wrong("no exception, cancel said " + wasFirst + ", " + body, e);
      ending = Ending.COMPLETED;
    }
    return ending;
  }
}
