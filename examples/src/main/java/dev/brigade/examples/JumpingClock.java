package dev.brigade.examples;

import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A clock for one thread on which every wait is over at once, and written down. */
final class JumpingClock implements TimeSource {
  private final List<Long> waits = new ArrayList<>();
  private long now;

  /** How long each wait would have been, in seconds. */
  List<Long> waits() {
    return List.copyOf(waits);
  }

  /** Waits, for code that has no back-off to do it. */
  void sleep(Duration time) {
    park(this, now + time.toNanos());
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void park(Object blocker, long untilNanos) {
    waits.add(Duration.ofNanos(untilNanos - now).toSeconds());
    now = untilNanos;
  }

  @Override
  public void unpark(Thread thread) {
    // Nobody else is there to be woken.
  }

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    throw new UnsupportedOperationException("this clock has no alarms");
  }
}
