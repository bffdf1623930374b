package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HangGuard;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clocks that stand, jump and wrap. */
@HangGuard
class RateLimitClocksTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long NANOS = SECOND.toNanos();

  /** Goes wherever it is set; compares only by difference. */
  private static final class WildClock implements TimeSource {
    private final List<Runnable> alarms = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private volatile long now;

    WildClock(long start) {
      now = start;
    }

    void set(long nanos) {
      now = nanos;
      List<Runnable> due = new ArrayList<>();
      synchronized (alarms) {
        for (int i = alarms.size() - 1; i >= 0; i--)
          if (passed(times.get(i))) {
            times.remove(i);
            due.add(alarms.remove(i));
          }
      }
      due.forEach(Runnable::run);
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Alarm schedule(long atNanos, Runnable action) {
      assertTrue(atNanos != NEVER, "an alarm that never comes");
      synchronized (alarms) {
        times.add(atNanos);
        alarms.add(action);
      }
      return () -> {
        synchronized (alarms) {
          int i = alarms.indexOf(action);
          if (i < 0) return;
          alarms.remove(i);
          times.remove(i);
        }
      };
    }

    @Override
    public void park(Object blocker, long untilNanos) {
      LockSupport.park(blocker);
    }

    @Override
    public void unpark(Thread thread) {
      LockSupport.unpark(thread);
    }
  }

  static Stream<Long> starts() {
    return Stream.of(
        0L,
        -1L,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MAX_VALUE - NANOS,
        Long.MAX_VALUE - NANOS / 2,
        Long.MAX_VALUE - 2 * NANOS,
        -NANOS);
  }

  private static List<RateLimit> both(TimeSource clock) {
    return List.of(RateLimit.window(1, SECOND, clock), RateLimit.bucket(1, SECOND, 1, clock));
  }

  @ParameterizedTest
  @MethodSource("starts")
  void wrappingDoesNoHarm(long start) throws Exception {
    var clock = new WildClock(start);
    for (RateLimit limit : both(clock)) {
      clock.set(start);
      long at = start;
      assertTrue(limit.tryAcquire());
      for (int i = 0; i < 5; i++) {
        assertFalse(limit.tryAcquire());
        var waiter =
            Caller.start(() -> {
              limit.acquire();
              return clock.nanoTime();
            });
        RateLimitTest.untilWaiting(limit, 1);
        clock.set(at + NANOS - 1);
        assertEquals(1, limit.statistics().waiting());
        at += NANOS;
        // No alarm can be set for the time that means never: it comes a nanosecond later.
        if (at == TimeSource.NEVER) at++;
        clock.set(at);
        assertEquals(at, waiter.outcome().orThrow());
      }
      assertEquals(6, limit.statistics().granted());
    }
  }

  @Test
  void onAFrozenClockAWindowIsAWindowAndMovesOnWithIt() throws Exception {
    var clock = new WildClock(42);
    RateLimit limit = RateLimit.window(3, SECOND, clock);
    for (int i = 0; i < 3; i++) assertTrue(limit.tryAcquire());
    for (int i = 0; i < 1000; i++) assertFalse(limit.tryAcquire());
    var reservation = limit.reserve();
    clock.set(42 + NANOS);
    reservation.await();
    assertTrue(limit.tryAcquire(2));
  }

  @Test
  void aClockThatGoesBackIsTakenToStandUntilItHasCaughtUp() throws Exception {
    for (long back : new long[] {1, NANOS, 3600 * NANOS, Long.MAX_VALUE / 2, Long.MAX_VALUE}) {
      var clock = new WildClock(back);
      for (RateLimit limit : both(clock)) {
        clock.set(back);
        assertTrue(limit.tryAcquire());
        clock.set(0);
        assertFalse(limit.tryAcquire());
        var reservation = limit.reserve();
        assertTrue(reservation.delay().compareTo(SECOND) > 0);
        clock.set(back + NANOS - 1);
        assertEquals(1, limit.statistics().waiting());
        clock.set(back + NANOS);
        reservation.await();
      }
    }
  }

  @Test
  void aLeapForwardFreesOneWindowAndNoMore() {
    for (long leap : new long[] {NANOS, 3600 * NANOS, Long.MAX_VALUE / 2, Long.MAX_VALUE}) {
      var clock = new WildClock(0);
      RateLimit window = RateLimit.window(5, SECOND, clock);
      RateLimit bucket = RateLimit.bucket(7, SECOND, 5, clock);
      for (RateLimit limit : List.of(window, bucket)) {
        clock.set(0);
        while (limit.tryAcquire()) {}
        clock.set(leap);
        int n = 0;
        while (limit.tryAcquire()) n++;
        assertEquals(5, n);
      }
    }
  }

  @Test
  void nothingBreaksOnAClockThatGoesAnywhere() throws Exception {
    var random = new Random(7);
    var clock = new WildClock(0);
    RateLimit window = RateLimit.window(4, SECOND, clock);
    RateLimit bucket = RateLimit.bucket(3, SECOND, 4, clock);
    List<RateLimit.Reservation> places = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      switch (random.nextInt(4)) {
        case 0 -> clock.set(random.nextLong());
        case 1 -> clock.set(clock.now + random.nextLong(NANOS));
        case 2 -> clock.set(clock.now - random.nextLong(NANOS));
        default -> clock.set(Long.MAX_VALUE - random.nextLong(2 * NANOS) + NANOS);
      }
      RateLimit limit = random.nextBoolean() ? window : bucket;
      if (!limit.tryAcquire(1 + random.nextInt(4)) && places.size() < 10)
        places.add(limit.reserve(1 + random.nextInt(4)));
      if (!places.isEmpty() && random.nextBoolean()) {
        var place = places.remove(random.nextInt(places.size()));
        // Its turn may have come, or not.
        assertFalse(place.delay().isNegative());
        place.cancel();
      }
    }
    places.forEach(RateLimit.Reservation::close);
    for (RateLimit limit : List.of(window, bucket)) {
      assertEquals(0, limit.statistics().waiting() + limit.statistics().inFlight());
      // Once the clock moves on it goes on.
      try (var place = limit.reserve(4)) {
        long rest = place.delay().toNanos();
        clock.set(clock.now + rest);
        assertEquals(Duration.ZERO, place.delay());
      }
    }
  }
}
