package dev.brigade.races;

import java.util.random.RandomGenerator;

/**
 * Finds the delay at which two events come together, and keeps finding it: each round moves it
 * against whoever was first, faster the longer one side wins, so that both sides go on winning.
 */
final class Tuner {
  private static final long STEP_NANOS = 200;
  private static final long JITTER_NANOS = 3_000;
  private static final int MAX_STREAK = 64;

  private final RandomGenerator random;
  private long delayNanos;
  private int streak;

  Tuner(RandomGenerator random, long startNanos) {
    this.random = random;
    this.delayNanos = startNanos;
  }

  /** The delay of the completion for the next round. */
  long nextNanos() {
    return Math.max(0, delayNanos + random.nextLong(-JITTER_NANOS, JITTER_NANOS + 1));
  }

  /** Tells who was first in the last round. */
  void ended(boolean claimed) {
    int sign = claimed ? -1 : 1;
    streak = Integer.signum(streak) == sign ? streak + sign : sign;
    delayNanos += sign * STEP_NANOS * Math.min(MAX_STREAK, Math.abs(streak));
  }
}
