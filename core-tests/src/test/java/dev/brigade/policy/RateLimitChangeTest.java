package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Another rate while in use. */
@HangGuard
class RateLimitChangeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private final HandClock clock = new HandClock();

  @Test
  void aFasterRateLetsWaitersThroughAtOnce() throws Exception {
    RateLimit limit = RateLimit.window(2, SECOND, clock);
    limit.acquire(2);
    try (var place = limit.reserve(1)) {
      assertEquals(SECOND, place.delay());
      limit.resize(3, SECOND);
      assertEquals(Duration.ZERO, place.delay());
      place.await();
      assertFalse(limit.tryAcquire());
    }
    RateLimit bucket = RateLimit.bucket(1, SECOND, 1, clock);
    bucket.acquire();
    try (var place = bucket.reserve()) {
      bucket.resize(10, SECOND);
      assertEquals(Duration.ofMillis(100), place.delay());
    }
  }

  @Test
  void whatWasGrantedBeforeCountsAgainstASlowerWindow() throws Exception {
    RateLimit limit = RateLimit.window(10, SECOND, clock);
    for (int i = 0; i < 10; i++) {
      limit.acquire();
      clock.advance(Duration.ofMillis(10));
    }
    // The last three were at 70, 80 and 90 ms.
    limit.resize(3, Duration.ofSeconds(2));
    try (var place = limit.reserve()) {
      assertEquals(Duration.ofMillis(1970), place.delay());
    }
    assertEquals(3, limit.statistics().permits());
  }

  @Test
  void aBucketKeepsItsTokens() throws Exception {
    RateLimit limit = RateLimit.bucket(1000, SECOND, 10, clock);
    limit.acquire(7);
    limit.resize(3, Duration.ofMinutes(1));
    assertEquals(3, limit.statistics().free());
    limit.acquire(3);
    try (var place = limit.reserve()) {
      assertEquals(Duration.ofSeconds(20), place.delay());
    }
  }

  @Test
  void waitersThatCanNeverFitAnyMoreFail() throws Exception {
    RateLimit limit = RateLimit.window(5, SECOND, clock);
    limit.acquire(5);
    var large =
        Caller.start(() -> {
          limit.acquire(4);
          return "granted";
        });
    RateLimitTest.untilWaiting(limit, 1);
    var place = limit.reserve(3);
    limit.resize(2, SECOND);
    assertInstanceOf(IllegalArgumentException.class, large.failure());
    assertThrows(IllegalArgumentException.class, place::await);
    assertEquals(0, limit.statistics().waiting());
    clock.advance(SECOND);
    assertTrue(limit.tryAcquire(2));
  }

  @Test
  void aTurnThatHasComeStaysSo() throws Exception {
    RateLimit limit = RateLimit.window(5, SECOND, clock);
    var place = limit.reserve(5);
    limit.resize(2, SECOND);
    place.await();
    assertFalse(limit.tryAcquire());
    clock.advance(SECOND);
    assertTrue(limit.tryAcquire(2));
    assertFalse(limit.tryAcquire());
  }

  @Test
  void aWrongRateChangesNothing() {
    RateLimit limit = RateLimit.bucket(1, SECOND, 1 << 20, clock);
    assertThrows(IllegalArgumentException.class, () -> limit.resize(0, SECOND));
    assertThrows(IllegalArgumentException.class, () -> limit.resize(1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> limit.resize(1, Duration.ofDays(365)));
    assertEquals(SECOND, limit.statistics().per());
    assertTrue(limit.tryAcquire(1 << 20));
  }
}
