package dev.brigade.testing;

import java.io.Serial;

/**
 * Time cannot go on: a tracked task blocks where the {@link VirtualClock} cannot see it, or
 * everybody waits and nothing is scheduled. The message names the threads and where they stand.
 */
public final class StalledClockException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1L;

  StalledClockException(String message) {
    super(message);
  }
}
