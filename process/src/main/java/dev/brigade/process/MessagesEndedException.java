package dev.brigade.process;

import dev.brigade.task.TaskException;

/**
 * The other side of a {@link MessagePort} has finished in an orderly way: it sends nothing more, or
 * takes nothing more.
 */
public final class MessagesEndedException extends TaskException {
  private static final long serialVersionUID = 1L;

  /** With a message for people. */
  public MessagesEndedException(String message) {
    super(message);
  }
}
