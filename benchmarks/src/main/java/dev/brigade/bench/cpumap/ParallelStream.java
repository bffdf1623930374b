package dev.brigade.bench.cpumap;

import dev.brigade.bench.Side;
import java.util.List;

/** {@code parallelStream().map} on the common pool, which the caller helps. */
record ParallelStream(List<Integer> items) implements Side {
  @Override
  public long run(int operations) {
    long sum = 0;
    for (int i = 0; i < operations; i++)
      sum += Burn.sum(items.parallelStream().map(Burn::spin).toList());
    return sum;
  }
}
