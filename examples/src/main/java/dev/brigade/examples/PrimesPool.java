package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.process.ProcessPool;
import dev.brigade.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Primes of a range on processes, and all below ten million on the cores. */
final class PrimesPool {
  private static final int FROM = 100_000;
  private static final int LIMIT = 10_000_000;
  private static final int SEGMENT = 250_000;

  private PrimesPool() {}

  static void main() throws Exception {
    Examples.runHere("primes-pool");
  }

  static boolean isPrime(int n) {
    if (n < 2) return false;
    for (int d = 2; (long) d * d <= n; d++) if (n % d == 0) return false;
    return true;
  }

  /** How many primes there are from here on, in one segment. */
  static int primesIn(int from) {
    int to = Math.min(from + SEGMENT, LIMIT + 1);
    boolean[] composite = new boolean[to - from];
    for (int d = 2; (long) d * d < to; d++) {
      int first = Math.max(d * d, (from + d - 1) / d * d);
      for (int m = first; m < to; m += d) composite[m - from] = true;
    }
    int count = 0;
    for (int n = Math.max(2, from); n < to; n++) if (!composite[n - from]) count++;
    return count;
  }

  static void show(Report report) throws Exception {
    List<Integer> range = IntStream.range(FROM, FROM + 20).boxed().toList();
    List<Integer> primes = new ArrayList<>();
    try (ProcessPool pool = ProcessPool.open(2)) {
      List<Boolean> prime = Tasks.on(pool).map(range, PrimesPool::isPrime);
      for (int i = 0; i < range.size(); i++) if (prime.get(i)) primes.add(range.get(i));
    }
    report.equal("primes in 100 000 ... 100 019", List.of(100_003, 100_019), primes);

    List<Integer> segments =
        IntStream.iterate(0, from -> from <= LIMIT, from -> from + SEGMENT).boxed().toList();
    long began = System.nanoTime();
    int count = Tasks.on(Engine.cores()).mapReduce(segments, PrimesPool::primesIn, 0, Integer::sum);
    report.equal("primes to 10 million, on all cores", 664_579, count);
    report.time("time for them", System.nanoTime() - began);
  }
}
