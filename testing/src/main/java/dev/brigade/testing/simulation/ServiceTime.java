package dev.brigade.testing.simulation;

import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * How long a {@link ServerModel server} works on one request, when nothing is in its way: a
 * distribution to draw from. Immutable.
 */
public final class ServiceTime {
  /** Draws one time in nanoseconds. */
  private interface Draw {
    double nanos(SplittableRandom random);
  }

  private final String text;
  private final double meanNanos;
  private final Draw draw;

  private ServiceTime(String text, double meanNanos, Draw draw) {
    this.text = text;
    this.meanNanos = meanNanos;
    this.draw = draw;
  }

  /** Nearly always the same: uniform within a tenth to either side. */
  public static ServiceTime steady(Duration mean) {
    double m = nanos(mean);
    return new ServiceTime("steady", m, r -> m * (0.9 + 0.2 * r.nextDouble()));
  }

  /** Exponential: many short, few long, no memory. */
  public static ServiceTime exponential(Duration mean) {
    double m = nanos(mean);
    return new ServiceTime("exponential", m, r -> -m * Math.log1p(-r.nextDouble()));
  }

  /**
   * Log-normal, a usual shape of latencies.
   *
   * @param sigma the standard deviation of the logarithm: 0.3 is mild, 1.5 heavy
   */
  public static ServiceTime logNormal(Duration mean, double sigma) {
    double m = nanos(mean);
    double location = Math.log(m) - sigma * sigma / 2;
    return new ServiceTime("log-normal", m, r -> Math.exp(location + sigma * gaussian(r)));
  }

  /**
   * Pareto, cut off at a hundred times the least: the tail carries much of the work.
   *
   * @param shape above 1; 1.5 is very heavy, 3 mild
   */
  public static ServiceTime pareto(Duration mean, double shape) {
    if (!(shape > 1)) throw new IllegalArgumentException("shape must be above 1, but was " + shape);
    double m = nanos(mean);
    double cut = Math.pow(100, -shape);
    // The mean of the bounded Pareto with least value 1.
    double unit = shape / (shape - 1) * (1 - Math.pow(100, 1 - shape)) / (1 - cut);
    double least = m / unit;
    return new ServiceTime(
        "Pareto", m, r -> least * Math.pow(1 - r.nextDouble() * (1 - cut), -1 / shape));
  }

  /** Mostly fast, sometimes slow, such as a cache with misses; each within a tenth. */
  public static ServiceTime bimodal(Duration fast, Duration slow, double shareOfSlow) {
    if (!(shareOfSlow >= 0 && shareOfSlow <= 1))
      throw new IllegalArgumentException(
          "shareOfSlow must be between 0 and 1, but was " + shareOfSlow);
    double f = nanos(fast);
    double s = nanos(slow);
    return new ServiceTime(
        "bimodal",
        f + (s - f) * shareOfSlow,
        r -> (r.nextDouble() < shareOfSlow ? s : f) * (0.9 + 0.2 * r.nextDouble()));
  }

  /** The mean of the distribution. */
  public Duration mean() {
    return Duration.ofNanos(Math.round(meanNanos));
  }

  double meanNanos() {
    return meanNanos;
  }

  double drawNanos(SplittableRandom random) {
    return draw.nanos(random);
  }

  private static double gaussian(SplittableRandom r) {
    // The polar method's simpler cousin (Box and Muller): one draw a call keeps seeds stable.
    return Math.sqrt(-2 * Math.log1p(-r.nextDouble())) * Math.cos(2 * Math.PI * r.nextDouble());
  }

  private static double nanos(Duration mean) {
    Objects.requireNonNull(mean, "mean");
    if (mean.isZero() || mean.isNegative())
      throw new IllegalArgumentException("mean must be more than zero, but was " + mean);
    return mean.toNanos();
  }

  @Override
  public String toString() {
    return text + " " + mean();
  }
}
