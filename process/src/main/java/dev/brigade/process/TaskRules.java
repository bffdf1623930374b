package dev.brigade.process;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How single tasks of a pool are treated.
 *
 * @param priority higher ones leave the queue first; 0 unless told otherwise
 * @param timeout how long a task may run from its start in a worker, or null without end; then it
 *     is interrupted, and after the grace its worker is killed; more than 100 years are taken for
 *     100 years
 * @param crashRetries how often a task that was running when its worker died is run again; more
 *     than 1 is taken for 1: a task that was there when two workers died is not given a third. More
 *     than 0 is a promise that running it twice does no harm
 * @param progress takes what tasks say by {@link Worker#progress}, on a thread of the pool's
 */
public record TaskRules(
    int priority,
    @Nullable Duration timeout,
    int crashRetries,
    @Nullable Consumer<? super Progress> progress) {

  private static final TaskRules PLAIN = new TaskRules(0, null, 0, null);

  /** Checks the values. */
  public TaskRules {
    if (timeout != null && (timeout.isNegative() || timeout.isZero()))
      throw new IllegalArgumentException("timeout must be more than zero, but was " + timeout);
    if (timeout != null) timeout = Countable.of(timeout);
    if (crashRetries < 0)
      throw new IllegalArgumentException(
          "crashRetries must not be negative, but was " + crashRetries);
  }

  /** Nothing special. */
  public static TaskRules plain() {
    return PLAIN;
  }

  /** With another priority. */
  public TaskRules withPriority(int other) {
    return new TaskRules(other, timeout, crashRetries, progress);
  }

  /** With a timeout from the start of the task. */
  public TaskRules withTimeout(Duration other) {
    return new TaskRules(
        priority, Objects.requireNonNull(other, "timeout"), crashRetries, progress);
  }

  /** With a task run again when its worker dies. */
  public TaskRules withCrashRetries(int times) {
    return new TaskRules(priority, timeout, times, progress);
  }

  /** With a listener for progress. */
  public TaskRules withProgress(Consumer<? super Progress> listener) {
    return new TaskRules(priority, timeout, crashRetries, listener);
  }
}
