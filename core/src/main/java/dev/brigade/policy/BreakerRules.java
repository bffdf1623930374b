package dev.brigade.policy;

import dev.brigade.time.TimeSource;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What was chosen for a breaker: when it opens, for how long, and what counts as a failure. */
record BreakerRules(Opens opens, Stays stays, Counts counts, @Nullable TimeSource time) {

  /**
   * When it opens.
   *
   * @param minimum how many calls the window must hold before that
   * @param slowNanos from where a call is slow; {@link TimeSource#NEVER} if none is
   */
  record Opens(
      CallWindow.Kind window, double failureRate, int minimum, long slowNanos, double slowRate) {
    Opens {
      share(failureRate, "failureRate");
      share(slowRate, "slowRate");
      if (minimum < 1 || !window.timed() && minimum > window.calls())
        throw new IllegalArgumentException(
            "minimumCalls must be at least 1 and fit into " + window + ", but was " + minimum);
    }

    private static void share(double rate, String name) {
      if (!(rate > 0 && rate <= 1))
        throw new IllegalArgumentException(
            name + " must be more than 0 and at most 1, but was " + rate);
    }

    Opens withFailureRate(double rate) {
      return new Opens(window, rate, minimum, slowNanos, slowRate);
    }

    Opens withMinimum(int calls) {
      return new Opens(window, failureRate, calls, slowNanos, slowRate);
    }

    Opens withSlow(long nanos, double rate) {
      return new Opens(window, failureRate, minimum, nanos, rate);
    }

    boolean hasSlow() {
      return slowNanos != TimeSource.NEVER;
    }

    boolean now(CallWindow calls) {
      if (calls.calls() < minimum) return false;
      return calls.failureRate() >= failureRate || hasSlow() && calls.slowRate() >= slowRate;
    }
  }

  /**
   * How long it stays open.
   *
   * @param growth by which the time is multiplied each time that a probe fails
   * @param jitter the most that is added to the time, as a share of it
   */
  record Stays(
      long nanos, double growth, long longest, double jitter, @Nullable Long seed, int probes) {
    Stays {
      if (!(growth >= 1) || growth == Double.POSITIVE_INFINITY)
        throw new IllegalArgumentException(
            "growth must be at least 1 and finite, but was " + growth);
      if (longest < nanos)
        throw new IllegalArgumentException(
            "longest must be at least the open time, "
                + Lengths.text(nanos)
                + ", but was "
                + Lengths.text(longest));
      if (!(jitter >= 0 && jitter <= 1))
        throw new IllegalArgumentException("jitter must be from 0 to 1, but was " + jitter);
      if (probes < 1)
        throw new IllegalArgumentException("probes must be at least 1, but was " + probes);
    }

    Stays withTime(long open, double factor, long most) {
      return new Stays(open, factor, most, jitter, seed, probes);
    }

    Stays withJitter(double most, @Nullable Long newSeed) {
      return new Stays(nanos, growth, longest, most, newSeed, probes);
    }

    Stays withProbes(int k) {
      return new Stays(nanos, growth, longest, jitter, seed, k);
    }

    /** How long it opens the n-th time without having closed; {@code random} is from 0 to 1. */
    long nanosOf(int inRow, double random) {
      double length = Math.min(longest, nanos * Math.pow(growth, inRow - 1.0));
      return (long) (length * (1 + jitter * random));
    }
  }

  /** What counts; null for every exception, and for no result. */
  record Counts(
      @Nullable Predicate<? super Throwable> failure,
      @Nullable Predicate<@Nullable Object> result) {}

  static BreakerRules of(Opens opens) {
    var stays = new Stays(10_000_000_000L, 1, Long.MAX_VALUE, 0.1, null, 1);
    return new BreakerRules(opens, stays, new Counts(null, null), null);
  }

  BreakerRules with(Opens o) {
    return new BreakerRules(o, stays, counts, time);
  }

  BreakerRules with(Stays s) {
    return new BreakerRules(opens, s, counts, time);
  }

  BreakerRules with(Counts c) {
    return new BreakerRules(opens, stays, c, time);
  }

  BreakerRules with(TimeSource clock) {
    return new BreakerRules(opens, stays, counts, clock);
  }

  boolean readsTheClock() {
    return opens.hasSlow() || opens.window().timed();
  }
}
