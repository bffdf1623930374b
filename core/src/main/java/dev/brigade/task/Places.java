package dev.brigade.task;

import dev.brigade.time.TimeSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks a fan-out has out elsewhere, of at most so many; taken by one thread at a time, of
 * which one waits for a free place, and given back by whoever reports. The waiter is published
 * before the count is read again, and the count goes down before the waiter is read, so one of the
 * two sees the other.
 */
final class Places {
  private final int most;
  private final AtomicInteger out = new AtomicInteger();
  private volatile @Nullable Waiter puller;

  Places(int most) {
    this.most = most;
  }

  boolean isFree() {
    return out.get() < most;
  }

  /** On the thread that hands out. */
  void awaitFree() throws InterruptedException {
    awaitAtMost(most - 1);
  }

  /** Until no more than so many are out. */
  void awaitAtMost(int tasks) throws InterruptedException {
    while (out.get() > tasks) {
      var w = new Waiter();
      puller = w;
      if (out.get() <= tasks) return;
      boolean unused = w.await("a free place", TimeSource.NEVER);
    }
  }

  void take() {
    out.getAndIncrement();
  }

  void giveBack() {
    out.getAndDecrement();
    Waiter w = puller;
    if (w != null) {
      boolean unused = w.signal();
    }
  }
}
