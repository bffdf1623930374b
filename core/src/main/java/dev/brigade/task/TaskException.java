package dev.brigade.task;

/**
 * What the library itself has to say instead of a result; the root of all such exceptions. Misuse
 * is not among them: that throws the JDK's {@link IllegalArgumentException}, {@link
 * IllegalStateException} or {@link NullPointerException}.
 */
public abstract class TaskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  protected TaskException(String message) {
    super(message);
  }

  /** With a message for people and what led to it. */
  protected TaskException(String message, Throwable cause) {
    super(message, cause);
  }

  TaskException(String message, Throwable cause, boolean trace) {
    super(message, cause, true, trace);
  }
}
