package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import dev.brigade.time.TimeSource;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** One limit in scopes on several clocks, and on one that can't set alarms. */
@HangGuard
class RateLimitOnManyClocksTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private final HandClock one = new HandClock();
  private final HandClock two = new HandClock();
  private final RateLimit limit = RateLimit.window(2, HOUR);

  private static int takeAll(RateLimit limit) {
    int n = 0;
    while (limit.tryAcquire()) n++;
    return n;
  }

  private static int takeAllOn(HandClock clock, RateLimit limit) throws Exception {
    return Tasks.time(clock).scope(_ -> takeAll(limit));
  }

  @Test
  void lookingAtItOnAClockBindsItToNone() throws Exception {
    Tasks.time(one)
        .runScope(_ -> {
          assertEquals(2, limit.statistics().free());
          assertEquals("rate limit", limit.reading().kind());
        });
    assertEquals(2, takeAll(limit));
    // Not even if that clock moves on.
    one.advance(HOUR);
    assertFalse(limit.tryAcquire());
  }

  @Test
  void whatWasGrantedOnAClockThatStandsIsOfNoAccountOnAnother() throws Exception {
    assertEquals(2, takeAllOn(one, limit));
    assertEquals(2, takeAllOn(two, limit));
    assertEquals(2, takeAll(limit));
    assertEquals(0, takeAllOn(one, limit) + takeAllOn(two, limit) + takeAll(limit));
    two.advance(HOUR);
    assertEquals(0, takeAllOn(one, limit) + takeAll(limit));
    assertEquals(2, takeAllOn(two, limit));
  }

  @Test
  void aGivenClockIsTheOnlyOne() throws Exception {
    RateLimit given = RateLimit.window(2, HOUR, one);
    assertEquals(2, takeAllOn(two, given));
    assertEquals(0, takeAllOn(one, given) + takeAll(given));
    one.advance(HOUR);
    assertEquals(2, takeAllOn(two, given));
  }

  @Test
  void theStatisticsAreThoseOfAllClocks() throws Exception {
    assertTrue(limit.tryAcquire());
    assertEquals(2, takeAllOn(one, limit));
    Tasks.time(one)
        .scope(s -> {
          try (var _ = limit.reserve();
              var _ = limit.reserve()) {
            var now = limit.statistics();
            assertEquals(0, now.free());
            assertEquals(2, now.waiting());
          }
          assertEquals(0, limit.statistics().free());
          return s;
        });
    var after = limit.statistics();
    assertEquals(1, after.free());
    assertEquals(3, after.granted());
    assertEquals(2, after.waited());
    assertEquals(2, after.gaveUp());
    assertEquals(2, after.peakWaiting());
    Tasks.time(two).runScope(_ -> assertEquals(2, limit.statistics().free()));
  }

  @Test
  void aNewRateHoldsOnEveryClock() throws Exception {
    assertEquals(2, takeAllOn(one, limit));
    limit.resize(5, HOUR);
    assertEquals(3, takeAllOn(one, limit));
    assertEquals(5, takeAllOn(two, limit));
    assertEquals(5, takeAll(limit));
  }

  @Test
  void aReservationStaysOnTheClockOfWhoeverMadeIt() throws Exception {
    assertEquals(2, takeAllOn(one, limit));
    try (var place = Tasks.time(one).scope(_ -> limit.reserve())) {
      assertEquals(HOUR, place.delay());
      one.advance(HOUR);
      place.await();
    }
    assertEquals(1, takeAllOn(one, limit));
    assertEquals(2, takeAll(limit));
  }

  private WeakReference<HandClock> takeAllOnAClockOfItsOwn() throws Exception {
    var clock = new HandClock();
    assertEquals(2, takeAllOn(clock, limit));
    Tasks.time(clock)
        .runScope(_ -> {
          try (var place = limit.reserve()) {
            assertEquals(HOUR, place.delay());
          }
        });
    return new WeakReference<>(clock);
  }

  @Test
  void aClockIsNotKeptAliveAndItsCountsAre() throws Exception {
    var gone = takeAllOnAClockOfItsOwn();
    while (!gone.refersTo(null)) System.gc();
    assertEquals(2, takeAllOn(one, limit));
    var s = limit.statistics();
    assertEquals(4, s.granted());
    assertEquals(1, s.waited());
    assertEquals(1, s.gaveUp());
    assertEquals(1, s.peakWaiting());
    assertEquals(2, s.free());
  }

  /** Alarms can be set until it breaks. */
  private static final class BreakingClock implements TimeSource {
    private final List<Runnable> alarms = new ArrayList<>();
    private volatile boolean broken;
    private volatile long now;

    void strike() {
      List<Runnable> due = List.copyOf(alarms);
      alarms.clear();
      due.forEach(Runnable::run);
    }

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Alarm schedule(long atNanos, Runnable action) {
      if (broken) throw new OutOfMemoryError("no thread");
      alarms.add(action);
      return () -> alarms.remove(action);
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

  @Test
  void ifTheNextAlarmCannotBeSetThoseInLineFailAndNobodyWaitsForEver() throws Exception {
    var clock = new BreakingClock();
    RateLimit narrow = RateLimit.window(1, HOUR, clock);
    narrow.acquire();
    var next = narrow.reserve();
    var waiter =
        Caller.start(() -> {
          narrow.acquire();
          return "granted";
        });
    RateLimitTest.untilWaiting(narrow, 2);
    var behind = narrow.reserve();
    clock.broken = true;
    clock.now = HOUR.toNanos();
    clock.strike();
    // Its turn has come, and taking it needs an alarm for the next one.
    next.await();
    var e = assertInstanceOf(IllegalStateException.class, waiter.failure());
    assertInstanceOf(OutOfMemoryError.class, e.getCause());
    var same = assertThrows(IllegalStateException.class, behind::await);
    assertSame(e.getCause(), same.getCause());
    assertFalse(behind.cancel());
    assertThrows(IllegalStateException.class, narrow::acquire);
    var s = narrow.statistics();
    assertEquals(2, s.granted());
    assertEquals(0, s.waiting() + s.inFlight());
    clock.broken = false;
    clock.now = 2 * HOUR.toNanos();
    assertTrue(narrow.tryAcquire());
  }
}
