package dev.brigade.task;

import java.io.Serializable;

/**
 * Work without a result; otherwise as {@link Work}.
 *
 * @param <X> what the work may throw
 */
@FunctionalInterface
public interface VoidWork<X extends Exception> extends Serializable {
  /** Does the work on the current thread. */
  void run() throws X, InterruptedException;
}
