package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Reading;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Calls again after a failure. To call a second time while the first call is merely slow, use a
 * hedge; for a value in place of a failure, a {@link Fallback}. Only for work that may be done
 * twice.
 *
 * {@snippet :
 * static final Retry RETRY = Retry.attempts(3).retryIf(e -> e instanceof IOException);
 * Page page = RETRY.call(() -> fetch(url));
 * }
 *
 * <p>Between the attempts it waits, on the calling thread: a {@link Backoff} that grows from 100 ms
 * to 10 s with full jitter unless another one is chosen, or what a failure asks for by {@link
 * RetryAfter}. The deadline in force holds for all attempts and waits together: a wait that would
 * reach it is not begun.
 *
 * <p>Which failures: every exception that {@link #retryIf} accepts, all of them by default, a
 * {@link dev.brigade.task.DeadlineException} of a {@link Timeout} inside among them. Never: an
 * {@link Error}; interruption, cancellation, and a deadline further out, which end the call at
 * once; a {@link RefusedException}, such as that of an open breaker; {@link
 * RetryAfterTooLongException}. What was caused by an interrupt counts as one, and a {@link
 * dev.brigade.task.TaskFailedException} as its cause.
 *
 * <p>In the end the last failure is thrown, the very object, with the earlier ones suppressed in
 * it, sixteen at most and then how many more. So are they in what ends the call otherwise, an
 * {@link InterruptedException} of the wait for instance.
 *
 * <p>Immutable but for its statistics: each {@code with} makes another one with statistics of its
 * own. Cost while nothing fails: two small objects and a counter. Memory effects: none but those of
 * the work.
 */
public final class Retry implements Policy, Metered {
  private static final Backoff DEFAULT_BACKOFF =
      Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(10));
  private static final long DEFAULT_LONGEST_ASK = 60_000_000_000L;

  private final RetryRules rules;
  private volatile String name = "";

  private final LongAdder calls = new LongAdder();
  private final LongAdder recovered = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder gaveUp = new LongAdder();
  final LongAdder budgetRefusals = new LongAdder();
  final LongAdder interrupted = new LongAdder();

  private Retry(RetryRules rules) {
    this.rules = rules;
  }

  /**
   * Up to this many attempts, the first included.
   *
   * @param max at least 1
   */
  @CheckReturnValue
  public static Retry attempts(int max) {
    if (max < 1) throw new IllegalArgumentException("attempts must be at least 1, but was " + max);
    return new Retry(
        new RetryRules(
            max,
            DEFAULT_BACKOFF,
            Long.MAX_VALUE,
            null,
            null,
            null,
            DEFAULT_LONGEST_ASK,
            null,
            null));
  }

  /** With these waits between the attempts. */
  @CheckReturnValue
  public Retry withBackoff(Backoff backoff) {
    return renamed(new Retry(rules.withBackoff(Objects.requireNonNull(backoff, "backoff"))));
  }

  /**
   * With no attempt begun once this much time has passed since the first one began. It does not cut
   * an attempt short: that is what a {@link Timeout} around or inside is for.
   *
   * @param max not negative; zero allows one attempt
   */
  @CheckReturnValue
  public Retry withMaxElapsed(Duration max) {
    return renamed(new Retry(rules.withElapsed(Lengths.notNegative(max, "max"))));
  }

  /** Of the failures that may be repeated, only those that this accepts. */
  @CheckReturnValue
  public Retry retryIf(Predicate<? super Exception> failure) {
    return renamed(new Retry(rules.withFailures(Objects.requireNonNull(failure, "failure"))));
  }

  /**
   * Repeats also for results that this accepts, null among them; the last one is returned, whatever
   * it is.
   *
   * {@snippet :
   * Retry.attempts(3).retryIfResult(r -> r instanceof Response http && http.status() == 503);
   * }
   */
  @CheckReturnValue
  public Retry retryIfResult(Predicate<Object> result) {
    return renamed(new Retry(rules.withResults(Objects.requireNonNull(result, "result"))));
  }

  /**
   * Asks also this function how long a failure or a result says to stay away, if that does not
   * implement {@link RetryAfter}: null if it says nothing, zero or less if no particular time.
   *
   * {@snippet :
   * Retry.attempts(3).withRetryAfter(
   *     r -> r instanceof Response http ? RetryAfter.parse(http.header("Retry-After")) : null);
   * }
   *
   * <p>The wait is then as long as asked for, or up to a tenth longer, so that not all callers come
   * back at once; never shorter.
   */
  @CheckReturnValue
  public Retry withRetryAfter(Function<Object, @Nullable Duration> asked) {
    return renamed(new Retry(rules.withAsks(Objects.requireNonNull(asked, "asked"))));
  }

  /**
   * Up to how long a failure or result may ask to stay away; beyond that the call ends with {@link
   * RetryAfterTooLongException}. A minute by default.
   *
   * @param max not negative
   */
  @CheckReturnValue
  public Retry withLongestRetryAfter(Duration max) {
    return renamed(new Retry(rules.withLongestAsk(Lengths.notNegative(max, "max"))));
  }

  /** With a budget that is shared with others. */
  @CheckReturnValue
  public Retry withBudget(RetryBudget budget) {
    return renamed(new Retry(rules.withBudget(Objects.requireNonNull(budget, "budget"))));
  }

  /** On this clock instead of the one of whoever calls. */
  @CheckReturnValue
  public Retry withTime(TimeSource time) {
    return renamed(new Retry(rules.withTime(Objects.requireNonNull(time, "time"))));
  }

  /**
   * Does the work, up to so many times.
   *
   * @throws X what the last attempt threw
   * @throws InterruptedException if the thread is interrupted or being cancelled, in an attempt or
   *     between two
   * @throws RetryAfterTooLongException if a failure or result asks for too long a wait
   */
  @CheckReturnValue
  @Override
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    calls.increment();
    if (rules.budget() != null) rules.budget().called();
    var attempts = new Attempts(this, rules, until());
    while (true) {
      T value;
      try {
        value = work.call();
      } catch (Throwable t) {
        if (attempts.afterFailure(t)) continue;
        throw t;
      }
      if (rules.results() == null || !isUnwanted(value, attempts)) {
        if (attempts.made() > 1) recovered.increment();
        return value;
      }
      if (!attempts.afterResult(value)) return value;
    }
  }

  private long until() {
    if (rules.elapsedNanos() == Long.MAX_VALUE) return TimeSource.NEVER;
    TimeSource clock = rules.time() == null ? Tasks.time() : rules.time();
    return clock.after(rules.elapsedNanos());
  }

  private boolean isUnwanted(@Nullable Object value, Attempts attempts) {
    try {
      return rules.results() != null && rules.results().test(value);
    } catch (RuntimeException | Error e) {
      attempts.suppressIn(e);
      throw e;
    }
  }

  @Override
  public Kind kind() {
    return Kind.RETRY;
  }

  /**
   * Counts since the policy was made.
   *
   * @param calls how often it was called
   * @param retries how many further attempts were begun, or waited for
   * @param recovered how many calls succeeded after a failure
   * @param gaveUp how many calls ended with a failure that is one to repeat, or a result that is
   *     not wanted: no attempt was left, or no time
   * @param budgetRefusals how many ended because the budget was used up
   * @param interrupted how many ended because they were told to stop
   */
  public record Statistics(
      long calls,
      long retries,
      long recovered,
      long gaveUp,
      long budgetRefusals,
      long interrupted) {}

  /** The statistics now. */
  public Statistics statistics() {
    return new Statistics(
        calls.sum(),
        retries.sum(),
        recovered.sum(),
        gaveUp.sum(),
        budgetRefusals.sum(),
        interrupted.sum());
  }

  /** A copy has the name of what it is a copy of. */
  private Retry renamed(Retry copy) {
    return name.isEmpty() ? copy : copy.named(name);
  }

  /** Shows this policy under a name in every snapshot, while it is in use. */
  public Retry named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("retry", name, statistics());
  }

  @Override
  public String toString() {
    String elapsed =
        rules.elapsedNanos() == Long.MAX_VALUE
            ? ""
            : ", within " + Lengths.text(rules.elapsedNanos());
    return Label.of("retry " + rules.attempts() + " (" + rules.backoff() + elapsed + ")", name);
  }
}
