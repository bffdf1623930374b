package dev.brigade.bench.cpumap;

import dev.brigade.bench.Side;
import dev.brigade.task.Tasks;
import java.util.List;

/** {@code Tasks.auto().map}. */
record Measured(List<Integer> items) implements Side {
  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += Burn.sum(Tasks.auto().map(items, Burn::spin));
    return sum;
  }
}
