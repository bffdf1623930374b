package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.models.ModelTime;
import dev.brigade.policy.CircuitBreaker.State;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Clocks that stand, jump, wrap, and belong to the caller. */
@HangGuard
class CircuitBreakerClocksTest {
  private final ModelTime clock = new ModelTime();

  private static void bad(CircuitBreaker b) {
    assertThrows(
        IOException.class,
        () ->
            b.run(() -> {
              throw new IOException("down");
            }));
  }

  private static void refused(CircuitBreaker b) {
    assertThrows(BreakerOpenException.class, () -> b.run(() -> {}));
  }

  private CircuitBreaker open() {
    var b = CircuitBreaker.ofCalls(1).withTime(clock).withJitter(0);
    bad(b);
    return b;
  }

  @Test
  void aClockThatGoesBackDoesNotKeepItOpen() throws Exception {
    clock.set(Duration.ofDays(1).toNanos());
    var b = open();
    clock.set(Duration.ofHours(1).toNanos());
    b.run(() -> {});
    assertEquals(State.CLOSED, b.state());
  }

  @Test
  void aClockThatStandsKeepsItOpenAndOneThatJumpsEndsIt() throws Exception {
    var b = open();
    for (int i = 0; i < 100; i++) refused(b);
    clock.set(Long.MAX_VALUE - 1);
    b.run(() -> {});
    assertEquals(State.CLOSED, b.state());
  }

  @Test
  void theWrapOfTheClockIsATimeLikeAnyOther() throws Exception {
    clock.set(Long.MAX_VALUE - Duration.ofSeconds(3).toNanos());
    var b = open();
    clock.set(Long.MIN_VALUE + Duration.ofSeconds(6).toNanos());
    refused(b);
    clock.set(Long.MIN_VALUE + Duration.ofSeconds(7).toNanos());
    b.run(() -> {});
    assertEquals(State.CLOSED, b.state());
  }

  @Test
  void anEndlessOpenTimeEndsNever() {
    var b =
        CircuitBreaker.ofCalls(1).withTime(clock).withOpenTime(Duration.ofSeconds(Long.MAX_VALUE));
    bad(b);
    for (long t : List.of(1L, Long.MAX_VALUE - 1, Long.MIN_VALUE)) {
      clock.set(t);
      refused(b);
    }
  }

  @Test
  void goodCallsOfATimeWindowCountByTheirOwnTimes() throws Exception {
    var b = CircuitBreaker.ofTime(Duration.ofSeconds(10)).withTime(clock).withMinimumCalls(2);
    b.run(() -> {});
    clock.set(Duration.ofMillis(9_500).toNanos());
    for (int i = 0; i < 100; i++) b.run(() -> {});
    clock.set(Duration.ofMillis(10_500).toNanos());
    bad(b);
    bad(b);
    assertEquals(102, b.statistics().windowCalls());
    assertEquals(State.CLOSED, b.state());
    clock.set(Duration.ofMillis(19_500).toNanos());
    bad(b);
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void aTimeWindowSurvivesJumpsAndTheWrap() throws Exception {
    var b = CircuitBreaker.ofTime(Duration.ofSeconds(10)).withTime(clock).withMinimumCalls(3);
    clock.set(Long.MAX_VALUE - 5);
    bad(b);
    clock.set(Long.MIN_VALUE + 5);
    bad(b);
    assertEquals(2, b.statistics().windowCalls());
    clock.set(0);
    assertEquals(0, b.statistics().windowCalls());
    bad(b);
    bad(b);
    // Far back: what was counted is of another time.
    clock.set(-Duration.ofDays(1).toNanos());
    assertEquals(0, b.statistics().windowCalls());
    bad(b);
    // A little back.
    clock.set(-Duration.ofDays(1).toNanos() - 10);
    bad(b);
    assertEquals(State.CLOSED, b.state());
    bad(b);
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void oneThatOpenedOnAPrivateClockIsNotOpenForEverElsewhere() throws Exception {
    var b = CircuitBreaker.ofFailuresInARow(1).withOpenTime(Duration.ofMillis(1)).withJitter(0);
    Tasks.time(new VirtualClock()).runScope(_ -> bad(b));
    Awaitility.await().ignoreException(BreakerOpenException.class).until(() -> b.call(() -> true));
    assertEquals(State.CLOSED, b.state());
  }

  @Test
  void onEachOtherClockItsTimeRunsFromTheFirstCallThere() throws Exception {
    var b = CircuitBreaker.ofFailuresInARow(1).withOpenTime(Duration.ofHours(1)).withJitter(0);
    Tasks.time(new VirtualClock()).runScope(_ -> bad(b));
    refused(b);
    var some = new HandClock();
    var other = new HandClock();
    for (int i = 0; i < 3; i++) {
      Tasks.time(other).runScope(_ -> refused(b));
      other.advance(Duration.ofMinutes(10));
      Tasks.time(some).runScope(_ -> refused(b));
      some.advance(Duration.ofMinutes(19));
    }
    var e =
        assertThrows(
            BreakerOpenException.class, () -> Tasks.time(some).runScope(_ -> b.run(() -> {})));
    assertEquals(Duration.ofMinutes(3), e.remaining());
    some.advance(Duration.ofMinutes(3));
    refused(b);
    Tasks.time(some).runScope(_ -> b.run(() -> {}));
    assertEquals(State.CLOSED, b.state());
  }

  @Test
  void manyOtherClocksKeepItOpenNoLongerThanTheMachinesClock() throws Exception {
    var b = CircuitBreaker.ofFailuresInARow(1).withOpenTime(Duration.ofMillis(1)).withJitter(0);
    Tasks.time(new VirtualClock()).runScope(_ -> bad(b));
    Awaitility.await()
        .ignoreException(BreakerOpenException.class)
        .until(() -> Tasks.time(new HandClock()).scope(_ -> b.call(() -> true)));
  }

  @Test
  void onItsOwnClockNoOtherOneIsAsked() throws Exception {
    var b = CircuitBreaker.ofFailuresInARow(1).withOpenTime(Duration.ofNanos(1)).withJitter(0);
    var own = new HandClock();
    Tasks.time(own)
        .runScope(_ -> {
          bad(b);
          for (long end = System.nanoTime() + 1_000; System.nanoTime() - end < 0; )
            Thread.onSpinWait();
          refused(b);
          own.advance(Duration.ofNanos(1));
          b.run(() -> {});
        });
  }

  @Test
  void withoutAClockOfItsOwnItGoesByTheCallersClock() throws Exception {
    var b = CircuitBreaker.ofCalls(1).withSlowCalls(Duration.ofMinutes(1), 1);
    var virtual = new VirtualClock();
    Tasks.time(virtual)
        .runScope(s -> {
          b.run(() -> Tasks.sleep(Duration.ofMinutes(1)));
          refused(b);
          Tasks.sleep(Duration.ofHours(1));
          b.run(() -> {});
        });
    assertEquals(State.CLOSED, b.state());
    assertEquals(1, b.statistics().slow());
  }
}
