package dev.brigade.models;

import dev.brigade.time.TimeSource;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock for model checking: it moves only when told, or by one at each look if it ticks; its
 * alarms are never struck by itself, and its waits are the plain park and unpark that the model
 * checker follows.
 */
public final class ModelTime implements TimeSource {
  private final boolean ticks;
  private volatile long now;

  /** A clock that stands until it is set. */
  public ModelTime() {
    this(false);
  }

  private ModelTime(boolean ticks) {
    this.ticks = ticks;
  }

  /** A clock on which waits come to their end without another thread. */
  public static ModelTime ticking() {
    return new ModelTime(true);
  }

  /** Moves the time. */
  public void set(long nanos) {
    now = nanos;
  }

  @Override
  public long nanoTime() {
    long seen = now;
    // Never read by two threads that would mind a lost tick.
    if (ticks) now = seen + 1;
    return seen;
  }

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    return () -> {};
  }

  @Override
  public void park(Object blocker, long untilNanos) {
    if (passed(untilNanos)) return;
    LockSupport.park();
  }

  @Override
  public void unpark(Thread thread) {
    LockSupport.unpark(thread);
  }
}
