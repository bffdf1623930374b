package dev.brigade.bench.process;

import dev.brigade.bench.Side;
import dev.brigade.process.ProcessPool;

/** {@code pool.call(f, x).get()}, one at a time. */
final class OurRoundTrip implements Side {
  private final ProcessPool pool = ProcessPool.open(PoolBench.WORKERS);

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += pool.call(Mapped::increment, i).get();
    return sum;
  }

  @Override
  public void close() {
    pool.close();
  }
}
