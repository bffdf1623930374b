package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.task.HangGuard;
import dev.brigade.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clocks that wrap, jump and stand still change neither how often nor what is thrown. */
@HangGuard
class RetryOnStrangeClocksTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Every wait is over at once; the test sets the time. */
  private static final class Jumping implements TimeSource {
    final List<Long> waitedSeconds = new ArrayList<>();
    long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void park(Object blocker, long untilNanos) {
      waitedSeconds.add(Duration.ofNanos(untilNanos - now).toSeconds());
      now = untilNanos;
    }

    @Override
    public void unpark(Thread thread) {}

    @Override
    public Alarm schedule(long atNanos, Runnable action) {
      throw new UnsupportedOperationException();
    }
  }

  private final Jumping clock = new Jumping();
  private final IOException own = new IOException("own");
  private final Retry doubling =
      Retry.attempts(4)
          .withBackoff(Backoff.exponential(SECOND, Duration.ofHours(1)).withoutJitter())
          .withTime(clock);

  private void fails(Retry retry, Duration perAttempt) {
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                retry.<Object, IOException>call(() -> {
                  clock.now += perAttempt.toNanos();
                  throw own;
                })));
  }

  @Test
  void oneThatWrapsIsComparedByDifference() {
    for (long before : new long[] {0, 1, 500_000_000, 2_000_000_000, 5_000_000_000L}) {
      clock.now = Long.MAX_VALUE - before;
      clock.waitedSeconds.clear();
      fails(doubling, Duration.ZERO);
      assertEquals(3, clock.waitedSeconds.size());
      clock.now = Long.MAX_VALUE - before;
      clock.waitedSeconds.clear();
      fails(doubling.withMaxElapsed(SECOND.multipliedBy(4)), Duration.ZERO);
      assertEquals(List.of(1L, 2L), clock.waitedSeconds);
    }
  }

  @Test
  void oneThatJumpsForwardUsesUpTheTime() {
    fails(doubling.withMaxElapsed(Duration.ofMinutes(1)), Duration.ofDays(1));
    assertEquals(List.of(), clock.waitedSeconds);
  }

  @Test
  void oneThatJumpsBackwardsGivesNoMoreAttemptsThanThereAre() {
    fails(doubling.withMaxElapsed(Duration.ofMinutes(1)), Duration.ofDays(-1));
    assertEquals(List.of(1L, 2L, 4L), clock.waitedSeconds);
  }

  @Test
  void oneThatStandsStillWithoutABackOffIsNotWaitedFor() {
    fails(doubling.withBackoff(Backoff.none()).withMaxElapsed(SECOND), Duration.ZERO);
    assertEquals(List.of(), clock.waitedSeconds);
    assertEquals(0, clock.now);
  }
}
