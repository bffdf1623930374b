package dev.brigade.policy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A budget of calls beside those that were asked for: each of those adds a share of one, each extra
 * one takes a whole, and no more than the burst is saved up. So of n calls, at most burst + share ·
 * n are made in addition.
 */
final class ExtraCalls {
  private static final long ONE = 1_000_000;

  private final long share;
  private final long burst;
  private final AtomicLong saved;

  ExtraCalls(double share, int burst) {
    if (!(share >= 0 && share <= 1))
      throw new IllegalArgumentException("share must be from 0 to 1, but was " + share);
    if (burst < 1) throw new IllegalArgumentException("burst must be at least 1, but was " + burst);
    this.share = Math.round(share * ONE);
    this.burst = burst * ONE;
    this.saved = new AtomicLong(this.burst);
  }

  void called() {
    long s = saved.get();
    while (s < burst) {
      long seen = saved.compareAndExchange(s, Math.min(burst, s + share));
      if (seen == s) return;
      s = seen;
    }
  }

  boolean tryTake() {
    long s = saved.get();
    while (s >= ONE) {
      long seen = saved.compareAndExchange(s, s - ONE);
      if (seen == s) return true;
      s = seen;
    }
    return false;
  }

  double left() {
    return saved.get() / (double) ONE;
  }

  double share() {
    return share / (double) ONE;
  }

  int burst() {
    return (int) (burst / ONE);
  }
}
