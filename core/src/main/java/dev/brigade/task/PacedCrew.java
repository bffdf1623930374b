package dev.brigade.task;

import dev.brigade.engine.Engine;
import java.util.concurrent.atomic.AtomicInteger;

/*
 * Design. As an IndexedCrew, but the number of workers follows a pace. Whoever has ended an item starts
 * as many workers as the pace allows more, or leaves if it allows fewer, so no thread waits for its turn.
 * Invariants: while items are left, at least one worker is not leaving, since a worker leaves only by
 * counting down from more than the width, which is at least 1. At most as many items are in progress
 * as the greatest width so far.
 */
/** Workers take the next index from a counter; how many there are may change. */
final class PacedCrew<A, R> extends Crew<A, R> {
  private final Items<A> items;
  private final AtomicInteger next;
  private final Pace pace;
  private final AtomicInteger workers = new AtomicInteger();
  private final Taker worker = new Taker();

  PacedCrew(
      TaskScope scope,
      Engine engine,
      Items<A> items,
      AtomicInteger next,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      Pace pace) {
    super(scope, engine, new PacedFn<A, R>(pace, f), rule, pace.width());
    this.items = items;
    this.next = next;
    this.pace = pace;
  }

  @Override
  void run() {
    while (grow()) {}
  }

  private boolean grow() {
    int w = workers.get();
    if (w >= pace.width() || next.get() >= items.size() || stopped()) return false;
    if (workers.compareAndSet(w, w + 1)) fork(worker);
    return true;
  }

  private boolean leave() {
    for (int w = workers.get(); w > pace.width(); w = workers.get())
      if (workers.compareAndSet(w, w - 1)) return true;
    return false;
  }

  @Override
  boolean complete() {
    return ended.get() == items.size();
  }

  private final class Taker extends Worker {
    @Override
    void work() throws Exception {
      int n = items.size();
      int done = 0;
      while (next.get() < n && !stopped() && !leave()) {
        int i = next.getAndIncrement();
        if (i >= n) break;
        item(i, items.get(i));
        done++;
        run();
      }
      ended.getAndAdd(done);
    }
  }
}
