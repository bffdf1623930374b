package dev.brigade.task;

import dev.brigade.time.TimeSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * Design. The thread that pulls collects items until they are as many as a batch should have. It may
 * be blocked in its source meanwhile, perhaps until an item that is collected here has run; so what
 * has been collected does not wait longer for the rest than a batch should last, within LEAST_NANOS
 * and MOST_NANOS: then an alarm has it handed out by a thread of its own. One alarm is set at a time,
 * and set again when it came too early, so that quick sources set few. Where no place is free it is
 * not set again; whoever gives one back rings.
 *
 * Guarded by the monitor: all but `starved`. Nothing is forked under it. A place is taken under it, by
 * the puller and by the flusher, so they never take the same one; the reporters only give back.
 * `starved` is set before the places are read again, and they are given back before it is read.
 */
/** Items that have been pulled and not handed out. */
final class BatchPending<A, R> implements AutoCloseable {
  private static final long LEAST_NANOS = 5_000_000;
  private static final long MOST_NANOS = 100_000_000;
  private static final int FIRST_ROOM = 16;

  private final BatchOwner<A, R> owner;
  private final Places places;
  private final TimeSource time;
  private @Nullable Object[] items = new Object[FIRST_ROOM];
  private int count;
  private long first;
  private long sinceNanos;
  private TimeSource.@Nullable Alarm alarm;
  private boolean closed;
  private @Nullable Thread flusher;
  private volatile boolean starved;

  BatchPending(BatchOwner<A, R> owner, Places places) {
    this.owner = owner;
    this.places = places;
    this.time = owner.scope().time;
  }

  /** The batch if it is full and there is a place, which is taken, for the caller to hand out. */
  synchronized @Nullable BatchTask<A, R> add(A item) {
    if (count == items.length) items = Arrays.copyOf(items, 2 * count);
    items[count++] = item;
    if (count >= owner.wanted() && places.isFree()) return take();
    if (count == 1) {
      sinceNanos = time.nanoTime();
      if (alarm == null) setAlarm();
    }
    return null;
  }

  private @Nullable BatchTask<A, R> take() {
    if (count == 0) return null;
    places.take();
    var batch = new BatchTask<A, R>(owner, first, items, 0, count);
    first += count;
    items = new Object[Math.max(FIRST_ROOM, Math.min(count, owner.sizes().next()))];
    count = 0;
    return batch;
  }

  synchronized boolean isEmpty() {
    return count == 0;
  }

  /** A place was given back, on any thread. */
  void placeIsFree() {
    if (!starved) return;
    starved = false;
    time.schedule(time.nanoTime(), this::rang);
  }

  private void setAlarm() {
    long at = due();
    alarm = time.schedule(at, this::rang);
  }

  private long due() {
    long linger = Math.clamp(owner.sizes().nanos(), LEAST_NANOS, MOST_NANOS);
    long at = sinceNanos + linger;
    return at == TimeSource.NEVER ? at - 1 : at;
  }

  private synchronized void rang() {
    alarm = null;
    if (closed || count == 0) return;
    if (!time.passed(due()) || flusher != null && flusher.isAlive()) {
      if (time.passed(due())) sinceNanos = time.nanoTime();
      setAlarm();
      return;
    }
    if (!places.isFree()) {
      starved = true;
      if (!places.isFree()) return;
      starved = false;
    }
    flusher = Thread.ofVirtual().name("brigade-hand-out").unstarted(this::flush);
    if (time != TimeSource.system()) time.taskForked();
    flusher.start();
  }

  private void flush() {
    if (time != TimeSource.system()) time.taskStarted();
    try {
      BatchTask<A, R> batch = takeIfFree();
      if (batch != null) owner.fork(batch);
    } catch (Throwable t) {
      owner.scope().cancelForFailure(t);
    } finally {
      if (time != TimeSource.system()) time.taskEnded();
    }
  }

  /** All that is there, and a place for it; null if there is nothing, or no place. */
  synchronized @Nullable BatchTask<A, R> takeIfFree() {
    if (closed || !places.isFree()) return null;
    return take();
  }

  /** Nothing is handed out after this. */
  @Override
  public void close() {
    Thread f;
    synchronized (this) {
      closed = true;
      if (alarm != null) alarm.cancel();
      f = flusher;
    }
    while (f != null && f.isAlive()) Thread.yield();
  }
}
