package dev.brigade.races;

import java.util.function.BooleanSupplier;

/** Busy waiting: races are decided in nanoseconds, which no sleep can meet. */
final class Spin {
  private static final int SPINS = 2_000;

  private Spin() {}

  static void until(long atNanos) {
    while (System.nanoTime() - atNanos < 0) Thread.onSpinWait();
  }

  static void nanos(long nanos) {
    until(System.nanoTime() + nanos);
  }

  /**
   * Until another thread has done its part. It spins first, since giving up the core costs a whole
   * time slice on a busy machine, and then yields, since the other may need this core.
   */
  static void await(BooleanSupplier done) {
    for (int i = 0; !done.getAsBoolean(); i++) {
      if (i < SPINS) Thread.onSpinWait();
      else Thread.yield();
    }
  }
}
