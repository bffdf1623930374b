package dev.brigade.examples;

import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** A clock for one thread on which every wait is over at once, and written down. */
final class JumpingClock implements TimeSource {
  private final List<Long> waits = new ArrayList<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparing(t -> t.at));
  private long now;

  /** How long each wait would have been, in seconds. */
  List<Long> waits() {
    return List.copyOf(waits);
  }

  /** Lets the time pass until then, if it has not yet. */
  void advanceTo(long nanos) {
    now = Math.max(now, nanos);
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
    Timer first = timers.peek();
    long at = first == null ? untilNanos : TimeSource.earlier(untilNanos, first.at);
    if (at == NEVER) throw new IllegalStateException("a wait without an end for " + blocker);
    waits.add(Duration.ofNanos(at - now).toSeconds());
    advanceTo(at);
    if (first != null && first.at <= now) {
      timers.poll();
      first.action.run();
    }
  }

  @Override
  public void unpark(Thread thread) {
    // Nobody else is there to be woken.
  }

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    var timer = new Timer(atNanos, action);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  private static final class Timer {
    private final long at;
    private final Runnable action;

    Timer(long at, Runnable action) {
      this.at = at;
      this.action = action;
    }
  }
}
