package dev.brigade.policy;

import java.io.Serial;
import java.time.Duration;

/**
 * A wait was known to end after the deadline in force, or after the most that its policy may wait,
 * and so was not begun.
 */
public final class WaitTooLongException extends RefusedException {
  @Serial private static final long serialVersionUID = 1L;

  private final Duration needed;

  /** With what is waited for, how long it would have taken, and how long there was. */
  public WaitTooLongException(String what, Duration needed, Duration left) {
    this(
        what
            + " would take "
            + Lengths.text(needed)
            + ", but only "
            + Lengths.text(left)
            + " are left",
        needed);
  }

  private WaitTooLongException(String message, Duration needed) {
    super(message);
    this.needed = needed;
  }

  static WaitTooLongException longerThanMax(String what, long neededNanos, long maxNanos) {
    Duration needed = Duration.ofNanos(neededNanos);
    return new WaitTooLongException(
        what
            + " would take "
            + Lengths.text(needed)
            + ", longer than the most that may be waited, "
            + Lengths.text(maxNanos),
        needed);
  }

  /** How long the wait would have taken. */
  public Duration needed() {
    return needed;
  }
}
