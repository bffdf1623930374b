package dev.brigade.policy;

/**
 * How goodput follows the number in flight: 1 when a tenth more in flight gives a tenth more, 0
 * past the knee, negative where more is less.
 *
 * @param value the estimate
 * @param error its standard error
 */
record Elasticity(double value, double error) {
  /** Below this, the logarithms of latencies overstate what happens: a queue that has built up. */
  private static final double LEAST = -1;

  /**
   * From two windows. Two kinds of evidence, weighted by how certain each is: the ends counted, and
   * the shift of the mean logarithm of the latency, which by Little's law is the same thing (in
   * flight = goodput × latency) but which a heavy tail hardly disturbs.
   */
  static Elasticity between(Window fewer, Window more) {
    return between(fewer, more, Math.log(more.inFlight() / fewer.inFlight()));
  }

  /** The same, where some of those in flight fail anyway: only the others are looked at. */
  static Elasticity ofGood(Window fewer, Window more) {
    return between(fewer, more, Math.log(more.goodInFlight() / fewer.goodInFlight()));
  }

  private static Elasticity between(Window fewer, Window more, double step) {
    if (!(step > 0.01)) return new Elasticity(0, Double.POSITIVE_INFINITY);
    double counted = Math.log(more.rate() / fewer.rate()) / step;
    double countedWeight = step * step / (more.logRateVariance() + fewer.logRateVariance());
    double timed = Math.max(LEAST, 1 - (more.meanLog() - fewer.meanLog()) / step);
    double timedWeight = step * step / (more.meanLogVariance() + fewer.meanLogVariance());
    double weight = countedWeight + timedWeight;
    return new Elasticity(
        (counted * countedWeight + timed * timedWeight) / weight, Math.sqrt(1 / weight));
  }

  /** Whether it is clearly on one side of a threshold. */
  boolean apartFrom(double threshold) {
    return Math.abs(value - threshold) > 1.3 * error;
  }

  @Override
  public String toString() {
    return Math.round(value * 100) / 100.0 + " ± " + Math.round(error * 100) / 100.0;
  }
}
