package dev.brigade.bench.process;

import dev.brigade.bench.Side;
import dev.brigade.process.ProcessPool;
import dev.brigade.process.SharedArray;
import java.io.IOException;

/** The same numbers as {@link SerialisedArray}'s, in memory that the worker maps. */
final class OurSharedArray implements Side {
  private final double[] doubles = SerialisedArray.numbers();
  private final SharedArray kept;
  private final boolean copiedIn;
  private final ProcessPool pool = ProcessPool.open(PoolBench.WORKERS);

  /**
   * @param copiedIn whether the numbers come from an ordinary array each time; otherwise they are
   *     in shared memory from the beginning
   */
  OurSharedArray(boolean copiedIn) throws IOException {
    this.copiedIn = copiedIn;
    this.kept = SharedArray.of(doubles);
  }

  @Override
  public long run(int operations) throws Exception {
    double sum = 0;
    for (int i = 0; i < operations; i++) sum += copiedIn ? copied() : sumOf(kept);
    return (long) sum;
  }

  private double copied() throws Exception {
    try (SharedArray copy = SharedArray.of(doubles)) {
      return sumOf(copy);
    }
  }

  private double sumOf(SharedArray array) throws Exception {
    return pool.call(Mapped::addUpShared, array).get();
  }

  @Override
  public void close() {
    pool.close();
    kept.close();
  }
}
