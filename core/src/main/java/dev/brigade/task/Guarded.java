package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.time.TimeSource;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * Design. A FIFO lock with direct hand-over: `owner` is the thread that may touch the value, or null.
 * Invariants, under the monitor: owner == null implies that no waiter is queued; a waiter is
 * signalled only after the ownership has been given to it, so a signalled waiter owns the lock even
 * if it was interrupted meanwhile.
 */
/**
 * A value that can be reached only under its lock, so that no access can forget it. For a plain
 * counter {@link java.util.concurrent.atomic.LongAdder} is faster, for a map {@link
 * java.util.concurrent.ConcurrentHashMap}; use this where several things must change together.
 *
 * {@snippet :
 * var accounts = new Guarded<>(new Accounts());
 * accounts.run(a -> { a.withdraw(from, sum); a.deposit(to, sum); });
 * long total = accounts.call(Accounts::total);
 * }
 *
 * <p>Waiting is first come, first served, and ends at cancellation and deadlines. Don't let the
 * value escape from the function; keep the function short. The lock is not reentrant: using the
 * same {@code Guarded} inside throws {@link IllegalStateException} instead of waiting for ever.
 *
 * <p>Memory effects: what one access did happens before the next access. Cost: one short monitor
 * entry to take and one to give back.
 *
 * @param <T> the value, usually mutable
 */
public final class Guarded<T> {
  private T value;
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private final ArrayDeque<Waiter> conditions = new ArrayDeque<>();
  private @Nullable Thread owner;

  private record Entry(Thread thread, Waiter waiter) {}

  /** Guards this value. */
  public Guarded(T value) {
    this.value = value;
  }

  /** Computes something of the value, under the lock. */
  @CheckReturnValue
  public <R, X extends Exception> R call(Fn<? super T, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    lock();
    try {
      return f.apply(value);
    } finally {
      unlock();
    }
  }

  /** Does something with the value, under the lock. */
  public <X extends Exception> void run(VoidFn<? super T, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    lock();
    try {
      f.accept(value);
    } finally {
      unlock();
    }
  }

  /** Replaces the value by a function of it, under the lock; if the function throws, it stays. */
  public <X extends Exception> T update(Fn<? super T, ? extends T, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(f, "f");
    lock();
    try {
      return value = f.apply(value);
    } finally {
      unlock();
    }
  }

  /**
   * Waits until the value satisfies {@code when}, then computes something of it, all under the
   * lock, which is free while waiting. The predicate is asked after each change by another access.
   */
  public <R, X extends Exception> R callWhen(
      Predicate<? super T> when, Fn<? super T, ? extends R, ? extends X> f)
      throws X, InterruptedException {
    Objects.requireNonNull(when, "when");
    Objects.requireNonNull(f, "f");
    lock();
    while (true) {
      Waiter changed = null;
      try {
        if (when.test(value)) return f.apply(value);
        changed = new Waiter();
      } finally {
        if (changed == null) unlock();
        else unlockToWait(changed);
      }
      try {
        boolean unused = changed.await(this, TimeSource.NEVER);
        Tasks.checkCancelled();
      } catch (InterruptedException e) {
        synchronized (queue) {
          conditions.remove(changed);
        }
        throw e;
      }
      lock();
    }
  }

  /** Who uses it now, as far as another thread can tell. */
  @Nullable Thread ownerOrNull() {
    return owner;
  }

  private void lock() throws InterruptedException {
    Thread me = Thread.currentThread();
    Waiter waiter;
    synchronized (queue) {
      if (owner == me)
        throw new IllegalStateException(
            "this Guarded is being used by the same thread already; it is not reentrant");
      if (owner == null) {
        owner = me;
        return;
      }
      waiter = new Waiter();
      queue.add(new Entry(me, waiter));
    }
    try {
      boolean unused = waiter.await(this, TimeSource.NEVER);
    } catch (InterruptedException e) {
      synchronized (queue) {
        queue.removeIf(q -> q.waiter == waiter);
      }
      throw e;
    }
  }

  /** Gives the lock back after a look that changed nothing, and waits for the next change. */
  private void unlockToWait(Waiter changed) {
    synchronized (queue) {
      conditions.add(changed);
      handOver();
    }
  }

  private void unlock() {
    synchronized (queue) {
      while (!conditions.isEmpty()) {
        boolean unused = conditions.poll().signal();
      }
      handOver();
    }
  }

  private void handOver() {
    synchronized (queue) {
      for (Entry next = queue.poll(); next != null; next = queue.poll()) {
        owner = next.thread;
        if (next.waiter.signal()) return;
      }
      owner = null;
    }
  }

  @Override
  public String toString() {
    Thread o = owner;
    return o == null ? "a guarded value" : "a guarded value, in use by " + Events.threadName(o);
  }
}
