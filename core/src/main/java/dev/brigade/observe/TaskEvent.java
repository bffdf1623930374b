package dev.brigade.observe;

import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to one task.
 *
 * @param kind what happened
 * @param nanos when, on the clock of the task's scope
 * @param task the number of the task, scope or item, unique in this JVM; 0 where it has none
 *     because it began before any observer was registered
 * @param parent the number of the task or scope that it belongs to, 0 for none
 * @param name its name
 * @param engine the name of the engine that it runs on
 * @param thread the name of the thread that it happened on, or {@code #} and the number of a
 *     nameless one
 * @param site where the task was forked, for {@link Kind#FORKED}
 * @param detail the outcome for {@link Kind#ENDED}, the reason for {@link Kind#CANCELLED} and
 *     {@link Kind#OVERRAN}, what is waited for in {@link Kind#WAITING}
 * @param failure the exception of a failed task
 */
public record TaskEvent(
    Kind kind,
    long nanos,
    long task,
    long parent,
    String name,
    String engine,
    String thread,
    @Nullable String site,
    @Nullable String detail,
    @Nullable Throwable failure) {

  /** What can happen to a task. */
  public enum Kind {
    /** A scope was opened, by its parent. */
    OPENED,
    /** A scope has closed: everything in it has ended. */
    CLOSED,
    /** It was handed to its engine. */
    FORKED,
    /** Its body began, on the thread of the event. */
    STARTED,
    /** Its thread began to wait in one of this library's primitives. */
    WAITING,
    /** That wait is over. */
    RESUMED,
    /**
     * Its cancellation was requested; comes from the thread that requested it, so it may be late.
     */
    CANCELLED,
    /** It returned a value although its deadline or cancellation had struck before. */
    OVERRAN,
    /** It ended. */
    ENDED,
    /** It failed, its scope has closed, and nobody ever looked at the failure. */
    UNOBSERVED
  }
}
