package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.policy.CircuitBreaker.State;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.TaskFailedException;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** When it opens, what it then refuses, and when it closes. */
@HangGuard
class CircuitBreakerTest {
  private final HandClock clock = new HandClock();

  private static void good(CircuitBreaker b) throws InterruptedException {
    assertEquals("v", b.call(() -> "v"));
  }

  private static IOException bad(CircuitBreaker b) {
    var own = new IOException("down");
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                b.run(() -> {
                  throw own;
                })));
    return own;
  }

  private void slow(CircuitBreaker b, Duration d) throws InterruptedException {
    b.run(() -> clock.advance(d));
  }

  private CircuitBreaker of(int calls) {
    return CircuitBreaker.ofCalls(calls).withTime(clock).withJitter(0);
  }

  private static BreakerOpenException refused(CircuitBreaker b) {
    return assertThrows(
        BreakerOpenException.class,
        () ->
            b.run(() -> {
              throw new AssertionError("let through");
            }));
  }

  @Test
  void opensWhenTheShareOfFailuresInTheLastCallsIsReached() throws Exception {
    var b = of(10).withFailureRate(0.3);
    for (int i = 0; i < 10; i++) good(b);
    bad(b);
    bad(b);
    for (int i = 0; i < 7; i++) good(b);
    assertEquals(State.CLOSED, b.state());
    // Two more, and the first of the two failures has left the window; the other one is next.
    for (int i = 0; i < 2; i++) good(b);
    bad(b);
    assertEquals(0.1, b.statistics().failureRate());
    bad(b);
    assertEquals(0.2, b.statistics().failureRate());
    assertEquals(State.CLOSED, b.state());
    bad(b);
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void doesNotOpenBeforeTheMinimumOfCalls() throws Exception {
    var b = of(100).withMinimumCalls(5);
    for (int i = 0; i < 4; i++) bad(b);
    assertEquals(State.CLOSED, b.state());
    assertEquals(4, b.statistics().windowCalls());
    bad(b);
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void aGoodCallDoesNotOpenItEvenIfItCompletesTheMinimum() throws Exception {
    var b = of(100).withMinimumCalls(2);
    bad(b);
    good(b);
    assertEquals(State.CLOSED, b.state());
    bad(b);
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void opensAfterFailuresInARowAndASuccessStartsAnew() throws Exception {
    var b = CircuitBreaker.ofFailuresInARow(3).withTime(clock);
    for (int round = 0; round < 3; round++) {
      bad(b);
      bad(b);
      good(b);
    }
    assertEquals(State.CLOSED, b.state());
    bad(b);
    bad(b);
    bad(b);
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void opensWhenTheShareOfSlowCallsIsReachedHoweverTheyEnd() throws Exception {
    var b = of(4).withMinimumCalls(2).withSlowCalls(Duration.ofSeconds(1), 0.5);
    good(b);
    slow(b, Duration.ofMillis(999));
    assertEquals(State.CLOSED, b.state());
    assertEquals(0, b.statistics().slowRate());
    slow(b, Duration.ofSeconds(1));
    assertEquals(State.CLOSED, b.state());
    assertEquals(1 / 3.0, b.statistics().slowRate());
    slow(b, Duration.ofHours(1));
    assertEquals(State.OPEN, b.state());
    assertEquals(2, b.statistics().slow());
  }

  @Test
  void aTimeWindowForgetsWhatIsOlder() throws Exception {
    var b =
        CircuitBreaker.ofTime(Duration.ofSeconds(10))
            .withTime(clock)
            .withJitter(0)
            .withMinimumCalls(2);
    bad(b);
    clock.advance(Duration.ofSeconds(10));
    bad(b);
    assertEquals(State.CLOSED, b.state());
    assertEquals(1, b.statistics().windowCalls());
    clock.advance(Duration.ofSeconds(8));
    good(b);
    good(b);
    assertEquals(3, b.statistics().windowCalls());
    clock.advance(Duration.ofMillis(999));
    bad(b);
    assertEquals(State.OPEN, b.state());
    assertEquals(0, b.statistics().windowCalls());
  }

  @Test
  void refusesWhileOpenAndSaysForHowLongAndWhy() throws Exception {
    var b = of(1).withOpenTime(Duration.ofSeconds(30));
    var own = bad(b);
    clock.advance(Duration.ofSeconds(10));
    var e = refused(b);
    assertEquals(Duration.ofSeconds(20), e.remaining());
    assertSame(own, e.getCause());
    assertTrue(e.getMessage().contains("20 s"), e.getMessage());
    clock.advance(Duration.ofSeconds(20).minusNanos(1));
    assertEquals(Duration.ofNanos(1), refused(b).remaining());
    clock.advance(Duration.ofNanos(1));
    good(b);
    assertEquals(State.CLOSED, b.state());
    assertEquals(2, b.statistics().refused());
  }

  @Test
  void aProbeThatFailsOpensItAgainAndLongerIfAsked() throws Exception {
    var b = of(1).withOpenTime(Duration.ofSeconds(1), 2, Duration.ofSeconds(3));
    bad(b);
    for (int seconds : List.of(1, 2, 3, 3)) {
      assertEquals(Duration.ofSeconds(seconds), refused(b).remaining());
      clock.advance(Duration.ofSeconds(seconds));
      bad(b);
    }
    clock.advance(Duration.ofSeconds(3));
    good(b);
    bad(b);
    assertEquals(Duration.ofSeconds(1), refused(b).remaining());
  }

  @Test
  void aSlowProbeOpensItAgain() throws Exception {
    var b = of(1).withSlowCalls(Duration.ofSeconds(1), 1).withOpenTime(Duration.ofSeconds(9));
    bad(b);
    clock.advance(Duration.ofSeconds(9));
    slow(b, Duration.ofSeconds(1));
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void closesAfterAllProbesWithAnEmptyWindow() throws Exception {
    var b = of(2).withMinimumCalls(2).withProbes(3);
    bad(b);
    bad(b);
    clock.advance(Duration.ofSeconds(10));
    good(b);
    good(b);
    assertEquals(State.HALF_OPEN, b.state());
    good(b);
    assertEquals(State.CLOSED, b.state());
    assertEquals(0, b.statistics().windowCalls());
    bad(b);
    assertEquals(State.CLOSED, b.state());
  }

  @Test
  void theOpenTimeIsJitteredUpwardsAndASeedRepeatsIt() {
    var b = CircuitBreaker.ofCalls(1).withTime(clock).withOpenTime(Duration.ofSeconds(1));
    var lengths = openTimes(b.withJitter(0.5, 42));
    assertEquals(lengths, openTimes(b.withJitter(0.5, 42)));
    assertTrue(lengths.stream().distinct().count() > 10, lengths::toString);
    for (Duration d : lengths)
      assertTrue(d.toNanos() >= 1_000_000_000L && d.toNanos() <= 1_500_000_000L, d::toString);
  }

  private List<Duration> openTimes(CircuitBreaker b) {
    return java.util.stream.IntStream.range(0, 20)
        .mapToObj(i -> {
          bad(b);
          Duration remaining = refused(b).remaining();
          clock.advance(remaining);
          return remaining;
        })
        .toList();
  }

  @Test
  void onlyWhatIsNamedCountsAsAFailure() throws Exception {
    var b = of(1).failIf(IOException.class::isInstance);
    assertThrows(
        IllegalStateException.class,
        () ->
            b.run(() -> {
              throw new IllegalStateException("mine");
            }));
    assertEquals(State.CLOSED, b.state());
    assertEquals(1, b.statistics().succeeded());
    bad(b);
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void aScopesOwnExceptionIsJudgedByItsCause() {
    var b = of(1).failIf(IOException.class::isInstance);
    assertThrows(
        TaskFailedException.class,
        () ->
            b.run(() ->
                Tasks.runScope(s ->
                    s.run(() -> {
                      throw new IOException("down");
                    }))));
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void aResultCanBeAFailureAndIsReturnedAllTheSame() throws Exception {
    var b = of(1).failIfResult(r -> r == null);
    assertEquals("v", b.call(() -> "v"));
    assertNull(b.call(() -> null));
    assertEquals(State.OPEN, b.state());
    assertNull(refused(b).getCause());
  }

  @Test
  void whatThePredicatesThrowCountsAsAFailureAndLosesNothing() throws Exception {
    var evil = new IllegalStateException("evil");
    var b =
        of(1)
            .failIf(t -> {
              throw evil;
            });
    var own = bad(b);
    assertEquals(0, own.getSuppressed().length);
    assertEquals(State.OPEN, b.state());
    var c =
        of(1)
            .failIfResult(r -> {
              throw evil;
            });
    assertSame(evil, assertThrows(IllegalStateException.class, () -> good(c)));
    assertEquals(State.OPEN, c.state());
    clock.advance(Duration.ofSeconds(10));
    assertThrows(IllegalStateException.class, () -> good(c));
    assertEquals(0, c.statistics().probing());
  }

  @Test
  void anErrorCountsAsAnExceptionDoes() {
    var b = of(1);
    assertThrows(
        StackOverflowError.class,
        () ->
            b.run(() -> {
              throw new StackOverflowError();
            }));
    assertEquals(State.OPEN, b.state());
  }

  @Test
  void trippedByHandItStaysOpenUntilReset() throws Exception {
    var b = of(10);
    b.trip();
    clock.advance(Duration.ofDays(1000));
    assertNull(refused(b).remaining());
    b.reset();
    good(b);
    assertEquals(State.CLOSED, b.state());
  }

  @Test
  void aRefusalInAScopeCountsNeitherWay() throws Exception {
    var b = CircuitBreaker.ofFailuresInARow(1);
    assertThrows(
        TaskFailedException.class,
        () ->
            b.run(() ->
                Tasks.runScope(s ->
                    s.run(() -> {
                      throw new WaitTooLongException("it", Duration.ofHours(1), Duration.ZERO);
                    }))));
    assertEquals(1, b.statistics().ignored());
    assertEquals(State.CLOSED, b.state());
  }

  @Test
  void readsWellInAChain() {
    assertEquals(
        "breaker 50 % of the last 100 calls, open 10 s", CircuitBreaker.ofCalls(100).toString());
    assertEquals(
        "breaker 12.5 % of the calls of 1 s, open 500 ms \"mirror\"",
        CircuitBreaker.ofTime(Duration.ofSeconds(1))
            .withFailureRate(0.125)
            .withOpenTime(Duration.ofMillis(500))
            .named("mirror")
            .toString());
  }

  @Test
  void nonsenseIsRefusedWithNameRuleAndValue() {
    refuses("calls must be from 1 to 1000000, but was 0", b -> CircuitBreaker.ofCalls(0));
    refuses("time must be more than zero, but was PT0S", b -> CircuitBreaker.ofTime(Duration.ZERO));
    refuses(
        "failureRate must be more than 0 and at most 1, but was 0.0", b -> b.withFailureRate(0));
    refuses(
        "failureRate must be more than 0 and at most 1, but was NaN",
        b -> b.withFailureRate(Double.NaN));
    refuses(
        "slowRate must be more than 0 and at most 1, but was 1.5",
        b -> b.withSlowCalls(Duration.ofSeconds(1), 1.5));
    refuses(
        "longerThan must be more than zero, but was PT-1S",
        b -> b.withSlowCalls(Duration.ofSeconds(-1), 1));
    refuses(
        "minimumCalls must be at least 1 and fit into the last 10 calls, but was 11",
        b -> b.withMinimumCalls(11));
    refuses("time must be more than zero, but was PT0S", b -> b.withOpenTime(Duration.ZERO));
    refuses(
        "growth must be at least 1 and finite, but was 0.5",
        b -> b.withOpenTime(Duration.ofSeconds(1), 0.5, Duration.ofSeconds(2)));
    refuses(
        "longest must be at least the open time, 3 s, but was 2 s",
        b -> b.withOpenTime(Duration.ofSeconds(3), 2, Duration.ofSeconds(2)));
    refuses("jitter must be from 0 to 1, but was -0.1", b -> b.withJitter(-0.1));
    refuses("probes must be at least 1, but was 0", b -> b.withProbes(0));
  }

  private static void refuses(String message, UnaryOperator<CircuitBreaker> what) {
    var e =
        assertThrows(IllegalArgumentException.class, () -> what.apply(CircuitBreaker.ofCalls(10)));
    assertEquals(message, e.getMessage());
  }
}
