package dev.brigade.observe;

import org.jspecify.annotations.Nullable;

/**
 * Something that a policy did apart from letting work through.
 *
 * @param kind what it did
 * @param nanos when, on the policy's clock
 * @param policy the policy: its kind, configuration and name, the same in all of its events
 * @param thread the name of the thread that it happened on, or {@code #} and the number of a
 *     nameless one
 * @param detail the delay, the attempt, the reason; for people
 * @param failure the failure that led to it
 */
public record PolicyEvent(
    Kind kind,
    long nanos,
    String policy,
    String thread,
    @Nullable String detail,
    @Nullable Throwable failure) {

  /** An event of the current thread. */
  public static PolicyEvent here(
      Kind kind, long nanos, String policy, @Nullable String detail, @Nullable Throwable failure) {
    Thread t = Thread.currentThread();
    String thread = t.getName().isEmpty() ? "#" + t.threadId() : t.getName();
    return new PolicyEvent(kind, nanos, policy, thread, detail, failure);
  }

  /** What a policy can do. */
  public enum Kind {
    /** Another attempt will be made, after a delay. */
    RETRYING,
    /** It did not let the work begin. */
    REFUSED,
    /** A breaker opened. */
    OPENED,
    /** A breaker lets probes through. */
    HALF_OPENED,
    /** A breaker closed. */
    CLOSED,
    /** A second call was made beside a slow one. */
    HEDGED,
    /** A fallback took the place of a failure. */
    FELL_BACK,
    /** A call ended because its time was up. */
    TIMED_OUT,
    /** A call was given up although it still runs. */
    ABANDONED,
    /** An adaptive limit changed. */
    RESIZED
  }
}
