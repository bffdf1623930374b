package dev.brigade.policy;

import java.time.Duration;
import java.util.Objects;

/** Lengths of time as parameters and as text. */
final class Lengths {
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final long HOUR_NANOS = 60 * MINUTE_NANOS;
  private static final long DAY_NANOS = 24 * HOUR_NANOS;

  private Lengths() {}

  /** In nanoseconds, saturated at ±292 years; the name is the parameter's. */
  static long nanos(Duration d, String name) {
    Objects.requireNonNull(d, name);
    try {
      return d.toNanos();
    } catch (ArithmeticException e) {
      return d.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  static long positive(Duration d, String name) {
    long nanos = nanos(d, name);
    if (nanos <= 0)
      throw new IllegalArgumentException(name + " must be more than zero, but was " + d);
    return nanos;
  }

  static long notNegative(Duration d, String name) {
    long nanos = nanos(d, name);
    if (nanos < 0) throw new IllegalArgumentException(name + " must not be negative, but was " + d);
    return nanos;
  }

  static String text(Duration d) {
    return text(nanos(d, "length"));
  }

  static String text(long nanos) {
    if (nanos >= Long.MAX_VALUE / 2) return "for ever";
    if (nanos >= 2 * DAY_NANOS) return trim((double) nanos / DAY_NANOS) + " days";
    if (nanos >= 2 * HOUR_NANOS) return trim((double) nanos / HOUR_NANOS) + " hours";
    if (nanos >= 2 * MINUTE_NANOS) return trim((double) nanos / MINUTE_NANOS) + " minutes";
    if (nanos >= 1_000_000_000L) return trim(nanos / 1e9) + " s";
    if (nanos >= 1_000_000L) return trim(nanos / 1e6) + " ms";
    if (nanos >= 1_000L) return trim(nanos / 1e3) + " µs";
    return nanos + " ns";
  }

  static String percent(double share) {
    return trim(share * 100) + " %";
  }

  private static String trim(double v) {
    long thousandths = Math.round(v * 1000);
    return thousandths % 1000 == 0
        ? Long.toString(thousandths / 1000)
        : Double.toString(thousandths / 1000.0);
  }
}
