package dev.brigade.task;

import java.util.Objects;

/**
 * A task of an open scope failed; the cause is the task's own exception. Combinators such as {@link
 * Tasks#map} don't use it: they throw the task's exception itself.
 */
public final class TaskFailedException extends TaskException {
  private static final long serialVersionUID = 1L;

  /** With the name of the task and what it threw. */
  public TaskFailedException(String task, Throwable cause) {
    super(task + " failed: " + cause, Objects.requireNonNull(cause, "cause"));
  }
}
