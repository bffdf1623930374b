package dev.brigade.process;

import dev.brigade.task.TaskException;

/**
 * The worker process that ran the task died, or was killed, before the task ended. The task ran, in
 * part or in whole; it was not run again unless it was declared harmless to repeat.
 */
public final class WorkerDiedException extends TaskException {
  private static final long serialVersionUID = 1L;

  /** Why a worker died, as far as can be told from outside. */
  public enum Cause {
    /** Its program ended it: {@code System.exit} or {@code halt}. */
    EXIT,
    /** A signal that this pool did not send; {@code SIGKILL} may be the system, out of memory. */
    SIGNAL,
    /** The JVM or native code crashed. */
    CRASH,
    /** It ran out of the memory that it may take, and gave up. */
    OUT_OF_MEMORY,
    /** The pool killed it because it took more memory than its cap. */
    MEMORY_CAP,
    /** The pool killed it because a cancelled or timed-out task did not end within the grace. */
    KILLED,
    /** The pool killed it because it gave no sign of life. */
    SILENT,
    /** The pool killed it because it sent what is no message. */
    GARBAGE,
    /** It was not ready in time, or its initialiser failed: see the exception's cause. */
    NOT_READY,
    /** It can't be told. */
    UNKNOWN
  }

  private final Cause reason;
  private final long pid;
  private final int exitCode;
  private final String errorOutput;

  /** With all that is known. */
  public WorkerDiedException(
      String message, Cause reason, long pid, int exitCode, String errorOutput) {
    super(message);
    this.reason = reason;
    this.pid = pid;
    this.exitCode = exitCode;
    this.errorOutput = errorOutput;
  }

  /** The same, to be thrown here. */
  WorkerDiedException again() {
    var e =
        new WorkerDiedException(String.valueOf(getMessage()), reason, pid, exitCode, errorOutput);
    if (getCause() != null) {
      Throwable unused = e.initCause(getCause());
    }
    return e;
  }

  /** Why it died. */
  public Cause reason() {
    return reason;
  }

  /** The worker's process. */
  public long pid() {
    return pid;
  }

  /** Its exit code, 128 + n after signal n, or -1 if it is not known. */
  public int exitCode() {
    return exitCode;
  }

  /** The end of what it wrote to its error output, at most 8 KiB. */
  public String errorOutput() {
    return errorOutput;
  }
}
