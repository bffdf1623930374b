package dev.brigade.task;

/**
 * A task failed elsewhere with an exception that could not be brought here; printed, it tells the
 * text and the trace of the original.
 */
public final class RemoteFailureException extends TaskException {
  private static final long serialVersionUID = 1L;

  /** With the text and the trace of the original. */
  public RemoteFailureException(String message) {
    super(message);
  }
}
