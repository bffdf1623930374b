package dev.brigade.policy;

import static dev.brigade.policy.RateLimitTest.untilWaiting;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import dev.brigade.testing.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Waiters that give up, reservations that are cancelled, waits that are not begun. */
@HangGuard
class RateLimitGivingUpTest {
  private static final Duration HALF = Duration.ofMillis(500);
  private final HandClock clock = new HandClock();

  private RateLimit taken() throws InterruptedException {
    RateLimit limit = RateLimit.window(1, HALF, clock);
    limit.acquire();
    return limit;
  }

  @Test
  void sixInterruptedWaitersDoNotDelayTheNextOne() throws Exception {
    RateLimit limit = taken();
    List<Caller<Object>> six = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      six.add(
          Caller.start(() -> {
            limit.acquire();
            return "granted";
          }));
      untilWaiting(limit, i + 1);
    }
    var next =
        Caller.start(() -> {
          limit.acquire();
          return clock.nanoTime();
        });
    untilWaiting(limit, 7);
    for (var c : six) {
      c.interrupt();
      assertInstanceOf(InterruptedException.class, c.failure());
      assertFalse(c.flagLeft());
    }
    clock.advance(HALF);
    assertEquals(HALF.toNanos(), next.outcome().orThrow());
    var s = limit.statistics();
    assertEquals(2, s.granted());
    assertEquals(6, s.gaveUp());
    assertEquals(0, s.waiting() + s.inFlight());
  }

  @Test
  void aWaitThatCannotFitTheDeadlineIsNotBegun() throws Exception {
    var virtual = new VirtualClock();
    RateLimit limit = RateLimit.window(1, Duration.ofSeconds(10), virtual);
    Tasks.time(virtual)
        .scope(s -> {
          limit.acquire();
          var e =
              assertThrows(
                  WaitTooLongException.class,
                  () -> Tasks.within(Duration.ofSeconds(9), () -> limit.call(() -> "late")));
          assertEquals(Duration.ofSeconds(10), e.needed());
          // With the deadline exactly when the grant is due, nothing would be left for the work.
          assertThrows(
              WaitTooLongException.class,
              () -> Tasks.within(Duration.ofSeconds(10), () -> limit.call(() -> "late")));
          assertEquals(Duration.ZERO, virtual.now());
          assertEquals(
              "done", Tasks.within(Duration.ofSeconds(11), () -> limit.call(() -> "done")));
          assertEquals(Duration.ofSeconds(10), virtual.now());
          return s;
        });
    assertEquals(2, limit.statistics().granted());
    assertEquals(2, limit.statistics().refused());
  }

  @Test
  void aTryThatIsKnownToFailReturnsAtOnceAndOneThatJustFitsSucceeds() throws Exception {
    var virtual = new VirtualClock();
    RateLimit limit = RateLimit.window(1, HALF, virtual);
    Tasks.time(virtual)
        .scope(s -> {
          assertTrue(limit.tryAcquire(Duration.ZERO));
          assertFalse(limit.tryAcquire(Duration.ofMillis(499)));
          assertFalse(limit.tryAcquire(Duration.ofNanos(-1)));
          assertEquals(Duration.ZERO, virtual.now());
          for (int i = 1; i < 50; i++) {
            assertTrue(limit.tryAcquire(HALF));
            assertEquals(HALF.multipliedBy(i), virtual.now());
          }
          return s;
        });
  }

  @Test
  void aWaiterWhoseTimeIsOverBeforeItsTurnLeavesNothing() throws Exception {
    RateLimit limit = taken();
    RateLimit.Reservation before = limit.reserve();
    var waiter = Caller.start(() -> limit.tryAcquire(Duration.ofSeconds(1)));
    untilWaiting(limit, 2);
    clock.advance(HALF);
    clock.advance(Duration.ofMillis(100));
    before.await();
    // Its turn could come at 1.1 s, its patience ends at 1.0.
    clock.advance(Duration.ofMillis(400));
    assertFalse(waiter.outcome().orThrow());
    assertEquals(0, limit.statistics().waiting());
    assertEquals(0, clock.pendingAlarms());
    clock.advance(Duration.ofMillis(100));
    assertTrue(limit.tryAcquire());
  }

  @Test
  void anInterruptedThreadGetsNothing() throws Exception {
    RateLimit limit = RateLimit.window(1, HALF, clock);
    var caller =
        Caller.start(() -> {
          Thread.currentThread().interrupt();
          limit.acquire();
          return "granted";
        });
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertEquals(0, limit.statistics().granted());
  }

  @Test
  void cancelledReservationsLetThoseBehindForward() throws Exception {
    RateLimit limit = taken();
    var first = limit.reserve();
    var second = limit.reserve();
    var third = limit.reserve();
    assertEquals(List.of(500L, 1000L, 1500L), delays(first, second, third));
    assertTrue(second.cancel());
    assertFalse(second.cancel());
    assertEquals(List.of(500L, 0L, 1000L), delays(first, second, third));
    clock.advance(HALF);
    assertEquals(List.of(0L, 0L, 500L), delays(first, second, third));
    // Its turn has come, and it gives it up: the next one takes it at once.
    first.close();
    assertEquals(Duration.ZERO, third.delay());
    third.await();
    assertFalse(third.cancel());
    assertThrows(IllegalStateException.class, third::await);
    assertThrows(CancellationException.class, second::await);
    assertEquals(2, limit.statistics().granted());
    assertEquals(2, limit.statistics().gaveUp());
    assertEquals(0, clock.pendingAlarms());
  }

  private static List<Long> delays(RateLimit.Reservation... all) {
    List<Long> millis = new ArrayList<>();
    for (var r : all) millis.add(r.delay().toMillis());
    return millis;
  }

  @Test
  void cancellingAReservationEndsItsWait() throws Exception {
    RateLimit limit = taken();
    var reservation = limit.reserve();
    var waiter =
        Caller.start(() -> {
          reservation.await();
          return "granted";
        });
    while (waiter.thread().getState() != Thread.State.WAITING) Thread.yield();
    assertThrows(IllegalStateException.class, reservation::await);
    assertTrue(reservation.cancel());
    assertInstanceOf(CancellationException.class, waiter.failure());
  }

  @Test
  void anAwaitThatIsInterruptedOrCannotFitGivesTheReservationUp() throws Exception {
    RateLimit limit = taken();
    var first = limit.reserve();
    var waiter =
        Caller.start(() -> {
          first.await();
          return "granted";
        });
    while (waiter.thread().getState() != Thread.State.WAITING) Thread.yield();
    waiter.interrupt();
    assertInstanceOf(InterruptedException.class, waiter.failure());
    assertFalse(first.cancel());
    var second = limit.reserve();
    assertThrows(
        WaitTooLongException.class,
        () ->
            Tasks.time(clock)
                .within(Duration.ofMillis(499))
                .scope(s -> {
                  second.await();
                  return s;
                }));
    assertEquals(0, limit.statistics().waiting());
  }

  @Test
  void furtherWaitersThanTheBoundAndLongerWaitsAreRefused() throws Exception {
    RateLimit limit = taken();
    RateLimit strict = limit.withMaxWaiters(1).withMaxWait(HALF);
    var e = assertThrows(RateLimit.FullException.class, limit.withMaxWaiters(0)::acquire);
    assertTrue(e.getMessage().contains("at most 0"), e::getMessage);
    try (var first = strict.reserve()) {
      assertEquals(HALF, first.delay());
      assertThrows(WaitTooLongException.class, strict::acquire);
      assertThrows(RateLimit.FullException.class, limit.withMaxWaiters(1)::reserve);
    }
    assertEquals(3, limit.statistics().refused());
    assertEquals(1, limit.statistics().granted());
    clock.advance(HALF);
    // One limit, whoever asks, and however.
    strict.acquire();
    assertFalse(limit.tryAcquire());
  }

  @Test
  void aRefusalTellsADeadlineFromTheMostThatMayBeWaited() throws Exception {
    RateLimit limit = RateLimit.window(1, Duration.ofHours(1), clock);
    limit.acquire();
    clock.advance(Duration.ofNanos(7_692));
    var max =
        assertThrows(WaitTooLongException.class, limit.withMaxWait(Duration.ofMillis(10))::acquire);
    assertEquals(
        "waiting for rate 1 per 60 minutes would take 60 minutes, longer than the most that may be waited,"
            + " 10 ms",
        max.getMessage());
    assertEquals(Duration.ofHours(1).minusNanos(7_692), max.needed());
    clock.advance(Duration.ofMinutes(20));
    var left =
        assertThrows(
            WaitTooLongException.class,
            () ->
                Tasks.time(clock)
                    .within(Duration.ofMillis(1500))
                    .scope(s -> {
                      limit.acquire();
                      return s;
                    }));
    assertEquals(
        "waiting for rate 1 per 60 minutes would take 40 minutes, but only 1.5 s are left",
        left.getMessage());
  }

  @Test
  void delaysStayExactInALongLineWhoeverLeavesIt() throws Exception {
    RateLimit limit = taken();
    int many = 200_000;
    List<RateLimit.Reservation> line = new ArrayList<>();
    for (int i = 0; i < many; i++) line.add(limit.reserve());
    // A walk along the line for each of them would take minutes.
    for (int i = 0; i < many; i++) assertEquals(HALF.multipliedBy(i + 1), line.get(i).delay());
    for (int i = 0; i < many; i += 2) assertTrue(line.get(i).cancel());
    for (int i = 1; i < many; i += 2)
      assertEquals(HALF.multipliedBy((i + 1) / 2), line.get(i).delay());
    line.forEach(RateLimit.Reservation::close);
    assertEquals(0, limit.statistics().waiting());
  }

  @Test
  void aCancelledTaskGivesUpItsPlace() throws Exception {
    RateLimit limit = RateLimit.window(1, Duration.ofDays(1));
    limit.acquire();
    Tasks.runSupervised(s -> {
      var waiter =
          s.fork(() -> {
            limit.acquire();
            return "granted";
          });
      untilWaiting(limit, 1);
      waiter.cancel("not wanted");
      waiter.outcome();
    });
    assertEquals(0, limit.statistics().waiting());
  }
}
