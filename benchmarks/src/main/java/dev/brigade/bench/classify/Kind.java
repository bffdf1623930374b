package dev.brigade.bench.classify;

import dev.brigade.auto.Advice.Work;
import dev.brigade.bench.Sink;
import dev.brigade.task.Fn;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/** Work whose nature is known. */
enum Kind {
  COMPUTING("pure CPU", Work.COMPUTES, 150),
  WAITING("pure waiting", Work.WAITS, 2000),
  MIXED("mixed", Work.MIXED, 200),
  LOCKED("lock-bound", Work.CONTENDS, 200);

  private static final double ROUNDS_PER_MICRO = calibrate();

  final String label;
  final Work expected;
  final List<Integer> items;
  private final ReentrantLock lock = new ReentrantLock();

  Kind(String label, Work expected, int size) {
    this.label = label;
    this.expected = expected;
    this.items = IntStream.range(0, size).boxed().toList();
  }

  Fn<Integer, Long, InterruptedException> work() {
    return switch (this) {
      case COMPUTING -> i -> spin(2000);
      case WAITING ->
          i -> {
            Thread.sleep(5);
            return 0L;
          };
      case MIXED ->
          i -> {
            Thread.sleep(3);
            return spin(2000);
          };
      case LOCKED -> i -> locked(lock);
    };
  }

  private static long locked(ReentrantLock lock) {
    lock.lock();
    try {
      return spin(1000);
    } finally {
      lock.unlock();
    }
  }

  private static long spin(int micros) {
    return burn((int) (micros * ROUNDS_PER_MICRO));
  }

  private static long burn(int rounds) {
    long x = rounds | 1L;
    for (int i = 0; i < rounds; i++) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
    }
    return x;
  }

  private static double calibrate() {
    double best = Double.MAX_VALUE;
    // Often enough for the method as a whole to be compiled, and not only its loop.
    for (int i = 0; i < 500; i++) {
      long start = System.nanoTime();
      Sink.take(burn(100_000));
      best = Math.min(best, System.nanoTime() - start);
    }
    return 100_000 / best * 1000;
  }
}
