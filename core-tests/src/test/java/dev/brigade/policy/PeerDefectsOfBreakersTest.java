package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.VoidWork;
import dev.failsafe.Failsafe;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** Where the breakers of Resilience4j and Failsafe go wrong, and what happens here instead. */
@HangGuard
class PeerDefectsOfBreakersTest {
  private static final Duration OPEN = Duration.ofSeconds(10);

  /** The clock on the wall, which somebody sets. */
  private static final class WallClock extends Clock {
    private Instant now = Instant.parse("2026-10-25T02:30:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }

    void advance(Duration by) {
      now = now.plus(by);
    }
  }

  private final WallClock wall = new WallClock();
  private final HandClock clock = new HandClock();

  /** Opens with the first failure, and lets one probe through. */
  private io.github.resilience4j.circuitbreaker.CircuitBreaker resilience4j() {
    return io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
        "theirs",
        CircuitBreakerConfig.custom()
            .slidingWindowSize(1)
            .minimumNumberOfCalls(1)
            .permittedNumberOfCallsInHalfOpenState(1)
            .waitDurationInOpenState(OPEN)
            .clock(wall)
            .build());
  }

  private CircuitBreaker ours() {
    return CircuitBreaker.ofCalls(1).withOpenTime(OPEN).withJitter(0).withTime(clock);
  }

  private static void fail() throws IOException {
    throw new IOException("down");
  }

  private static void crash() {
    throw new StackOverflowError("in a parser");
  }

  private static void opened(io.github.resilience4j.circuitbreaker.CircuitBreaker theirs) {
    assertThrows(IOException.class, () -> theirs.executeCallable(failing()));
    assertEquals(
        io.github.resilience4j.circuitbreaker.CircuitBreaker.State.OPEN, theirs.getState());
  }

  private static java.util.concurrent.Callable<Object> failing() {
    return () -> {
      fail();
      return "not reached";
    };
  }

  private static void opened(CircuitBreaker ours) {
    VoidWork<IOException> failing = PeerDefectsOfBreakersTest::fail;
    assertThrows(IOException.class, () -> ours.run(failing));
    assertEquals(CircuitBreaker.State.OPEN, ours.state());
  }

  @Test
  void aWallClockThatIsSetBackDoesNotKeepItOpen() throws Exception {
    var theirs = resilience4j();
    opened(theirs);
    wall.advance(Duration.ofHours(-1));
    // An hour of it, at ten seconds.
    for (int i = 0; i < 300; i++) {
      wall.advance(OPEN);
      assertThrows(CallNotPermittedException.class, () -> theirs.executeCallable(() -> "v"));
    }

    var ours = ours();
    opened(ours);
    // Time goes on, whatever the wall says.
    wall.advance(Duration.ofHours(-1));
    clock.advance(OPEN);
    assertEquals("v", ours.call(() -> "v"));
    assertEquals(CircuitBreaker.State.CLOSED, ours.state());
  }

  @Test
  void aProbeThatEndsWithAnErrorGivesItsPlaceBack() throws Exception {
    var theirs = resilience4j();
    opened(theirs);
    wall.advance(OPEN.plusSeconds(1));
    assertThrows(
        StackOverflowError.class,
        () ->
            theirs.executeCallable(() -> {
              crash();
              return "not reached";
            }));
    // Half open, its only place taken, for ever.
    wall.advance(Duration.ofDays(1000));
    assertThrows(CallNotPermittedException.class, () -> theirs.executeCallable(() -> "v"));
    assertEquals(
        io.github.resilience4j.circuitbreaker.CircuitBreaker.State.HALF_OPEN, theirs.getState());

    var ours = ours();
    opened(ours);
    clock.advance(OPEN);
    assertThrows(StackOverflowError.class, () -> ours.run(PeerDefectsOfBreakersTest::crash));
    assertEquals(CircuitBreaker.State.OPEN, ours.state());
    clock.advance(OPEN);
    assertEquals("v", ours.call(() -> "v"));
  }

  @Test
  void aCallFromBeforeItOpenedIsNoProbe() throws Exception {
    var theirs = resilience4j();
    var theirLate = new Stuck();
    var theirOld = Caller.start(() -> theirs.executeCallable(theirLate::<Object>block));
    theirLate.awaitBegun();
    opened(theirs);
    wall.advance(OPEN.plusSeconds(1));
    var probe = new Stuck();
    var probing = Caller.start(() -> theirs.executeCallable(probe::<Object>block));
    probe.awaitBegun();
    theirLate.letGo();
    assertTrue(theirOld.outcome().isSuccess());
    // Closed by a call that began while the service was still well.
    assertEquals(
        io.github.resilience4j.circuitbreaker.CircuitBreaker.State.CLOSED, theirs.getState());
    probe.letGo();
    assertTrue(probing.outcome().isSuccess());

    var failsafe = dev.failsafe.CircuitBreaker.builder().withDelay(Duration.ofNanos(1)).build();
    var late = new Stuck();
    var old = Caller.start(() -> Failsafe.with(failsafe).get(late::<Object>block));
    late.awaitBegun();
    assertThrows(
        Exception.class, () -> Failsafe.with(failsafe).run(PeerDefectsOfBreakersTest::fail));
    assertTrue(failsafe.isOpen());
    assertTrue(failsafe.tryAcquirePermit());
    assertTrue(failsafe.isHalfOpen());
    late.letGo();
    assertTrue(old.outcome().isSuccess());
    assertTrue(failsafe.isClosed());

    var ours = ours();
    var ourLate = new Stuck();
    var ourOld = Caller.start(() -> ours.call(ourLate::<Object>block));
    ourLate.awaitBegun();
    opened(ours);
    clock.advance(OPEN);
    var ourProbe = new Stuck();
    var ourProbing = Caller.start(() -> ours.call(ourProbe::<Object>block));
    ourProbe.awaitBegun();
    ourLate.letGo();
    assertTrue(ourOld.outcome().isSuccess());
    assertEquals(CircuitBreaker.State.HALF_OPEN, ours.state());
    ourProbe.letGo();
    assertTrue(ourProbing.outcome().isSuccess());
    assertEquals(CircuitBreaker.State.CLOSED, ours.state());
  }

  @Test
  void aCallerThatIsInterruptedIsNoFailureOfTheService() throws Exception {
    var theirs = resilience4j();
    interrupted(stuck -> theirs.executeCallable(stuck::<Object>block));
    assertEquals(
        io.github.resilience4j.circuitbreaker.CircuitBreaker.State.OPEN, theirs.getState());

    var failsafe = dev.failsafe.CircuitBreaker.builder().build();
    interrupted(stuck -> Failsafe.with(failsafe).get(stuck::<Object>block));
    assertTrue(failsafe.isOpen());

    var ours = ours();
    var caller = interrupted(stuck -> ours.call(stuck::<Object>block));
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertFalse(caller.flagLeft());
    assertEquals(CircuitBreaker.State.CLOSED, ours.state());
  }

  private interface Blocking {
    Object block(Stuck stuck) throws Exception;
  }

  private static Caller<Object> interrupted(Blocking call) throws Exception {
    var stuck = new Stuck();
    var caller = Caller.start(() -> call.block(stuck));
    stuck.awaitBegun();
    caller.interrupt();
    assertFalse(caller.outcome().isSuccess());
    return caller;
  }
}
