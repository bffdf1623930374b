package dev.brigade.policy;

import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Retry} was told.
 *
 * @param attempts at most, the first included
 * @param elapsedNanos after which no attempt begins, counted from the first
 * @param failures which to repeat, of those that may be
 * @param results which to repeat, or null for none
 * @param asks how long a failure or result asks to wait, or null
 * @param longestAskNanos the most that it may ask for
 */
record RetryRules(
    int attempts,
    Backoff backoff,
    long elapsedNanos,
    @Nullable Predicate<? super Exception> failures,
    @Nullable Predicate<Object> results,
    @Nullable Function<Object, @Nullable Duration> asks,
    long longestAskNanos,
    @Nullable RetryBudget budget,
    @Nullable TimeSource time) {

  RetryRules withBackoff(Backoff b) {
    return new RetryRules(
        attempts, b, elapsedNanos, failures, results, asks, longestAskNanos, budget, time);
  }

  RetryRules withElapsed(long nanos) {
    return new RetryRules(
        attempts, backoff, nanos, failures, results, asks, longestAskNanos, budget, time);
  }

  RetryRules withFailures(Predicate<? super Exception> p) {
    return new RetryRules(
        attempts, backoff, elapsedNanos, p, results, asks, longestAskNanos, budget, time);
  }

  RetryRules withResults(Predicate<Object> p) {
    return new RetryRules(
        attempts, backoff, elapsedNanos, failures, p, asks, longestAskNanos, budget, time);
  }

  RetryRules withAsks(Function<Object, @Nullable Duration> f) {
    return new RetryRules(
        attempts, backoff, elapsedNanos, failures, results, f, longestAskNanos, budget, time);
  }

  RetryRules withLongestAsk(long nanos) {
    return new RetryRules(
        attempts, backoff, elapsedNanos, failures, results, asks, nanos, budget, time);
  }

  RetryRules withBudget(RetryBudget b) {
    return new RetryRules(
        attempts, backoff, elapsedNanos, failures, results, asks, longestAskNanos, b, time);
  }

  RetryRules withTime(TimeSource t) {
    return new RetryRules(
        attempts, backoff, elapsedNanos, failures, results, asks, longestAskNanos, budget, t);
  }

  /** How long what came back asks to stay away, or null. */
  @Nullable Duration ask(@Nullable Object end) {
    if (end == null) return null;
    Duration own = end instanceof RetryAfter r ? r.retryAfter() : null;
    return own != null || asks == null ? own : asks.apply(end);
  }
}
