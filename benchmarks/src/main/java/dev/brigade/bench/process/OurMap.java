package dev.brigade.bench.process;

import dev.brigade.bench.Side;
import dev.brigade.process.ProcessPool;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.stream.IntStream;

/** {@code Tasks.on(pool).map}, which finds the size of its chunks itself. */
final class OurMap implements Side {
  private final List<Integer> items;
  private final ProcessPool pool = ProcessPool.open(PoolBench.WORKERS);

  OurMap(int items) {
    this.items = IntStream.range(0, items).boxed().toList();
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int n = 0; n < operations; n++)
      for (int result : Tasks.on(pool).map(items, Mapped::increment)) sum += result;
    return sum;
  }

  @Override
  public void close() {
    pool.close();
  }
}
