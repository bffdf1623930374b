package dev.brigade.time;

import dev.brigade.annotation.CheckReturnValue;

/**
 * Where the library reads the time and where its threads wait. Scopes hand it down to their tasks;
 * stand-alone objects take it as an option. It is never a global: two tests on two virtual clocks
 * can run at once.
 *
 * <p>Applications use {@link #system()}, tests the virtual clock of the testing module. Times are
 * monotonic nanoseconds from an arbitrary origin, comparable only by difference; {@link #NEVER}
 * stands for "no time at all".
 *
 * <p>Memory effects: what a thread did before {@link #unpark} is visible to the thread that returns
 * from {@link #park} because of it only through the state that both look at, as with {@link
 * java.util.concurrent.locks.LockSupport}.
 */
public interface TimeSource {

  /** The time that never comes: wait without a bound. */
  long NEVER = Long.MAX_VALUE;

  /** The current monotonic time in nanoseconds. */
  @CheckReturnValue
  long nanoTime();

  /**
   * Runs {@code action} once at {@code atNanos} or soon after, on a thread of this source.
   *
   * @param atNanos when, on this source's clock; a time already past means at once
   * @param action must be short, must not block, and should not throw
   * @return the handle that takes the alarm back
   */
  Alarm schedule(long atNanos, Runnable action);

  /**
   * Blocks the current thread until it is unparked, interrupted, or the time comes; may return for
   * no reason, as {@link java.util.concurrent.locks.LockSupport#park} may.
   *
   * @param blocker what is waited for, shown in thread dumps and snapshots
   * @param untilNanos when to return at the latest, or {@link #NEVER}
   */
  void park(Object blocker, long untilNanos);

  /** Makes the current or next {@link #park} of that thread return. */
  void unpark(Thread thread);

  /**
   * Called before the library interrupts a thread that may be parked here, so that a clock which
   * counts the runnable threads knows that this one is about to run.
   */
  default void interrupting(Thread thread) {}

  /** Called by the forking thread for each task, before anything can run it. */
  default void taskForked() {}

  /** Called on the task's own thread when it begins to run there. */
  default void taskStarted() {}

  /** Called on the same thread when the task has ended there, after everyone was told. */
  default void taskEnded() {}

  /** Called instead of the two for a forked task that ended without a thread of this JVM. */
  default void taskLeft() {}

  /** Called on a thread that begins to run tracked work which nobody forked: a scope's body. */
  default void ownerEntered() {}

  /** The counterpart of {@link #ownerEntered}. */
  default void ownerLeft() {}

  /** The machine's own clock. */
  @CheckReturnValue
  static TimeSource system() {
    return SystemTime.INSTANCE;
  }

  /**
   * Whether somebody's code may be run on the current thread, however long it takes; false on a
   * thread that others' alarms wait for.
   */
  @CheckReturnValue
  default boolean mayBlockHere() {
    return true;
  }

  /**
   * The time {@code nanos} from now, saturated: durations of 146 years and more never end.
   *
   * @param nanos a length of time; zero or negative is already past
   */
  @CheckReturnValue
  default long after(long nanos) {
    if (nanos >= NEVER / 2) return NEVER;
    long at = nanoTime() + Math.max(0, nanos);
    return at == NEVER ? NEVER - 1 : at;
  }

  /** Whether the time has come. Compares by difference, so a clock that wraps does no harm. */
  @CheckReturnValue
  default boolean passed(long atNanos) {
    return atNanos != NEVER && atNanos - nanoTime() <= 0;
  }

  /** The earlier of two times, either of which may be {@link #NEVER}. */
  @CheckReturnValue
  static long earlier(long a, long b) {
    if (a == NEVER) return b;
    if (b == NEVER) return a;
    return a - b < 0 ? a : b;
  }

  /** A scheduled action that can be taken back. */
  interface Alarm {
    /** Takes the alarm back; no effect once it has begun to run. */
    void cancel();
  }
}
