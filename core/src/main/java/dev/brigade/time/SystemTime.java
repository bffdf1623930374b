package dev.brigade.time;

import java.util.concurrent.locks.LockSupport;

/**
 * The machine's monotonic clock, counted from when the library was loaded so that it starts low.
 */
final class SystemTime implements TimeSource {
  static final SystemTime INSTANCE = new SystemTime();

  private final long origin = System.nanoTime();
  private final AlarmThread alarms = new AlarmThread(this);

  private SystemTime() {}

  @Override
  public long nanoTime() {
    return System.nanoTime() - origin;
  }

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    return alarms.schedule(atNanos, action);
  }

  @Override
  public void park(Object blocker, long untilNanos) {
    if (untilNanos == NEVER) {
      LockSupport.park(blocker);
      return;
    }
    long left = untilNanos - nanoTime();
    if (left > 0) LockSupport.parkNanos(blocker, left);
  }

  @Override
  public void unpark(Thread thread) {
    LockSupport.unpark(thread);
  }

  @Override
  public boolean mayBlockHere() {
    return !alarms.isServedHere();
  }

  @Override
  public String toString() {
    return "system time";
  }
}
