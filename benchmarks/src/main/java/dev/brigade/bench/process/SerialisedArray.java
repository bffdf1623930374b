package dev.brigade.bench.process;

import dev.brigade.bench.Side;
import dev.brigade.process.ProcessPool;

/** 64 MiB of doubles as the argument of a task that looks at each page. */
final class SerialisedArray implements Side {
  static final int DOUBLES = (64 << 20) / Double.BYTES;

  private final double[] doubles = numbers();
  private final ProcessPool pool = ProcessPool.open(PoolBench.WORKERS);

  static double[] numbers() {
    var doubles = new double[DOUBLES];
    for (int i = 0; i < DOUBLES; i++) doubles[i] = i;
    return doubles;
  }

  @Override
  public long run(int operations) throws Exception {
    double sum = 0;
    for (int i = 0; i < operations; i++) sum += pool.call(Mapped::addUp, doubles).get();
    return (long) sum;
  }

  @Override
  public void close() {
    pool.close();
  }
}
