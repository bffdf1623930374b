package dev.brigade.bench.cpumap;

import dev.brigade.bench.Sink;
import java.util.List;

/** Computing that takes a known time. */
final class Burn {
  static final int CORES = Runtime.getRuntime().availableProcessors();

  private static final int PROBE = 2_000_000;

  private Burn() {}

  /**
   * Never inlined (a flag of the JVM sees to it), so that every side runs the same machine code.
   */
  static long spin(int rounds) {
    long x = rounds | 1L;
    for (int i = 0; i < rounds; i++) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
    }
    return x;
  }

  static long sum(List<Long> results) {
    long sum = 0;
    for (long result : results) sum += result;
    return sum;
  }

  /** Rounds that last a microsecond on this machine. */
  static double roundsPerMicro() {
    return Calibrated.ROUNDS_PER_MICRO;
  }

  private static final class Calibrated {
    static final double ROUNDS_PER_MICRO = calibrate();

    private static double calibrate() {
      double best = Double.MAX_VALUE;
      for (int i = 0; i < 20; i++) {
        long start = System.nanoTime();
        Sink.take(spin(PROBE));
        best = Math.min(best, System.nanoTime() - start);
      }
      return PROBE / best * 1000;
    }
  }
}
