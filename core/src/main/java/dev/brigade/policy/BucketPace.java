package dev.brigade.policy;

import java.math.BigInteger;

/*
 * Design. A token bucket (Turner, "New directions in communications", IEEE Communications Magazine
 * 24(10), 1986) in whole numbers: a token is `token` units and a nanosecond brings `perNano` of them, the rate's
 * fraction in lowest terms, so nothing is ever rounded. `missing` is how many units the bucket is
 * below full.
 *
 * Invariant: 0 <= missing <= burst * token. What is taken in an interval was in the bucket at its start, at most
 * the burst, or came in during it.
 *
 * Rejected: counting in nanoseconds. Rounding the cost of a token up makes the last of a burst wait,
 * and rounding it down breaks the bound.
 */
/** At most a burst, and a rate beside it: a token bucket. */
final class BucketPace extends Pace {
  private final int permits;
  private final long perNanos;
  private final int burst;
  private final long token;
  private final long perNano;
  private long missing;
  private long at;

  BucketPace(int permits, long perNanos, int burst) {
    this.permits = permits;
    this.perNanos = perNanos;
    this.burst = burst;
    long divisor = divisor(permits, perNanos);
    token = perNanos / divisor;
    perNano = permits / divisor;
    if (burst > LONGEST / token)
      throw new IllegalArgumentException(
          "burst must be at most "
              + LONGEST / token
              + " at the rate of "
              + permits
              + " in "
              + perNanos
              + " ns, but was "
              + burst);
  }

  private static long divisor(long a, long b) {
    return b == 0 ? a : divisor(b, a % b);
  }

  @Override
  int most() {
    return burst;
  }

  @Override
  int permits() {
    return permits;
  }

  @Override
  long perNanos() {
    return perNanos;
  }

  @Override
  long untilFree(long now, long weight) {
    if (weight > burst) return UNKNOWN;
    refill(now);
    long lacking = missing - (burst - weight) * token;
    return lacking <= 0 ? 0 : Math.ceilDiv(lacking, perNano);
  }

  @Override
  long atLeast(long now, int inFlight, long weight) {
    if (weight <= burst) return untilFree(now, weight);
    refill(now);
    long more = weight - burst;
    // The product may be beyond a long; its share of the wait rarely is.
    if (more <= LONGEST / token)
      return Math.min(FOREVER, Math.ceilDiv(missing + more * token, perNano));
    return saturated(
        BigInteger.valueOf(more)
            .multiply(BigInteger.valueOf(token))
            .add(BigInteger.valueOf(missing))
            .divide(BigInteger.valueOf(perNano)));
  }

  private static long saturated(BigInteger b) {
    return b.bitLength() > 62 ? FOREVER : Math.min(FOREVER, b.longValue());
  }

  private void refill(long now) {
    long elapsed = now - at;
    if (missing == 0) at = now;
    if (missing == 0 || elapsed <= 0) return;
    missing = elapsed > missing / perNano ? 0 : missing - elapsed * perNano;
    at = now;
  }

  @Override
  void stamp(long now, int weight) {
    refill(now);
    missing += weight * token;
  }

  @Override
  int free(long now) {
    refill(now);
    return (int) ((burst * token - missing) / token);
  }

  @Override
  Pace changed(int newPermits, long newPerNanos, long now) {
    refill(now);
    var other = new BucketPace(newPermits, newPerNanos, burst);
    BigInteger product = BigInteger.valueOf(missing).multiply(BigInteger.valueOf(other.token));
    BigInteger[] q = product.divideAndRemainder(BigInteger.valueOf(token));
    other.missing = q[0].longValueExact() + q[1].signum();
    other.at = now;
    return other;
  }

  @Override
  Pace anew() {
    return new BucketPace(permits, perNanos, burst);
  }
}
