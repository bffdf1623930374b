package dev.brigade.models;

import dev.brigade.time.TimeSource;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock for model checking: it moves only when told, its alarms are never struck by itself, and
 * its waits are the plain park and unpark that the model checker follows.
 */
public final class ModelTime implements TimeSource {
  private volatile long now;

  /** Moves the time. */
  public void set(long nanos) {
    now = nanos;
  }

  @Override
  public long nanoTime() {
    return now;
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
