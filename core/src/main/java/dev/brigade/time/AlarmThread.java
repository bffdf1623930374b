package dev.brigade.time;

import dev.brigade.time.TimeSource.Alarm;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * Design. Nearly every deadline is taken back before it strikes, so scheduling and cancelling must
 * cost next to nothing, whatever is pending, and striking may cost more.
 *
 * schedule pushes an entry on a lock-free stack (the inbox) and wakes the thread only when the
 * entry is due before the thread would wake by itself, or when the inbox has grown by BATCH.
 * cancel clears the entry's action and leaves the husk. The thread alone owns the heap: it moves
 * the inbox there, dropping husks, and sweeps husks out of the heap each time it has doubled. So
 * husks never outnumber live alarms by more than a constant, at amortised O(1) a schedule.
 *
 * Invariants.
 *  I1 An entry is in the inbox, in the heap, or done. Only the thread moves it, and only forward.
 *  I2 An action runs at most once: `take` clears it atomically; so does cancel.
 *  I3 No lost wake-up: the thread publishes wakeAt and then looks at the inbox; a scheduler pushes
 *     and then looks at wakeAt. Both are sequentially consistent, so one sees the other.
 *  I4 inbox == STOPPED exactly while no thread serves it; whoever replaces STOPPED starts one.
 *
 * Rejected: the common pool's delay scheduler (its actions wait behind a busy common pool), a
 * ScheduledThreadPoolExecutor (a lock and a siftUp for each schedule and each cancel), a timing
 * wheel (no gain once cancelled entries never reach the ordered structure).
 */
/** Runs alarms on one daemon thread that starts on demand and ends when it has long been idle. */
final class AlarmThread implements Runnable {
  private static final int BATCH = 4096;
  private static final long IDLE_NANOS = 10_000_000_000L;
  private static final VarHandle INBOX;
  private static final VarHandle ACTION;

