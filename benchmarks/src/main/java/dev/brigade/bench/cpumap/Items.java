package dev.brigade.bench.cpumap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What is mapped: for each item, how long it spins. The amount grows with the number of cores. */
enum Items {
  UNIFORM_1_US("uniform 1 µs", 25_000, 0, 0),
  UNIFORM_100_US("uniform 100 µs", 0, 250, 0),
  UNIFORM_10_MS("uniform 10 ms", 0, 0, 4),
  /** A sixth of the time in 1 µs items, a sixth in 100 µs items, the rest in 10 ms items. */
  MIXED("mixed 1 µs, 100 µs, 10 ms", 10_000, 100, 4),
  MIXED_HEAVY_LAST("mixed, heavy items last", 10_000, 100, 4);

  private static final long SEED = 42;

  private final String caseName;
  private final int micro;
  private final int hundredMicros;
  private final int tenMillis;

  Items(String caseName, int micro, int hundredMicros, int tenMillis) {
    this.caseName = caseName;
    this.micro = micro;
    this.hundredMicros = hundredMicros;
    this.tenMillis = tenMillis;
  }

  String caseName() {
    return caseName;
  }

  List<Integer> make() {
    List<Integer> items = new ArrayList<>();
    add(items, micro, 1);
    add(items, hundredMicros, 100);
    add(items, tenMillis, 10_000);
    if (this == MIXED) Collections.shuffle(items, new Random(SEED));
    return List.copyOf(items);
  }

  private static void add(List<Integer> items, int countForEachCore, int micros) {
    int rounds = (int) (micros * Burn.roundsPerMicro());
    items.addAll(Collections.nCopies(countForEachCore * Burn.CORES, rounds));
  }
}
