package dev.brigade.task;

/**
 * One item of {@link Completions}.
 *
 * @param index the item's place in the input, from 0
 * @param input the item
 * @param outcome how it ended
 */
public record Completion<A, R>(long index, A input, Outcome<R> outcome) {}
