package dev.brigade.task;

import dev.brigade.time.TimeSource;

/** The machine's clock, for tests that step in at one of its methods. */
public class SystemTimeWith implements TimeSource {
  @Override
  public long nanoTime() {
    return TimeSource.system().nanoTime();
  }

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    return TimeSource.system().schedule(atNanos, action);
  }

  @Override
  public void park(Object blocker, long untilNanos) {
    TimeSource.system().park(blocker, untilNanos);
  }

  @Override
  public void unpark(Thread thread) {
    TimeSource.system().unpark(thread);
  }
}
