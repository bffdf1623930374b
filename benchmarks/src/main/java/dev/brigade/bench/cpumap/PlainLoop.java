package dev.brigade.bench.cpumap;

import dev.brigade.bench.Side;
import java.util.ArrayList;
import java.util.List;

/** A {@code for} loop on the calling thread. */
record PlainLoop(List<Integer> items) implements Side {
  @Override
  public long run(int operations) {
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      List<Long> results = new ArrayList<>(items.size());
      for (Integer item : items) results.add(Burn.spin(item));
      sum += Burn.sum(results);
    }
    return sum;
  }
}
