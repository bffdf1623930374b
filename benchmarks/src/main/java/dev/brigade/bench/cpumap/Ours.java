package dev.brigade.bench.cpumap;

import dev.brigade.bench.Side;
import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.List;

/** {@code Tasks.on(cores).map}. */
final class Ours implements Side {
  private final List<Integer> items;
  private final Engine engine;

  Ours(List<Integer> items, int cores) {
    this.items = items;
    this.engine = Engine.openCores(cores);
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += Burn.sum(Tasks.on(engine).map(items, Burn::spin));
    return sum;
  }

  @Override
  public void close() {
    engine.close();
  }
}
