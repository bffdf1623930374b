package dev.brigade.bench.process;

import dev.brigade.bench.Side;
import dev.brigade.process.ProcessPool;
import java.util.ArrayList;
import java.util.concurrent.Future;

/** Submits all tasks, then takes their results. */
final class OurOneByOne implements Side {
  private final int tasks;
  private final ProcessPool pool = ProcessPool.open(PoolBench.WORKERS);

  OurOneByOne(int tasks) {
    this.tasks = tasks;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int n = 0; n < operations; n++) {
      var futures = new ArrayList<Future<Integer>>(tasks);
      for (int i = 0; i < tasks; i++) futures.add(pool.call(Mapped::increment, i));
      for (var future : futures) sum += future.get();
    }
    return sum;
  }

  @Override
  public void close() {
    pool.close();
  }
}
