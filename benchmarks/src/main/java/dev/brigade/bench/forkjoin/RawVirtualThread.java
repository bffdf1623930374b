package dev.brigade.bench.forkjoin;

import dev.brigade.bench.Side;

/**
 * {@code Thread.startVirtualThread} and {@code join}: no scope, no results but what the tasks store
 * themselves.
 */
final class RawVirtualThread implements Side {
  private final int tasks;

  RawVirtualThread(int tasks) {
    this.tasks = tasks;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += tasks == 1 ? one(i) : many(i);
    return sum;
  }

  private static long one(int i) throws InterruptedException {
    var result = new Integer[1];
    Thread.startVirtualThread(() -> result[0] = i).join();
    return result[0];
  }

  private long many(int i) throws InterruptedException {
    var results = new Integer[tasks];
    var threads = new Thread[tasks];
    for (int t = 0; t < tasks; t++) {
      int task = t;
      threads[t] = Thread.startVirtualThread(() -> results[task] = i);
    }
    long sum = 0;
    for (int t = 0; t < tasks; t++) {
      threads[t].join();
      sum += results[t];
    }
    return sum;
  }
}
