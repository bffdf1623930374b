package dev.brigade.policy;

import dev.brigade.time.TimeSource;
import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A {@link CircuitBreaker} did not let the work begin. The cause is the failure that it counted
 * last, if there was an exception.
 */
public final class BreakerOpenException extends RefusedException {
  @Serial private static final long serialVersionUID = 1L;

  private final @Nullable Duration remaining;

  @SuppressWarnings("NullAway") // a null cause is "none"
  BreakerOpenException(String message, long remainingNanos, @Nullable Throwable cause) {
    super(message, cause);
    remaining = remainingNanos == TimeSource.NEVER ? null : Duration.ofNanos(remainingNanos);
  }

  /**
   * How long until the next probe may begin; zero if as many probe already as may, null if it stays
   * open until it is reset.
   */
  public @Nullable Duration remaining() {
    return remaining;
  }
}
