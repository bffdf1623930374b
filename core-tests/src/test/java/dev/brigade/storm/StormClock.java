package dev.brigade.storm;

import dev.brigade.time.TimeSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock that one thread drives, by steps as large as it likes, and that remembers what each
 * worker has read last: the moment of a grant, if the grant is the last thing that read it.
 */
final class StormClock implements TimeSource {
  private static final ThreadLocal<long[]> READING = new ThreadLocal<>();

  private static final class Entry implements Alarm {
    final long at;
    final Runnable action;
    volatile boolean cancelled;

    Entry(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  private final PriorityQueue<Entry> alarms =
      new PriorityQueue<>(Comparator.comparingLong(e -> e.at));
  private volatile long now;

  /** From now on remembers what the current thread reads. */
  static void remember() {
    READING.set(new long[1]);
  }

  /** What the current thread read last. */
  static long reading() {
    return READING.get()[0];
  }

  /** Moves the time, and strikes what is due; for one thread only. */
  void advance(long nanos) {
    long until = now + nanos;
    now = until;
    while (true) {
      Entry due;
      synchronized (alarms) {
        due = alarms.peek();
        if (due == null || due.at > until) return;
        alarms.poll();
      }
      if (!due.cancelled) due.action.run();
    }
  }

  /** How many alarms are set and not taken back. */
  int pending() {
    synchronized (alarms) {
      return (int) alarms.stream().filter(e -> !e.cancelled).count();
    }
  }

  @Override
  public long nanoTime() {
    long read = now;
    long[] slot = READING.get();
    if (slot != null) slot[0] = read;
    return read;
  }

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    var entry = new Entry(atNanos, action);
    synchronized (alarms) {
      alarms.add(entry);
    }
    return entry;
  }

  @Override
  public void park(Object blocker, long untilNanos) {
    if (untilNanos == NEVER) {
      LockSupport.park(blocker);
      return;
    }
    Thread me = Thread.currentThread();
    Alarm alarm = schedule(untilNanos, () -> LockSupport.unpark(me));
    if (untilNanos - now > 0) LockSupport.park(blocker);
    alarm.cancel();
  }

  @Override
  public void unpark(Thread thread) {
    LockSupport.unpark(thread);
  }
}
