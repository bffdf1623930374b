package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The bounds to the very grant, at the edges of the arithmetic. */
@HangGuard
class RateLimitBoundTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void aWindowThatComesToHoldMoreAndMoreGrantsForgetsNoneOfThem() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new SplittableRandom(seed);
      var clock = new HandClock();
      clock.advance(Duration.ofHours(1));
      int permits = 60;
      RateLimit limit = RateLimit.window(permits, SECOND, clock);
      List<Long> grants = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        // Few at first, so that what is kept of them goes round before it has to grow.
        clock.advance(Duration.ofMillis(random.nextInt(i < 200 ? 300 : 20)));
        long now = clock.nanoTime();
        long inside = grants.stream().filter(g -> now - g < SECOND.toNanos()).count();
        boolean granted = limit.tryAcquire();
        assertEquals(inside < permits, granted, "seed " + seed + ", call " + i);
        if (granted) grants.add(now);
      }
    }
  }

  @Test
  void whatABucketLacksIsNotRoundedAwayByAnotherRate() throws Exception {
    var clock = new HandClock();
    RateLimit limit = RateLimit.bucket(7, SECOND, 1, clock);
    limit.acquire();
    clock.advance(Duration.ofNanos(1));
    limit.resize(5, SECOND);
    // It lacks 1 - 7e-9 of a token, which at 5 a second takes 199,999,998.6 ns.
    clock.advance(Duration.ofNanos(199_999_998));
    assertEquals(false, limit.tryAcquire());
    clock.advance(Duration.ofNanos(1));
    assertTrue(limit.tryAcquire());
  }

  /** A clock whose alarms never come. */
  private record WithoutAlarms(HandClock hand) implements TimeSource {
    @Override
    public long nanoTime() {
      return hand.nanoTime();
    }

    @Override
    public Alarm schedule(long atNanos, Runnable action) {
      return () -> {};
    }

    @Override
    public void park(Object blocker, long untilNanos) {
      hand.park(blocker, untilNanos);
    }

    @Override
    public void unpark(Thread thread) {
      hand.unpark(thread);
    }
  }

  @Test
  void whoseTimeIsOverAtTheMomentOfHisTurnGetsIt() throws Exception {
    var hand = new HandClock();
    RateLimit limit = RateLimit.window(1, SECOND, new WithoutAlarms(hand));
    limit.acquire();
    var caller = Caller.start(() -> limit.tryAcquire(1, SECOND));
    Awaitility.await().until(() -> limit.statistics().waiting() == 1);
    hand.advance(SECOND);
    assertTrue(caller.outcome().orThrow());
    assertEquals(0, limit.statistics().gaveUp());
  }
}
