package dev.brigade.task;

import java.util.concurrent.TimeoutException;

/**
 * The block's own deadline passed before it was finished. What the block threw when it was
 * interrupted is suppressed in it.
 */
public final class DeadlineException extends TaskException {
  private static final long serialVersionUID = 1L;

  /** With a message that says which deadline. */
  public DeadlineException(String message) {
    super(message);
  }

  /** The JDK's form of it, with this as the cause. */
  public TimeoutException toTimeoutException() {
    var e = new TimeoutException(getMessage());
    e.initCause(this);
    return e;
  }
}
