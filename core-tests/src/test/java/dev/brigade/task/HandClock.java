package dev.brigade.task;

import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A clock that only the test moves; alarms run on the thread that moves it. */
public final class HandClock implements TimeSource {
  private final List<Entry> alarms = new ArrayList<>();
  private final Set<Thread> parked = ConcurrentHashMap.newKeySet();
  private final AtomicLong now = new AtomicLong();

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

  /** Moves the time and runs what is due, in order. */
  public void advance(Duration by) {
    long time = now.addAndGet(by.toNanos());
    List<Entry> due = new ArrayList<>();
    synchronized (alarms) {
      for (Entry e : alarms) if (e.at <= time) due.add(e);
      alarms.removeAll(due);
    }
    due.sort(Comparator.comparingLong(e -> e.at));
    for (Entry e : due) if (!e.cancelled) e.action.run();
    parked.forEach(LockSupport::unpark);
  }

  /** How many alarms are set and not taken back. */
  public int pendingAlarms() {
    synchronized (alarms) {
      return (int) alarms.stream().filter(e -> !e.cancelled).count();
    }
  }

  @Override
  public long nanoTime() {
    return now.get();
  }

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    var e = new Entry(atNanos, action);
    if (atNanos <= now.get()) action.run();
    else
      synchronized (alarms) {
        alarms.add(e);
      }
    return e;
  }

  @Override
  public void park(Object blocker, long untilNanos) {
    parked.add(Thread.currentThread());
    try {
      if (untilNanos == NEVER || untilNanos > now.get()) LockSupport.park(blocker);
    } finally {
      parked.remove(Thread.currentThread());
    }
  }

  @Override
  public void unpark(Thread thread) {
    LockSupport.unpark(thread);
  }
}
