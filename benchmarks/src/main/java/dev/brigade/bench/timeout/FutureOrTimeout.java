package dev.brigade.bench.timeout;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** {@code CompletableFuture.orTimeout}, with the body on a virtual thread. */
final class FutureOrTimeout implements TimeoutSide {
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @Override
  public long run(int operations) {
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      int result = i;
      sum +=
          CompletableFuture.supplyAsync(() -> result, executor)
              .orTimeout(LIMIT.toNanos(), TimeUnit.NANOSECONDS)
              .join();
    }
    return sum;
  }

  @Override
  public void hold(Callable<Void> body) {
    Runnable work =
        () -> {
          try {
            body.call();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
    CompletableFuture.runAsync(work, executor)
        .orTimeout(LONG.toNanos(), TimeUnit.NANOSECONDS)
        .join();
  }

  @Override
  public void close() {
    executor.close();
  }
}
