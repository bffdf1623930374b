package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a rate lets through, and when. */
@HangGuard
class RateLimitTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private static List<Long> millisOf(RateLimit limit, int... weights) throws Exception {
    var clock = new VirtualClock();
    return Tasks.time(clock)
        .scope(s -> {
          List<Long> times = new ArrayList<>();
          for (int weight : weights) {
            limit.acquire(weight);
            times.add(clock.now().toMillis());
          }
          return times;
        });
  }

  private static int[] ones(int n) {
    return IntStream.range(0, n).map(_ -> 1).toArray();
  }

  static void untilWaiting(RateLimit limit, int n) {
    while (limit.statistics().waiting() != n) Thread.yield();
  }

  @Test
  void aWindowLetsAllThroughAtOnceAndTheNextWhenTheyHaveLeft() throws Exception {
    assertEquals(
        List.of(0L, 0L, 0L, 1000L, 1000L, 1000L, 2000L),
        millisOf(RateLimit.window(3, SECOND), ones(7)));
  }

  @Test
  void aBucketLetsABurstThroughAndThenOneAtATime() throws Exception {
    assertEquals(
        List.of(0L, 0L, 250L, 500L, 750L), millisOf(RateLimit.bucket(4, SECOND, 2), ones(5)));
  }

  @Test
  void aRateThatIsNoWholeNumberOfNanosecondsLosesNothing() throws Exception {
    var clock = new VirtualClock();
    RateLimit thirds = RateLimit.bucket(3, SECOND, 3, clock);
    Tasks.time(clock)
        .scope(s -> {
          for (int i = 0; i < 3_000; i++) thirds.acquire();
          return clock.now();
        });
    assertEquals(Duration.ofSeconds(999), clock.now());
  }

  @Test
  void weightsAreTakenTogether() throws Exception {
    assertEquals(
        List.of(0L, 1000L, 1000L, 2000L), millisOf(RateLimit.window(3, SECOND), 2, 2, 1, 3));
    assertEquals(List.of(0L, 300L, 1300L), millisOf(RateLimit.bucket(10, SECOND, 10), 10, 3, 10));
  }

  @Test
  void aLargeWeightIsNotOvertakenBySmallOnes() throws Exception {
    var clock = new HandClock();
    RateLimit limit = RateLimit.window(3, SECOND, clock);
    limit.acquire(2);
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    var large =
        Caller.start(() -> {
          limit.acquire(3);
          return order.add("large");
        });
    untilWaiting(limit, 1);
    // One would fit, but not before the large one.
    assertFalse(limit.tryAcquire());
    var small =
        Caller.start(() -> {
          limit.acquire();
          return order.add("small");
        });
    untilWaiting(limit, 2);
    clock.advance(SECOND);
    large.outcome().orThrow();
    clock.advance(SECOND);
    small.outcome().orThrow();
    assertEquals(List.of("large", "small"), order);
  }

  @Test
  void oneTimerServesAllWaiters() throws Exception {
    var clock = VirtualClock.manual();
    RateLimit limit = RateLimit.window(1, SECOND, clock);
    Tasks.time(clock)
        .scope(s -> {
          limit.acquire();
          for (int i = 0; i < 20; i++) s.run(limit::acquire);
          clock.advance(Duration.ZERO);
          assertEquals(20, limit.statistics().waiting());
          assertEquals(1, clock.pendingAlarms());
          clock.advance(Duration.ofSeconds(19));
          assertEquals(1, limit.statistics().waiting());
          assertEquals(1, clock.pendingAlarms());
          clock.advance(SECOND);
          assertEquals(0, clock.pendingAlarms());
          return s;
        });
  }

  @Test
  void aThreadThatComesLateIsCountedWhenItComes() throws Exception {
    var clock = new HandClock();
    RateLimit limit = RateLimit.window(1, SECOND, clock);
    limit.acquire();
    RateLimit.Reservation late = limit.reserve();
    clock.advance(SECOND);
    assertEquals(1, limit.statistics().inFlight());
    clock.advance(Duration.ofMillis(900));
    assertFalse(limit.tryAcquire());
    late.await();
    // The window begins where it took its turn, not where that had come.
    clock.advance(Duration.ofMillis(999));
    assertFalse(limit.tryAcquire());
    clock.advance(Duration.ofMillis(1));
    assertTrue(limit.tryAcquire());
  }

  @Test
  void aFullBucketTakesNoCreditWhileItsTokensAreInFlight() throws Exception {
    var clock = new HandClock();
    RateLimit limit = RateLimit.bucket(1, SECOND, 2, clock);
    RateLimit.Reservation late = limit.reserve(2);
    clock.advance(Duration.ofSeconds(10));
    assertFalse(limit.tryAcquire());
    late.await();
    assertFalse(limit.tryAcquire());
    clock.advance(SECOND);
    assertTrue(limit.tryAcquire());
    assertFalse(limit.tryAcquire());
  }

  @Test
  void asAPolicyItWaitsAndRunsTheWorkWhichMayFail() throws Exception {
    var clock = new VirtualClock();
    RateLimit limit = RateLimit.window(1, SECOND);
    Tasks.time(clock)
        .scope(s -> {
          assertEquals("done", limit.call(() -> "done"));
          assertThrows(
              IOException.class,
              () ->
                  limit.call(() -> {
                    throw new IOException("server");
                  }));
          return s;
        });
    // Begun is begun: a failure gives nothing back.
    assertEquals(2, limit.statistics().granted());
    assertEquals(SECOND, clock.now());
    assertEquals(Policy.Kind.RATE, limit.kind());
  }

  @Test
  void aManyItemsFanOutKeepsTheWindow() throws Exception {
    var clock = new VirtualClock();
    RateLimit limit = RateLimit.window(10, SECOND);
    List<Long> seconds =
        Tasks.time(clock)
            .limit(8)
            .with(limit)
            .map(IntStream.range(0, 95).boxed().toList(), _ -> clock.now().toSeconds());
    for (long second = 0; second < 9; second++) {
      long now = second;
      assertEquals(10, seconds.stream().filter(t -> t == now).count());
    }
    assertEquals(5, seconds.stream().filter(t -> t == 9).count());
  }

  @Test
  void aWeightIsOneEntryHoweverLargeItIs() throws Exception {
    var clock = new HandClock();
    int most = 1 << 30;
    RateLimit bytes = RateLimit.window(most, SECOND, clock);
    bytes.acquire(most / 2);
    clock.advance(Duration.ofMillis(400));
    bytes.acquire(most / 2 - 1);
    assertFalse(bytes.tryAcquire(2));
    assertTrue(bytes.tryAcquire(1));
    assertEquals(0, bytes.statistics().free());
    clock.advance(Duration.ofMillis(600));
    assertEquals(most / 2, bytes.statistics().free());
    assertFalse(bytes.tryAcquire(most / 2 + 1));
    bytes.resize(most / 4, SECOND);
    try (var place = bytes.reserve(1)) {
      assertEquals(Duration.ofMillis(400), place.delay());
    }
    assertEquals(most, bytes.statistics().granted());
  }

  @Test
  void theStatisticsTellWhatHappened() throws Exception {
    var clock = new HandClock();
    RateLimit limit = RateLimit.bucket(2, SECOND, 5, clock).named("searches");
    String label = limit.toString();
    limit.acquire(3);
    var s = limit.statistics();
    assertEquals(2, s.permits());
    assertEquals(SECOND, s.per());
    assertEquals(5, s.burst());
    assertEquals(2, s.free());
    assertEquals(3, s.granted());
    var waiter = Caller.start(() -> limit.tryAcquire(4, Duration.ofSeconds(5)));
    untilWaiting(limit, 1);
    assertEquals(0, limit.statistics().free());
    assertEquals(label, limit.toString());
    clock.advance(SECOND);
    assertTrue(waiter.outcome().orThrow());
    s = limit.statistics();
    assertEquals(7, s.granted());
    assertEquals(1, s.waited());
    assertEquals(1, s.peakWaiting());
    assertEquals(0, s.inFlight());
    assertEquals("rate 2 per 1 s, burst 5 \"searches\"", label);
    assertEquals(label, limit.toString());
    assertEquals("searches", limit.reading().name());
    assertTrue(
        Tasks.snapshot().toString().contains("searches")
            || Tasks.snapshot().meters().toString().contains("searches"));
  }

  @Test
  void wrongArgumentsAreNamed() {
    for (int n : new int[] {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      var e = assertThrows(IllegalArgumentException.class, () -> RateLimit.window(n, SECOND));
      assertTrue(e.getMessage().contains("permits") && e.getMessage().contains("" + n));
      e = assertThrows(IllegalArgumentException.class, () -> RateLimit.bucket(1, SECOND, n));
      assertTrue(e.getMessage().contains("burst") && e.getMessage().contains("" + n));
    }
    for (Duration d :
        List.of(
            Duration.ZERO,
            Duration.ofNanos(-1),
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE))) {
      var e = assertThrows(IllegalArgumentException.class, () -> RateLimit.window(1, d));
      assertTrue(e.getMessage().contains("per") && e.getMessage().contains(d.toString()));
    }
    assertThrows(NullPointerException.class, () -> RateLimit.window(1, null));
    assertThrows(NullPointerException.class, () -> RateLimit.window(1, SECOND, null));
    assertThrows(
        IllegalArgumentException.class, () -> RateLimit.bucket(1, Duration.ofDays(365), 1 << 20));
    RateLimit limit = RateLimit.window(2, SECOND);
    assertThrows(IllegalArgumentException.class, () -> limit.acquire(0));
    assertThrows(IllegalArgumentException.class, () -> limit.acquire(3));
    assertThrows(IllegalArgumentException.class, () -> limit.tryAcquire(3));
    assertThrows(IllegalArgumentException.class, () -> limit.tryAcquire(3, SECOND));
    assertThrows(IllegalArgumentException.class, () -> limit.reserve(3));
    assertThrows(IllegalArgumentException.class, () -> limit.withMaxWaiters(-1));
    assertThrows(IllegalArgumentException.class, () -> limit.withMaxWait(Duration.ofNanos(-1)));
    assertThrows(NullPointerException.class, () -> limit.call(null));
    assertEquals(0, limit.statistics().granted());
  }

  @Test
  void hugeTimesAreAsGoodAsForEver() throws Exception {
    RateLimit limit = RateLimit.window(1 << 30, Duration.ofDays(36_500 / 2));
    assertTrue(limit.tryAcquire());
    assertTrue(limit.tryAcquire(1, Duration.ofSeconds(Long.MAX_VALUE)));
    assertTrue(limit.withMaxWait(Duration.ofSeconds(Long.MAX_VALUE)).tryAcquire());
    RateLimit slow = RateLimit.window(1, Duration.ofDays(26_000), new HandClock());
    assertTrue(slow.tryAcquire());
    try (var a = slow.reserve();
        var b = slow.reserve();
        var c = slow.reserve()) {
      assertEquals(Duration.ofDays(26_000), a.delay());
      assertTrue(b.delay().compareTo(a.delay()) > 0);
      assertTrue(c.delay().compareTo(a.delay()) > 0);
    }
    assertEquals(0, slow.statistics().waiting());
  }
}
