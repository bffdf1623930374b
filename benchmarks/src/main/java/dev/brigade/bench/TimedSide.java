package dev.brigade.bench;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * Times one side inside the JVM: warm-up, how many operations make a slice, and one sample for each
 * round.
 */
final class TimedSide implements Rounds.Sampler {
  private final Side side;
  private final long sliceNanos;
  private final DoubleUnaryOperator valueOfOperation;
  private int operations = 1;
  private long lastNanos;

  /** The last argument turns the nanoseconds of one operation into the value to report. */
  TimedSide(Side side, long sliceNanos, DoubleUnaryOperator valueOfOperation) {
    this.side = side;
    this.sliceNanos = sliceNanos;
    this.valueOfOperation = valueOfOperation;
  }

  /**
   * Runs all sides in turn until the time is over, each once at least, so that shared code of the
   * JDK is compiled for the mixture that the rounds will run and not for the side that came first.
   * A side that fails is reported and removed.
   */
  static void warmUp(Map<String, TimedSide> sides, long nanos, Rounds.Listener listener) {
    long end = System.nanoTime() + nanos;
    do {
      for (var entry : List.copyOf(sides.entrySet())) {
        String name = entry.getKey();
        listener.starting(name);
        try {
          entry.getValue().step();
        } catch (Exception | LinkageError | AssertionError e) {
          listener.skipped(name, MissingPeer.reason(e));
          sides.remove(name);
        }
      }
    } while (System.nanoTime() < end);
  }

  private void step() throws Exception {
    long start = System.nanoTime();
    Sink.take(side.run(operations));
    lastNanos = System.nanoTime() - start;
    double perOperation = Math.max(1, (double) lastNanos / operations);
    double wanted = Math.clamp(sliceNanos / perOperation, 1, 100_000_000);
    operations = (int) Math.min(wanted, operations * 2.0);
  }

  @Override
  public double[] sample() throws Exception {
    System.gc();
    side.before();
    try {
      long start = System.nanoTime();
      Sink.take(side.run(operations));
      lastNanos = System.nanoTime() - start;
    } finally {
      side.after();
    }
    return new double[] {valueOfOperation.applyAsDouble((double) lastNanos / operations)};
  }
}
