package dev.brigade.task;

import java.util.concurrent.atomic.AtomicInteger;

/** Workers take the next index from a counter: for items known in number that wait. */
final class IndexedCrew<A, R> extends Crew<A, R> {
  private final Items<A> items;
  private final AtomicInteger next = new AtomicInteger();

  IndexedCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      int width) {
    super(scope, f, rule, width);
    this.items = items;
  }

  @Override
  void run() {
    var worker = new Taker();
    for (int i = 0; i < width && next.get() < items.size() && !stopped(); i++) fork(worker);
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
      while (next.get() < n && !stopped()) {
        int i = next.getAndIncrement();
        if (i >= n) break;
        item(i, items.get(i));
        done++;
      }
      ended.getAndAdd(done);
    }
  }
}
