package dev.brigade.bench;

import dev.brigade.bench.auto.AutoBench;
import dev.brigade.bench.classify.ClassifyBench;
import dev.brigade.bench.cpumap.CpuMapBench;
import dev.brigade.bench.fanout.FanOutBench;
import dev.brigade.bench.forkjoin.ForkJoinBench;
import dev.brigade.bench.knee.KneeBench;
import dev.brigade.bench.map.MapBench;
import dev.brigade.bench.memory.MemoryBench;
import dev.brigade.bench.policy.PolicyBench;
import dev.brigade.bench.primes.PrimesBench;
import dev.brigade.bench.process.PoolBench;
import dev.brigade.bench.timeout.TimeoutBench;
import java.util.List;
import java.util.NoSuchElementException;

/** Every bench by its name. A new one is a class in a package of its own and one line here. */
final class Benches {
  static final List<Bench> ALL =
      List.of(
          new ForkJoinBench(),
          new TimeoutBench(),
          new MapBench(),
          new MemoryBench(),
          new CpuMapBench(),
          new ClassifyBench(),
          new KneeBench(),
          new FanOutBench(),
          new PrimesBench(),
          new PolicyBench(),
          new AutoBench(),
          new PoolBench());

  private Benches() {}

  static Bench named(String name) {
    return ALL.stream()
        .filter(bench -> bench.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no bench is called " + name));
  }
}
