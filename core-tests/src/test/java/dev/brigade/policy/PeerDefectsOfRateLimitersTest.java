package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.HandDrivenRateLimiter;
import dev.brigade.task.Caller;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import dev.brigade.testing.VirtualClock;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Where the rate limiters of others go wrong, and what happens here instead. */
@HangGuard
class PeerDefectsOfRateLimitersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static RateLimiter resilience(int permits, Duration per, Duration timeout) {
    return RateLimiter.of(
        "theirs",
        RateLimiterConfig.custom()
            .limitForPeriod(permits)
            .limitRefreshPeriod(per)
            .timeoutDuration(timeout)
            .build());
  }

  /** Ours, for a second after a second of rest, with all who want to. */
  private static int mostInASecond(RateLimit limit, HandClock clock) {
    clock.advance(SECOND);
    int n = 0;
    for (int millis = 0; millis < 1000; millis++) {
      while (limit.tryAcquire()) n++;
      clock.advance(Duration.ofMillis(1));
    }
    return n;
  }

  @Test
  void neverMoreInAnySecondThanTheWindowAllows() {
    var clock = new HandClock();
    assertEquals(100, mostInASecond(RateLimit.window(100, SECOND, clock), clock));
    // A bucket's bound is its burst and the rate, and says so; small bursts come close to the rate.
    assertEquals(199, mostInASecond(RateLimit.bucket(100, SECOND, 100, clock), clock));
    assertEquals(100, mostInASecond(RateLimit.bucket(100, SECOND, 1, clock), clock));
  }

  @Test
  void resilience4jLetsTwiceAsManyStartInOnePeriod() {
    // An hour, so that no hiccup of the machine matters; the same happens with a second.
    Duration period = Duration.ofHours(1);
    RateLimiter theirs = resilience(100, period, Duration.ofDays(1));
    // Its own answers when each may start: nothing has to be waited for.
    long first = 0;
    long last = 0;
    for (int i = 0; i < 200; i++) {
      long asked = System.nanoTime();
      long start = asked + Math.max(0, theirs.reservePermission());
      if (i == 0) first = start;
      last = start;
    }
    assertTrue(last - first < period.toNanos(), "between them " + (last - first) + " ns");
  }

  @Test
  void guavaLetsTwoHundredAndOneStartInOneSecondAtAHundredASecond() {
    var theirs = new HandDrivenRateLimiter(100);
    theirs.advance(1, TimeUnit.SECONDS);
    long begin = theirs.micros();
    int n = 0;
    while (true) {
      double unused = theirs.limiter().acquire();
      if (theirs.micros() - begin > 1_000_000) break;
      n++;
    }
    assertEquals(201, n);
  }

  @Test
  void bucket4jLetsAHundredAndNinetyNineStartInOneSecondAtAHundredASecond() {
    var now = new AtomicLong();
    var meter =
        new TimeMeter() {
          @Override
          public long currentTimeNanos() {
            return now.get();
          }

          @Override
          public boolean isWallClockBased() {
            return false;
          }
        };
    Bucket theirs =
        Bucket.builder()
            .addLimit(limit -> limit.capacity(100).refillGreedy(100, SECOND))
            .withCustomTimePrecision(meter)
            .build();
    int n = 0;
    for (int millis = 0; millis < 1000; millis++) {
      while (theirs.tryConsume(1)) n++;
      now.addAndGet(1_000_000);
    }
    assertEquals(199, n);
  }

  @Test
  void aWaitThatIsKnownToBeInVainIsNotBegun() throws Exception {
    RateLimiter theirs = resilience(1, Duration.ofDays(7), Duration.ofDays(1));
    assertTrue(theirs.acquirePermission());
    var waiter = Caller.start(() -> theirs.acquirePermission());
    // A week to wait, a day of patience: it sleeps for the day, to say no then.
    Awaitility.await().until(() -> waiter.thread().getState() == Thread.State.TIMED_WAITING);
    waiter.interrupt();
    assertFalse(waiter.outcome().orThrow());

    var clock = new VirtualClock();
    RateLimit ours = RateLimit.window(1, Duration.ofDays(7), clock);
    Tasks.time(clock)
        .scope(s -> {
          assertTrue(ours.tryAcquire());
          assertFalse(ours.tryAcquire(Duration.ofDays(1)));
          assertThrows(WaitTooLongException.class, ours.withMaxWait(Duration.ofDays(1))::acquire);
          assertEquals(Duration.ZERO, clock.now());
          return s;
        });
  }

  @Test
  void interruptedWaitersKeepNoReservation() throws Exception {
    RateLimiter theirs = resilience(1, Duration.ofDays(1), Duration.ofDays(100));
    assertTrue(theirs.acquirePermission());
    interruptSix(() -> {
      if (!theirs.acquirePermission()) throw new InterruptedException();
      return "granted";
    });
    // The seventh waits for six who are gone.
    long days = Duration.ofNanos(theirs.reservePermission()).toDays();
    assertTrue(days >= 6, "days " + days);

    var clock = new HandClock();
    RateLimit ours = RateLimit.window(1, Duration.ofDays(1), clock);
    ours.acquire();
    interruptSix(() -> {
      ours.acquire();
      return "granted";
    });
    try (var next = ours.reserve()) {
      assertEquals(Duration.ofDays(1), next.delay());
    }
  }

  private static void interruptSix(Callable<String> acquire) throws InterruptedException {
    List<Caller<String>> six = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      var c = Caller.start(acquire);
      six.add(c);
      Awaitility.await()
          .until(() ->
              c.thread().getState() == Thread.State.TIMED_WAITING
                  || c.thread().getState() == Thread.State.WAITING);
    }
    for (var c : six) {
      c.interrupt();
      assertInstanceOf(InterruptedException.class, c.failure());
    }
  }
}
