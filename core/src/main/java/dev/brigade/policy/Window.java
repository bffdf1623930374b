package dev.brigade.policy;

/**
 * What ended well during some time at one limit: how many, how fast, with how many in flight. Not
 * thread-safe.
 */
final class Window {
  /** Latencies that follow one another through a queue resemble each other. */
  private static final double CORRELATION = 1.5;

  /** So that even a perfectly steady server gives an estimate with a doubt. */
  private static final double LEAST_VARIANCE = 0.0025;

  private static final double LEAST_SPREAD = 0.01;

  /** A few huge latencies say little of the next ones. */
  private static final double GREATEST_SPREAD = 9;

  private double count;
  private double span;
  private double area;
  private double latency;
  private double latencySquares;
  private double logs;
  private double logSquares;

  void clear() {
    count = span = area = latency = latencySquares = logs = logSquares = 0;
  }

  void pass(double nanos, int inFlight) {
    span += nanos;
    area += nanos * inFlight;
  }

  void add(double latencyNanos) {
    double log = Math.log(Math.max(1, latencyNanos));
    count++;
    latency += latencyNanos;
    latencySquares += latencyNanos * latencyNanos;
    logs += log;
    logSquares += log * log;
  }

  void add(Window w) {
    count += w.count;
    span += w.span;
    area += w.area;
    latency += w.latency;
    latencySquares += w.latencySquares;
    logs += w.logs;
    logSquares += w.logSquares;
  }

  /** Makes room for newer things: what is in it counts half. */
  void fade() {
    count /= 2;
    span /= 2;
    area /= 2;
    latency /= 2;
    latencySquares /= 2;
    logs /= 2;
    logSquares /= 2;
  }

  Window copy() {
    var w = new Window();
    w.add(this);
    return w;
  }

  double count() {
    return count;
  }

  double span() {
    return span;
  }

  /** The sum of all latencies. */
  double latency() {
    return latency;
  }

  /** Good ends in a nanosecond. */
  double rate() {
    return count / span;
  }

  /** The mean number in flight. */
  double inFlight() {
    return area / span;
  }

  /** The mean number of those in flight that ended well. */
  double goodInFlight() {
    return latency / span;
  }

  double meanLatency() {
    return latency / count;
  }

  double meanLog() {
    return logs / count;
  }

  /** How uncertain {@link #meanLog} is: its variance. */
  double meanLogVariance() {
    return CORRELATION * logVariance() / count;
  }

  /**
   * How uncertain the logarithm of {@link #rate} is: its variance. Over a long time the ends are a
   * renewal process of each place in the server, whose counts vary as the latencies do; over a
   * short one they are independent.
   */
  double logRateVariance() {
    return (spread() + inFlight() / count) / count;
  }

  /** The variance that one more end adds to a comparison, with both kinds of evidence. */
  double varianceOfOne() {
    return 1 / (1 / spread() + 1 / (CORRELATION * logVariance()));
  }

  private double logVariance() {
    double mean = meanLog();
    return Math.max(LEAST_VARIANCE, logSquares / count - mean * mean);
  }

  /** The squared coefficient of variation of the latencies. */
  private double spread() {
    double mean = meanLatency();
    if (mean <= 0) return LEAST_SPREAD;
    double cv2 = latencySquares / count / (mean * mean) - 1;
    return Math.min(GREATEST_SPREAD, Math.max(LEAST_SPREAD, cv2));
  }
}
