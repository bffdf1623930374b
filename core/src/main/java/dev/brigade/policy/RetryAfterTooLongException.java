package dev.brigade.policy;

import dev.brigade.task.TaskException;
import java.io.Serial;
import java.time.Duration;

/**
 * A server asked to stay away for longer than a {@link Retry} may wait. It carries how long, so
 * that the work can be put off until then; what the server answered with is the cause, if it was an
 * exception. No retry repeats it. Unlike a {@link RefusedException} it says something about the
 * work, so a breaker around the retry counts it.
 */
public final class RetryAfterTooLongException extends TaskException {
  @Serial private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  RetryAfterTooLongException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  RetryAfterTooLongException(String message, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  /** How long the server asked to stay away, counted from when it answered. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
