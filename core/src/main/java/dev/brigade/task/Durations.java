package dev.brigade.task;

import java.time.Duration;
import java.util.Objects;

/** Durations as nanoseconds, and as text. */
final class Durations {
  private Durations() {}

  /** In nanoseconds, saturated at ±292 years; the name is the parameter's. */
  static long nanos(Duration d, String name) {
    Objects.requireNonNull(d, name);
    try {
      return d.toNanos();
    } catch (ArithmeticException e) {
      return d.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  static String text(long nanos) {
    long abs = Math.abs(nanos);
    if (abs >= 1_000_000_000L) return trim(nanos / 1e9) + " s";
    if (abs >= 1_000_000L) return trim(nanos / 1e6) + " ms";
    if (abs >= 1_000L) return trim(nanos / 1e3) + " µs";
    return nanos + " ns";
  }

  private static String trim(double v) {
    long thousandths = Math.round(v * 1000);
    return thousandths % 1000 == 0
        ? Long.toString(thousandths / 1000)
        : Double.toString(thousandths / 1000.0);
  }
}
