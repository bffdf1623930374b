package dev.brigade.task;

import java.io.Serializable;

/**
 * The results of two branches, in their order; take them apart with a record pattern.
 *
 * @param first the result of the first branch
 * @param second the result of the second branch
 */
public record Two<A, B>(A first, B second) implements Serializable {}
