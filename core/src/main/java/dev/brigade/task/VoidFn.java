package dev.brigade.task;

import java.io.Serializable;

/**
 * Work on one argument without a result; otherwise as {@link Fn}.
 *
 * @param <A> the argument
 * @param <X> what the work may throw
 */
@FunctionalInterface
public interface VoidFn<A, X extends Exception> extends Serializable {
  /** Does the work on the current thread. */
  void accept(A argument) throws X, InterruptedException;
}
