/**
 * Structured tasks: scopes, the shapes built on them, deadlines, cancellation, and what a task
 * inherits.
 *
 * <p>Begin with {@link dev.brigade.task.Tasks}.
 */
package dev.brigade.task;
