package dev.brigade.task;

import java.io.Serializable;

/**
 * The results of four branches, in their order; take them apart with a record pattern.
 *
 * @param first the result of the first branch
 * @param second the result of the second branch
 * @param third the result of the third branch
 * @param fourth the result of the fourth branch
 */
public record Four<A, B, C, D>(A first, B second, C third, D fourth) implements Serializable {}
