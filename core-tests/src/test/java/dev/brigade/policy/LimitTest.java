package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.task.Caller;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.EachEngine;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Permits: getting, waiting, giving back. */
@HangGuard
class LimitTest {
  private static void untilWaiting(Limit limit, int n) {
    while (limit.statistics().waiting() != n) Thread.yield();
  }

  private static int held(Limit limit) {
    return limit.statistics().held();
  }

  @Test
  void givingAPermitBackTwiceGivesItBackOnce() throws Exception {
    Limit limit = Limit.of(2);
    var permit = limit.acquire(2);
    assertEquals(2, permit.weight());
    assertNull(limit.tryAcquire(1));
    permit.close();
    permit.close();
    assertEquals(0, permit.weight());
    assertEquals(0, held(limit));
    var all = limit.tryAcquire(2);
    assertNotNull(all);
    assertNull(limit.tryAcquire(1));
    all.close();
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void neverMoreInsideThanTheCapacity(EachEngine.Opener opener) throws Exception {
    Limit limit = Limit.of(3);
    var inside = new AtomicInteger();
    var peak = new AtomicInteger();
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .forEach(
              IntStream.range(0, 300).boxed().toList(),
              i -> {
                int weight = 1 + i % 3;
                try (var _ = limit.acquire(weight)) {
                  peak.accumulateAndGet(inside.addAndGet(weight), Math::max);
                  Thread.yield();
                  inside.addAndGet(-weight);
                }
              });
    }
    assertTrue(peak.get() <= 3, "peak " + peak);
    assertEquals(0, held(limit));
    assertEquals(300, limit.statistics().acquired());
  }

  @Test
  void waitersAreServedInTheOrderOfTheirComingAndNobodyOvertakes() throws Exception {
    Limit limit = Limit.of(3);
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    var first = limit.acquire(2);
    var callers = new ArrayList<Caller<Object>>();
    int[] weights = {3, 1, 2, 1};
    for (int i = 0; i < weights.length; i++) {
      int n = i;
      callers.add(
          Caller.start(() -> {
            try (var _ = limit.acquire(weights[n])) {
              order.add(n);
            }
            return null;
          }));
      untilWaiting(limit, i + 1);
      // One is free, but somebody waits.
      assertNull(limit.tryAcquire(1));
    }
    first.close();
    for (var c : callers) assertInstanceOf(Object.class, c.outcome());
    assertEquals(0, order.getFirst(), "the large one waited first");
    assertEquals(4, order.size());
    assertEquals(0, held(limit));
    assertEquals(4, limit.statistics().peakWaiting());
  }

  @Test
  void aPermitMayBeGivenBackByAnotherThread() throws Exception {
    Limit limit = Limit.of(1);
    var permit = limit.acquire();
    var waiter = Caller.start(limit::acquire);
    untilWaiting(limit, 1);
    Caller.start(() -> closed(permit)).outcome();
    assertEquals(1, waiter.outcome().orThrow().weight());
  }

  private static Object closed(AutoCloseable c) throws Exception {
    c.close();
    return null;
  }

  @Test
  void waitingEndsAtTheDeadlineInForceAndAtItsOwnTimeout() throws Exception {
    var clock = new HandClock();
    Limit limit = Limit.of(1);
    try (var _ = limit.acquire()) {
      assertNull(limit.tryAcquire(1, Duration.ofNanos(1)));
      assertNull(limit.tryAcquire(1, Duration.ZERO));
      assertNull(limit.tryAcquire(1, Duration.ofSeconds(-1)));
      assertThrows(
          DeadlineException.class, () -> Tasks.within(Duration.ofMillis(1), () -> limit.acquire()));
      assertThrows(
          DeadlineException.class,
          () -> Tasks.within(Duration.ofMillis(1), () -> limit.tryAcquire(1, Duration.ofHours(1))));
      var waiter =
          Caller.start(() ->
              Tasks.time(clock)
                  .scope(s -> limit.tryAcquire(1, Duration.ofHours(1)) == null ? "no" : "yes"));
      untilWaiting(limit, 1);
      clock.advance(Duration.ofHours(2));
      assertEquals("no", waiter.outcome().orThrow());
    }
    assertEquals(0, held(limit));
    assertEquals(0, limit.statistics().waiting());
  }

  @Test
  void aroundWorkThePermitComesBackHoweverItEnds() throws Exception {
    Limit limit = Limit.of(1);
    assertEquals(5, limit.call(() -> 5));
    assertThrows(
        IOException.class,
        () ->
            limit.run(() -> {
              assertEquals(1, held(limit));
              throw new IOException("work");
            }));
    assertThrows(
        AssertionError.class,
        () ->
            limit.call(() -> {
              throw new AssertionError("work");
            }));
    assertEquals(List.of(2, 3), Tasks.map(List.of(1, 2), limit.around(i -> i + 1)));
    assertEquals(0, held(limit));
  }

  @Test
  void onAFanOutTheLimitIsItsWidthWaitsIncluded() throws Exception {
    var inProgress = new AtomicInteger();
    var peak = new AtomicInteger();
    Tasks.limit(2)
        .forEach(
            IntStream.range(0, 20).boxed().toList(),
            i -> {
              peak.accumulateAndGet(inProgress.incrementAndGet(), Math::max);
              Tasks.sleep(Duration.ofNanos(1000));
              inProgress.decrementAndGet();
            });
    assertTrue(peak.get() <= 2, "peak " + peak);
  }

  @Test
  void whatWasWrittenBeforeTheReleaseIsSeenAfterTheAcquire() throws Exception {
    Limit limit = Limit.of(1);
    var plain = new int[1];
    Tasks.forEach(
        IntStream.range(0, 8).boxed().toList(),
        i -> {
          for (int k = 0; k < 1000; k++) {
            try (var _ = limit.acquire()) {
              plain[0]++;
            }
          }
        });
    assertEquals(8000, plain[0]);
  }
}
