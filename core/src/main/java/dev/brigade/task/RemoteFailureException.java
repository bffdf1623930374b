package dev.brigade.task;

/**
 * A task failed elsewhere with an exception that could not be brought here; the message tells its
 * text and trace.
 */
public final class RemoteFailureException extends TaskException {
  private static final long serialVersionUID = 1L;

  /** With the text and the trace of the original. */
  public RemoteFailureException(String message) {
    super(message);
  }
}
