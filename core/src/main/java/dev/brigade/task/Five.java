package dev.brigade.task;

import java.io.Serializable;

/**
 * The results of five branches, in their order; take them apart with a record pattern.
 *
 * @param first the result of the first branch
 * @param second the result of the second branch
 * @param third the result of the third branch
 * @param fourth the result of the fourth branch
 * @param fifth the result of the fifth branch
 */
public record Five<A, B, C, D, E>(A first, B second, C third, D fourth, E fifth)
    implements Serializable {}
