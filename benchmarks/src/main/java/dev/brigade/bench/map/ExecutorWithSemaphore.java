package dev.brigade.bench.map;

import dev.brigade.bench.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * What is usually written by hand: a permit is taken before each submit, so that at most 64 threads
 * exist.
 */
final class ExecutorWithSemaphore implements Side {
  private final List<Integer> items;
  private final int millis;

  ExecutorWithSemaphore(int items, int millis) {
    this.items = Item.list(items);
    this.millis = millis;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += Item.sum(map());
    return sum;
  }

  private List<Integer> map() throws Exception {
    var permits = new Semaphore(MapBench.WIDTH);
    List<Future<Integer>> futures = new ArrayList<>(items.size());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Integer item : items) {
        permits.acquire();
        futures.add(
            executor.submit(() -> {
              try {
                return Item.process(item, millis);
              } finally {
                permits.release();
              }
            }));
      }
    }
    List<Integer> results = new ArrayList<>(futures.size());
    for (var future : futures) results.add(future.get());
    return results;
  }
}
