package dev.brigade.task;

import java.io.Serializable;

/**
 * A function that may throw; as {@link Work}, of one argument.
 *
 * @param <A> the argument
 * @param <R> the result
 * @param <X> what the function may throw
 */
@FunctionalInterface
public interface Fn<A, R, X extends Exception> extends Serializable {
  /** Computes the result on the current thread. */
  R apply(A argument) throws X, InterruptedException;
}
