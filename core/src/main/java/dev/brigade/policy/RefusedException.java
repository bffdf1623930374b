package dev.brigade.policy;

import dev.brigade.task.TaskException;
import java.io.Serial;

/**
 * A policy did not let the work begin: too many wait, a wait can't fit before the deadline, a
 * breaker is open. Says nothing about the work itself, so breakers don't count it and retries don't
 * repeat it.
 */
public abstract class RefusedException extends TaskException {
  @Serial private static final long serialVersionUID = 1L;

  /** With a message that says which policy, the value, and what to do. */
  protected RefusedException(String message) {
    super(message);
  }

  /** With a message, and the failure that led to it. */
  protected RefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}
