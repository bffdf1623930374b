package dev.brigade.bench.forkjoin;

import dev.brigade.bench.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/**
 * {@code CompletableFuture.supplyAsync}: on its default pool, which must not be blocked, or on
 * virtual threads.
 */
final class Futures implements Side {
  private final int tasks;
  private final ExecutorService executor;

  private Futures(int tasks, ExecutorService executor) {
    this.tasks = tasks;
    this.executor = executor;
  }

  static Side onCommonPool(int tasks) {
    return new Futures(tasks, ForkJoinPool.commonPool());
  }

  static Side onVirtualThreads(int tasks) {
    return new Futures(tasks, Executors.newVirtualThreadPerTaskExecutor());
  }

  @Override
  public long run(int operations) {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += tasks == 1 ? one(i) : many(i);
    return sum;
  }

  private long one(int i) {
    return CompletableFuture.supplyAsync(() -> i, executor).join();
  }

  private long many(int i) {
    List<CompletableFuture<Integer>> futures = new ArrayList<>(tasks);
    for (int t = 0; t < tasks; t++) futures.add(CompletableFuture.supplyAsync(() -> i, executor));
    long sum = 0;
    for (var future : futures) sum += future.join();
    return sum;
  }

  @Override
  public void close() {
    executor.close();
  }
}
