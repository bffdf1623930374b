package dev.brigade.task;

import java.io.Serializable;

/**
 * The results of three branches, in their order; take them apart with a record pattern.
 *
 * @param first the result of the first branch
 * @param second the result of the second branch
 * @param third the result of the third branch
 */
public record Three<A, B, C>(A first, B second, C third) implements Serializable {}
