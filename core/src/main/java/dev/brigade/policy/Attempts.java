package dev.brigade.policy;

import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.task.EarlierFailures;
import dev.brigade.task.Tasks;
import dev.brigade.task.Waiter;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call of a {@link Retry}, on its thread: decides after each whether there is
 * another one, and waits for it.
 */
final class Attempts {
  private final Retry retry;
  private final RetryRules rules;
  private final EarlierFailures earlier = EarlierFailures.begin();
  private final long until;
  private @Nullable RandomGenerator random;
  private int made = 1;

  Attempts(Retry retry, RetryRules rules, long until) {
    this.retry = retry;
    this.rules = rules;
    this.until = until;
  }

  int made() {
    return made;
  }

  void suppressIn(Throwable thrown) {
    earlier.suppressIn(thrown);
  }

  /**
   * Whether there is another attempt after this failure; then its time has come. Otherwise the
   * failure is to be thrown, and has those before it as suppressed.
   *
   * @throws InterruptedException if it was told to stop, with all failures as suppressed
   */
  boolean afterFailure(Throwable thrown) throws InterruptedException {
    try {
      Exception failure = repeatable(thrown);
      if (failure != null && another(failure)) {
        earlier.add(thrown);
        return true;
      }
    } catch (RetryAfterTooLongException e) {
      // The exception is new, its cause may be a constant, and only wrapped in what was thrown.
      if (e.getCause() != thrown) earlier.add(thrown);
      earlier.suppressIn(e);
      throw e;
    } catch (InterruptedException | RuntimeException | Error e) {
      earlier.add(thrown);
      if (e instanceof InterruptedException) retry.interrupted.increment();
      earlier.suppressIn(e);
      throw e;
    }
    earlier.suppressIn(thrown);
    return false;
  }

  /** The failure that is to be repeated, or null if it is not. */
  private @Nullable Exception repeatable(Throwable thrown) throws InterruptedException {
    if (thrown instanceof Error) return null;
    if (Ends.isToldToStop() || thrown instanceof InterruptedException) {
      retry.interrupted.increment();
      return null;
    }
    Exception failure = Ends.failure(thrown);
    if (failure == null || !Ends.isRepeatable(failure)) return null;
    return rules.failures() == null || rules.failures().test(failure) ? failure : null;
  }

  /**
   * Whether there is another attempt after this result, which is not wanted; then its time has
   * come.
   */
  boolean afterResult(Object result) throws InterruptedException {
    try {
      return another(result);
    } catch (InterruptedException e) {
      retry.interrupted.increment();
      earlier.suppressIn(e);
      throw e;
    } catch (RuntimeException | Error e) {
      earlier.suppressIn(e);
      throw e;
    }
  }

  private boolean another(Object end) throws InterruptedException {
    if (made >= rules.attempts()) return giveUp();
    long ask = ask(end);
    Waiter waiter = rules.time() == null ? new Waiter() : new Waiter(rules.time());
    TimeSource clock = waiter.time();
    long limit = TimeSource.earlier(until, waiter.deadlineNanos());
    long delay = delay(ask);
    if (ask > 0 && crosses(clock.after(delay), limit)) delay = ask;
    long at = clock.after(delay);
    if (crosses(at, limit)) return giveUp();
    if (rules.budget() != null && !rules.budget().tryRetry()) return refused(clock, end);
    made++;
    retry.retries.increment();
    if (Observers.present()) tell(PolicyEvent.Kind.RETRYING, clock, inWords(delay), end);
    wait(waiter, delay, at);
    return true;
  }

  /** What was asked for, in nanoseconds; 0 if nothing was, or no particular time. */
  private long ask(Object end) {
    Duration asked = rules.ask(end);
    if (asked == null) return 0;
    long nanos = Math.max(0, Lengths.nanos(asked, "retryAfter"));
    if (nanos <= rules.longestAskNanos()) return nanos;
    retry.gaveUp.increment();
    String message =
        "asked to come back after "
            + Lengths.text(asked)
            + ", but at most "
            + Lengths.text(rules.longestAskNanos())
            + " may be asked for";
    throw end instanceof Throwable t
        ? new RetryAfterTooLongException(message, asked, t)
        : new RetryAfterTooLongException(message, asked);
  }

  /** Never less than what was asked for, and up to a tenth more, so that not all come at once. */
  private long delay(long ask) {
    if (random == null) random = rules.backoff().random();
    if (ask == 0) return rules.backoff().delayNanos(made, random);
    long delay = ask + random.nextLong(ask / 10 + 1);
    return delay < 0 ? ask : delay;
  }

  private static boolean crosses(long at, long limit) {
    return limit != TimeSource.NEVER && (at == TimeSource.NEVER || at - limit >= 0);
  }

  private boolean giveUp() {
    retry.gaveUp.increment();
    return false;
  }

  private boolean refused(TimeSource clock, Object end) {
    retry.budgetRefusals.increment();
    if (Observers.present())
      tell(PolicyEvent.Kind.REFUSED, clock, "no budget for another attempt", end);
    return false;
  }

  private void tell(PolicyEvent.Kind kind, TimeSource clock, String detail, Object end) {
    Throwable failure = end instanceof Throwable t ? t : null;
    Observers.emit(PolicyEvent.here(kind, clock.nanoTime(), retry.toString(), detail, failure));
  }

  private String inWords(long delay) {
    return "attempt " + made + " of " + rules.attempts() + " in " + Lengths.text(delay);
  }

  private void wait(Waiter waiter, long delay, long at) throws InterruptedException {
    if (delay == 0) {
      Tasks.checkCancelled();
      return;
    }
    boolean unused = waiter.await("a back-off: " + inWords(delay), at);
  }
}
