package dev.brigade.bench.timeout;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** {@code Future.get} with a timeout, with the body on a virtual thread. */
final class FutureGet implements TimeoutSide {
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      int result = i;
      sum += executor.submit(() -> result).get(LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    }
    return sum;
  }

  @Override
  public void hold(Callable<Void> body) throws Exception {
    executor.submit(body).get(LONG.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    executor.close();
  }
}
