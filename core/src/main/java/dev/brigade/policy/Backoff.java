package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long a {@link Retry} waits before each further attempt. Immutable.
 *
 * {@snippet :
 * Retry.attempts(5).withBackoff(Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(30)));
 * }
 *
 * <p>The exponential one has full jitter: each wait is drawn evenly from zero to the length that
 * doubles. Callers that failed together then do not come back together, which of the known kinds of
 * jitter gives a crowded server the least work. (After Marc Brooker, "Exponential Backoff And
 * Jitter", AWS Architecture Blog, 2015; decorrelated jitter, which does no better there, is left
 * out.)
 */
public final class Backoff {
  private final long firstNanos;
  private final long maxNanos;
  private final double factor;
  private final boolean jitter;
  private final @Nullable Long seed;

  private Backoff(
      long firstNanos, long maxNanos, double factor, boolean jitter, @Nullable Long seed) {
    this.firstNanos = firstNanos;
    this.maxNanos = maxNanos;
    this.factor = factor;
    this.jitter = jitter;
    this.seed = seed;
  }

  /** No wait at all: at once again. */
  @CheckReturnValue
  public static Backoff none() {
    return new Backoff(0, 0, 1, false, null);
  }

  /** Always the same wait, without jitter unless {@link #withJitter() asked for}; not negative. */
  @CheckReturnValue
  public static Backoff constant(Duration delay) {
    long nanos = Lengths.notNegative(delay, "delay");
    return new Backoff(nanos, nanos, 1, false, null);
  }

  /**
   * Waits of up to {@code first}, then twice, four times, eight times as long, with full jitter.
   *
   * @param first more than zero
   * @param max no wait is longer; at least {@code first}
   */
  @CheckReturnValue
  public static Backoff exponential(Duration first, Duration max) {
    long firstNanos = Lengths.positive(first, "first");
    long maxNanos = Lengths.nanos(max, "max");
    if (maxNanos < firstNanos)
      throw new IllegalArgumentException(
          "max must be at least the first delay " + first + ", but was " + max);
    return new Backoff(firstNanos, maxNanos, 2, true, null);
  }

  /** Each wait this many times as long as the one before, instead of twice; at least 1. */
  @CheckReturnValue
  public Backoff withFactor(double newFactor) {
    if (!(newFactor >= 1) || Double.isInfinite(newFactor))
      throw new IllegalArgumentException(
          "factor must be at least 1 and finite, but was " + newFactor);
    return new Backoff(firstNanos, maxNanos, newFactor, jitter, seed);
  }

  /** With full jitter: each wait is drawn evenly from zero to what it would be. */
  @CheckReturnValue
  public Backoff withJitter() {
    return new Backoff(firstNanos, maxNanos, factor, true, seed);
  }

  /** Exactly these waits. Callers that failed together come back together. */
  @CheckReturnValue
  public Backoff withoutJitter() {
    return new Backoff(firstNanos, maxNanos, factor, false, seed);
  }

  /** For tests: every call draws the same jitter. */
  @CheckReturnValue
  public Backoff withSeed(long newSeed) {
    return new Backoff(firstNanos, maxNanos, factor, jitter, newSeed);
  }

  /**
   * The longest that the wait before a further attempt can be.
   *
   * @param retry which one, from 1
   */
  @CheckReturnValue
  public Duration ceiling(int retry) {
    if (retry < 1) throw new IllegalArgumentException("retry must be at least 1, but was " + retry);
    return Duration.ofNanos(ceilingNanos(retry));
  }

  private long ceilingNanos(int retry) {
    // The cast saturates.
    return Math.min(maxNanos, (long) (firstNanos * Math.pow(factor, retry - 1)));
  }

  long delayNanos(int retry, RandomGenerator random) {
    long ceiling = ceilingNanos(retry);
    if (!jitter || ceiling == 0) return ceiling;
    return ceiling == Long.MAX_VALUE ? random.nextLong() >>> 1 : random.nextLong(ceiling + 1);
  }

  /** The source of jitter for one call. */
  RandomGenerator random() {
    return seed == null ? ThreadLocalRandom.current() : new SplittableRandom(seed);
  }

  @Override
  public String toString() {
    if (maxNanos == 0) return "without a wait";
    String text =
        firstNanos == maxNanos || factor == 1
            ? Lengths.text(firstNanos)
            : Lengths.text(firstNanos) + " to " + Lengths.text(maxNanos);
    return "back-off " + text + (jitter ? " with jitter" : "");
  }
}
