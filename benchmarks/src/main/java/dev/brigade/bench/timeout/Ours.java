package dev.brigade.bench.timeout;

import dev.brigade.task.Tasks;
import java.util.concurrent.Callable;

/** {@code Tasks.within}. */
final class Ours implements TimeoutSide {
  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      int result = i;
      sum += Tasks.within(LIMIT, () -> result);
    }
    return sum;
  }

  @Override
  public void hold(Callable<Void> body) throws Exception {
    Tasks.within(LONG, () -> body.call());
  }
}
