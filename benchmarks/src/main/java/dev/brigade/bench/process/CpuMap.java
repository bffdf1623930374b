package dev.brigade.bench.process;

import dev.brigade.bench.Side;
import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.stream.IntStream;

/** A map of computing items on an engine of two workers, in processes or in this JVM. */
final class CpuMap implements Side {
  private final List<Integer> items;
  private final Engine engine;

  CpuMap(Engine engine, int items) {
    this.items = IntStream.range(0, items).boxed().toList();
    this.engine = engine;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int n = 0; n < operations; n++)
      for (long steps : Tasks.on(engine).map(items, Mapped::collatz)) sum += steps;
    return sum;
  }

  /** The same in a plain loop. */
  long alone() {
    long sum = 0;
    for (Integer item : items) sum += Mapped.collatz(item);
    return sum;
  }

  @Override
  public void close() {
    engine.close();
  }
}
