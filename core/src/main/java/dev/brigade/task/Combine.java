package dev.brigade.task;

import java.io.Serializable;
import java.util.function.BinaryOperator;

/**
 * Makes one value of two neighbours. It must be associative; it need not be commutative, since the
 * order is kept.
 *
 * @param <R> the values
 */
@FunctionalInterface
public interface Combine<R> extends BinaryOperator<R>, Serializable {}
