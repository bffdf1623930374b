package dev.brigade.testing.simulation;

import dev.brigade.policy.AdaptiveLimit;
import dev.brigade.task.ElasticWidth;
import dev.brigade.time.TimeSource;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The library's own adaptive limit, on the time of the simulation. */
final class AdaptivePacer implements Pacer {
  /** One for all, without a trace: it is only looked at. */
  private static final Exception OVERLOAD =
      new TimeoutException("the simulated server was overloaded");

  private final Clock clock = new Clock();
  private final AdaptiveLimit limit;
  private final ElasticWidth width;

  AdaptivePacer(int most) {
    limit = AdaptiveLimit.of(most, clock);
    width = limit.width();
  }

  @Override
  public int limit() {
    return limit.limit();
  }

  @Override
  public Object started(long nowNanos, int inFlight) {
    clock.now = nowNanos;
    return width.begin();
  }

  @Override
  public void ended(@Nullable Object started, long nowNanos, boolean good) {
    clock.now = nowNanos;
    ((ElasticWidth.Turn) Objects.requireNonNull(started)).ended(good ? null : OVERLOAD);
  }

  @Override
  public String toString() {
    return limit.toString();
  }

  /** Told the time; nobody waits on it. */
  private static final class Clock implements TimeSource {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Alarm schedule(long atNanos, Runnable action) {
      throw new UnsupportedOperationException("a simulated batch has no alarms");
    }

    @Override
    public void park(Object blocker, long untilNanos) {
      throw new UnsupportedOperationException("a simulated batch never waits");
    }

    @Override
    public void unpark(Thread thread) {}
  }
}
