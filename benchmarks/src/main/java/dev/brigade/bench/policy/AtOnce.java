package dev.brigade.bench.policy;

import dev.brigade.bench.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/** A side run by several threads at once, all on the same object; each does every operation. */
final class AtOnce implements Side {
  private final Side side;
  private final int threads;
  private final Thread.Builder builder;

  AtOnce(Side side, int threads, Thread.Builder builder) {
    this.side = side;
    this.threads = threads;
    this.builder = builder;
  }

  @Override
  public long run(int operations) throws Exception {
    List<FutureTask<Long>> all = new ArrayList<>(threads);
    for (int i = 0; i < threads; i++) {
      var task = new FutureTask<>(() -> side.run(operations));
      all.add(task);
      builder.start(task);
    }
    long sum = 0;
    for (var task : all) sum += task.get();
    return sum;
  }

  @Override
  public void close() {
    side.close();
  }
}
