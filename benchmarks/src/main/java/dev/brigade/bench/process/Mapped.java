package dev.brigade.bench.process;

import dev.brigade.process.SharedArray;
import java.nio.DoubleBuffer;

/** What the workers run; the peers' scripts have the same. */
final class Mapped {
  private static final int SPAN = 2048;
  private static final int PAGE = 4096 / Double.BYTES;

  private Mapped() {}

  static Integer increment(Integer x) {
    return x + 1;
  }

  /** The steps that each number of a span takes down to 1: about half a millisecond. */
  static Long collatz(Integer item) {
    long steps = 0;
    for (long start = (long) item * SPAN + 1; start <= (item + 1L) * SPAN; start++)
      for (long n = start; n != 1; n = (n & 1) == 0 ? n >> 1 : n * 3 + 1) steps++;
    return steps;
  }

  /** One number of each page. */
  static Double addUp(double[] doubles) {
    double sum = 0;
    for (int i = 0; i < doubles.length; i += PAGE) sum += doubles[i];
    return sum;
  }

  static Double addUpShared(SharedArray array) {
    DoubleBuffer doubles = array.doubles();
    double sum = 0;
    for (int i = 0; i < doubles.limit(); i += PAGE) sum += doubles.get(i);
    return sum;
  }
}
