package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Split, compute, combine, in a fixed order. */
final class MapReduce {
  private static final List<Integer> PARTS = IntStream.range(0, 400).boxed().toList();

  private MapReduce() {}

  static void main() throws Exception {
    Examples.runHere("map-reduce");
  }

  /** Part of the harmonic series: sums of such numbers depend on the order of the additions. */
  static double part(int number) {
    double sum = 0;
    for (int i = 1; i <= 1000; i++) sum += 1.0 / (1000.0 * number + i);
    return sum;
  }

  /** One of the ways of adding up all parts. */
  interface Way {
    double sum(Engine engine) throws InterruptedException;
  }

  static double inFixedOrder(Engine engine) throws InterruptedException {
    return Tasks.on(engine).mapReduce(PARTS, MapReduce::part, 0.0, Double::sum);
  }

  static void show(Report report) throws Exception {
    check(report, MapReduce::inFixedOrder);
  }

  static void check(Report report, Way way) throws InterruptedException {
    Set<Double> sums = new HashSet<>();
    try (Engine three = Engine.openThreads(3)) {
      for (Engine engine : List.of(Engine.virtual(), Engine.cores(), three))
        for (int run = 0; run < 10; run++) sums.add(way.sum(engine));
    }
    report.equal("different sums in 30 runs on 3 engines", 1, sums.size());
    double exact = PARTS.stream().mapToDouble(MapReduce::part).sum();
    double error = sums.stream().mapToDouble(s -> Math.abs(s - exact)).max().orElseThrow();
    report.check("error", "below 1e-9", error, error < 1e-9);
    report.info("the sum", sums.iterator().next());
  }
}