  static {
    try {
      var lookup = MethodHandles.lookup();
      INBOX = lookup.findVarHandle(AlarmThread.class, "inbox", Entry.class);
      ACTION = lookup.findVarHandle(Entry.class, "action", Runnable.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final Entry STOPPED = new Entry(0, () -> {});

  private final TimeSource time;
  private volatile @Nullable Entry inbox = STOPPED;
  private volatile long wakeAt = Long.MIN_VALUE;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Entry orphans;

  private Entry[] heap = new Entry[64];
  private int size;
  private int sweepAt = BATCH;

  AlarmThread(TimeSource time) {
    this.time = time;
  }

  static final class Entry implements Alarm {
    final long at;
    volatile @Nullable Runnable action;
    @Nullable Entry next;
    int depth;

    Entry(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }

    @Override
    public void cancel() {
      ACTION.setRelease(this, (Runnable) null);
    }

    @Nullable Runnable take() {
      return (Runnable) ACTION.getAndSet(this, (Runnable) null);
    }
  }

  Alarm schedule(long atNanos, Runnable action) {
    // What lies before the clock's origin is due as well, and would overflow the differences below.
    long at = Math.max(0, atNanos);
    Entry e = new Entry(at, action);
    Entry head;
    do {
      head = inbox;
      Entry below = head == STOPPED ? null : head;
      e.next = below;
      e.depth = below == null ? 1 : below.depth + 1;
    } while (!INBOX.compareAndSet(this, head, e));
    if (head == STOPPED) start();
    else if (at - wakeAt < 0 && wakeAt != Long.MIN_VALUE || e.depth % BATCH == 0)
      LockSupport.unpark(thread);
    return e;
  }

  boolean isServedHere() {
    return Thread.currentThread() == thread;
  }

  private void start() {
    Thread t = new Thread(null, this, "brigade-timer", 0, false);
    t.setDaemon(true);
    t.setContextClassLoader(ClassLoader.getSystemClassLoader());
    thread = t;
    try {
      t.start();
    } catch (Throwable e) {
      // I4: nobody serves the inbox, so the next to schedule must try again, for these as well.
      orphan((Entry) INBOX.getAndSet(this, STOPPED));
      throw e;
    }
  }

  /** Keeps entries for whoever serves next. */
  private synchronized void orphan(@Nullable Entry entries) {
    Entry e = entries;
    while (e != null && e != STOPPED) {
      Entry next = e.next;
      e.next = orphans;
      orphans = e;
      e = next;
    }
  }

  private synchronized @Nullable Entry takeOrphans() {
    Entry e = orphans;
    orphans = null;
    return e;
  }

  @Override
  public void run() {
    // The heap passes from one thread to the next through the inbox's STOPPED (I4).
    while (true) {
      try {
        if (serve()) return;
      } catch (Throwable t) {
        // No memory, most likely; the entries are kept, and a moment later there may be some.
        time.park(this, time.after(10_000_000));
      }
    }
  }

  /** One round; true if there has been nothing to do for long, and the thread may end. */
  private boolean serve() {
    wakeAt = Long.MIN_VALUE;
    drain((Entry) INBOX.getAndSet(this, (Entry) null));
    if (orphans != null) drain(takeOrphans());
    long next = fireDue();
    long idleUntil = time.nanoTime() + IDLE_NANOS;
    wakeAt = size == 0 ? Long.MAX_VALUE : next;
    if (inbox != null) return false;
    time.park(this, size == 0 ? idleUntil : next);
    Thread.interrupted();
    return size == 0
        && inbox == null
        && time.passed(idleUntil)
        && INBOX.compareAndSet(this, (Entry) null, STOPPED);
  }

  private void drain(@Nullable Entry entries) {
    Entry e = entries;
    try {
      while (e != null) {
        Entry next = e.next;
        if (e.action != null) add(e);
        e.next = null;
        e = next;
      }
    } finally {
      if (e != null) orphan(e);
    }
  }

  /** Runs what is due; returns when the next one is. */
  private long fireDue() {
    while (size > 0) {
      Entry first = heap[0];
      if (first.action != null && !time.passed(first.at)) return first.at;
      removeFirst();
      Runnable action = first.take();
      if (action == null) continue;
      try {
        action.run();
      } catch (Throwable t) {
        System.getLogger("dev.brigade").log(System.Logger.Level.ERROR, "an alarm failed", t);
      }
    }
    return TimeSource.NEVER;
  }

  private void add(Entry e) {
    if (size == sweepAt) sweep();
    if (size == heap.length) heap = Arrays.copyOf(heap, size * 2);
    siftUp(size++, e);
  }

  private void siftUp(int start, Entry e) {
    int i = start;
    while (i > 0) {
      int parent = (i - 1) >>> 1;
      if (heap[parent].at - e.at <= 0) break;
      heap[i] = heap[parent];
      i = parent;
    }
    heap[i] = e;
  }

  private void siftDown(int start, Entry e) {
    int i = start;
    while (true) {
      int child = 2 * i + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1].at - heap[child].at < 0) child++;
      if (e.at - heap[child].at <= 0) break;
      heap[i] = heap[child];
      i = child;
    }
    heap[i] = e;
  }

  @SuppressWarnings("NullAway") // slots past size are empty
  private void removeFirst() {
    Entry last = heap[--size];
    heap[size] = null;
    if (size > 0) siftDown(0, last);
  }

  @SuppressWarnings("NullAway") // slots past size are empty
  private void sweep() {
    int live = 0;
    for (int i = 0; i < size; i++) if (heap[i].action != null) heap[live++] = heap[i];
    Arrays.fill(heap, live, size, null);
    size = live;
    for (int i = (size >>> 1) - 1; i >= 0; i--) siftDown(i, heap[i]);
    sweepAt = Math.max(BATCH, 2 * size);
    if (heap.length > 4 * sweepAt) heap = Arrays.copyOf(heap, 2 * sweepAt);
  }

  @Override
  public String toString() {
    return "the next alarm";
  }
}
