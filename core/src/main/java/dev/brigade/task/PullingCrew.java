package dev.brigade.task;

import dev.brigade.time.TimeSource;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * Design. The caller pulls and queues; a worker takes from the queue until it is empty and then
 * ends; the caller starts one when there is a queued item and room. Guarded by the monitor: queue,
 * ahead, workers, puller.
 * Invariants: ahead = items pulled and not ended <= bound. workers <= width. If the queue is not empty,
 * there are workers. Bound is the width, so that what is pulled is about to run; on an engine that
 * chunks it is wider, since there the hand-over would cost more than the item.
 */
/** Items are pulled on the caller's thread as workers get free. */
final class PullingCrew<A, R> extends Crew<A, R> {
  private final Iterator<? extends A> input;
  private final int bound;
  private final ArrayDeque<Item<A>> queue = new ArrayDeque<>();
  private final Taker worker = new Taker();
  private int ahead;
  private int workers;

  // The caller's own.
  private int pulled;
  private boolean exhausted;

  private @Nullable Waiter puller;

  private record Item<A>(int index, A item) {}

  PullingCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      int width) {
    super(scope, f, rule, width);
    this.input = Objects.requireNonNull(items.pulled());
    boolean chunked = scope.engine.traits().chunked();
    this.bound = chunked ? (int) Math.min(Integer.MAX_VALUE, 64L * width) : width;
  }

  @Override
  void run() throws InterruptedException {
    for (int i = 0; !stopped(); i++) {
      if (!input.hasNext()) {
        exhausted = true;
        return;
      }
      A item = input.next();
      pulled++;
      if (offer(new Item<>(i, item))) fork(worker);
      awaitRoom();
    }
  }

  @Override
  boolean complete() {
    return exhausted && ended.get() == pulled;
  }

  private synchronized boolean offer(Item<A> item) {
    queue.add(item);
    ahead++;
    if (workers >= width) return false;
    workers++;
    return true;
  }

  /** Before the next pull, so that an item is not asked for long before it can run. */
  private void awaitRoom() throws InterruptedException {
    Waiter w;
    synchronized (this) {
      if (ahead < bound) return;
      w = new Waiter();
      puller = w;
    }
    scope.helpQueued();
    boolean unused = w.await("a free worker", TimeSource.NEVER);
  }

  private synchronized @Nullable Item<A> take(boolean after) {
    if (after) {
      ended.getAndIncrement();
      ahead--;
      if (puller != null && ahead < bound) {
        boolean unused = puller.signal();
        puller = null;
      }
    }
    Item<A> item = stopped() ? null : queue.poll();
    if (item == null) workers--;
    return item;
  }

  private final class Taker extends Worker {
    @Override
    void work() throws Exception {
      for (Item<A> next = take(false); next != null; next = take(true)) item(next.index, next.item);
    }
  }
}
