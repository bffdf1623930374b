package dev.brigade.task;

import java.io.Serializable;
import java.util.concurrent.Callable;

/**
 * Work that returns a value, possibly null, and may throw.
 *
 * <p>It names its checked exception, so that a caller gets exactly that one back and nothing needs
 * wrapping; a lambda that throws none makes {@code X} a {@link RuntimeException}. {@link
 * InterruptedException} is always allowed and means that the work was cancelled. It is serialisable
 * so that the same lambda can run in another process.
 *
 * @param <T> the result
 * @param <X> what the work may throw
 */
@FunctionalInterface
public interface Work<T, X extends Exception> extends Callable<T>, Serializable {
  /** Does the work on the current thread. */
  @Override
  T call() throws X, InterruptedException;
}
