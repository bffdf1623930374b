package com.google.common.util.concurrent;

import java.util.concurrent.TimeUnit;

/** Guava's rate limiter on a clock moved by hand, by way of its own factory for its own tests. */
public final class HandDrivenRateLimiter {
  private final Stopwatch stopwatch = new Stopwatch();
  private final RateLimiter limiter;

  private static final class Stopwatch extends RateLimiter.SleepingStopwatch {
    long micros;

    @Override
    protected long readMicros() {
      return micros;
    }

    @Override
    protected void sleepMicrosUninterruptibly(long sleep) {
      micros += sleep;
    }
  }

  /** With so many permits a second. */
  public HandDrivenRateLimiter(double perSecond) {
    limiter = RateLimiter.create(perSecond, stopwatch);
  }

  /** The real one. */
  public RateLimiter limiter() {
    return limiter;
  }

  /** How far its clock has come. */
  public long micros() {
    return stopwatch.micros;
  }

  /** Lets time pass. */
  public void advance(long time, TimeUnit unit) {
    stopwatch.micros += unit.toMicros(time);
  }
}
