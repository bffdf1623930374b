package dev.brigade.process;

import java.time.Duration;

/** Durations that are counted in nanoseconds, which overflow after 292 years. */
final class Countable {
  /** Long enough to stand for ever, short enough to be added to a time. */
  static final Duration LONGEST = Duration.ofDays(36_500);

  private Countable() {}

  /** The same, or 100 years if it is longer. */
  static Duration of(Duration duration) {
    if (duration.compareTo(LONGEST) > 0) return LONGEST;
    return duration.compareTo(LONGEST.negated()) < 0 ? LONGEST.negated() : duration;
  }
}
