package dev.brigade.bench.map;

import dev.brigade.bench.Side;
import java.util.List;

/**
 * As many bare virtual threads as the width, each with its share of the items: the ideal for items
 * that wait, since nothing is handed over and no thread is ever idle.
 */
final class BareThreads implements Side {
  private final List<Integer> items;
  private final int millis;
  private final int width;

  BareThreads(int items, int millis, int width) {
    this.items = Item.list(items);
    this.millis = millis;
    this.width = width;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += map();
    return sum;
  }

  private long map() throws InterruptedException {
    var results = new Integer[items.size()];
    var threads = new Thread[width];
    for (int t = 0; t < width; t++) {
      int first = t;
      threads[t] = Thread.ofVirtual().start(() -> share(first, results));
    }
    for (Thread thread : threads) thread.join();
    return Item.sum(List.of(results));
  }

  private void share(int first, Integer[] results) {
    try {
      for (int i = first; i < results.length; i += width)
        results[i] = Item.process(items.get(i), millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
