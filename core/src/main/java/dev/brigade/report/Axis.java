package dev.brigade.report;

/** The ticks of a scale from 0: 1, 2 or 5 times a power of ten; for times also whole minutes. */
final class Axis {
  private static final long SECOND = 1_000_000_000L;
  private static final long[] LONG_STEPS = {
    60 * SECOND,
    120 * SECOND,
    300 * SECOND,
    600 * SECOND,
    1_200 * SECOND,
    1_800 * SECOND,
    3_600 * SECOND,
    7_200 * SECOND,
    21_600 * SECOND,
    86_400 * SECOND
  };

  private Axis() {}

  /** The step between ticks on a scale that reaches to {@code end}, with at most {@code most}. */
  static long step(long end, int most) {
    for (long power = 1; power <= Long.MAX_VALUE / 10; power *= 10)
      for (int by : new int[] {1, 2, 5}) if (end / (by * power) <= most) return by * power;
    return end;
  }

  /** As {@link #step}, for times. */
  static long timeStep(long nanos, int most) {
    long step = step(nanos, most);
    if (step < 60 * SECOND) return step;
    for (long by : LONG_STEPS) if (nanos / by <= most) return by;
    return step;
  }
}
