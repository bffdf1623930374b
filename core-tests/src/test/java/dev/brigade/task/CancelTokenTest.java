package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tokens: linking, timing out, and their callbacks. */
@HangGuard
class CancelTokenTest {
  private final CancelSource source = new CancelSource();
  private final HandClock clock = new HandClock();
  private final List<String> heard = new ArrayList<>();

  private static int waiting(CancelSource s) {
    return ((SourceToken) s.token()).callbackCount();
  }

  @Test
  void callbacksRunOnceOnTheCancellingThreadInOrder() {
    Thread me = Thread.currentThread();
    for (int i = 0; i < 3; i++) {
      int n = i;
      source
          .token()
          .onCancel(r -> {
            assertSame(me, Thread.currentThread());
            heard.add(n + " " + r);
          });
    }
    assertTrue(source.cancel("stop"));
    assertFalse(source.cancel("again"));
    assertEquals(List.of("0 stop", "1 stop", "2 stop"), heard);
    assertEquals("stop", source.token().reasonOrNull().message());
    assertThrows(CancelledException.class, source.token()::throwIfCancelled);
  }

  @Test
  void aCallbackRegisteredAfterwardsRunsAtOnce() {
    source.cancel("stop");
    source.token().onCancel(r -> heard.add("late " + r));
    assertEquals(List.of("late stop"), heard);
    CancelToken.any(CancelToken.never(), source.token()).onCancel(r -> heard.add("linked " + r));
    assertEquals(List.of("late stop", "linked stop"), heard);
  }

  @Test
  void aCallbackThatThrowsDoesNotStopTheOthers() {
    source
        .token()
        .onCancel(r -> {
          throw new AssertionError("callback");
        });
    source.token().onCancel(r -> heard.add("second"));
    source.cancel("stop");
    assertEquals(List.of("second"), heard);
  }

  @Test
  void takingACallbackBackLeavesNothingBehind() {
    CancelToken linked = CancelToken.any(source.token(), CancelToken.timeout(Duration.ofHours(1)));
    for (int i = 0; i < 1000; i++) {
      source.token().onCancel(r -> heard.add("no")).close();
      linked.onCancel(r -> heard.add("no")).close();
      CancelToken.any(linked, source.token()).onCancel(r -> heard.add("no")).close();
    }
    assertEquals(0, waiting(source));
    source.cancel("stop");
    assertEquals(List.of(), heard);
  }

  @Test
  void linkingAloneCostsTheParentNothing() {
    for (int i = 0; i < 1000; i++) CancelToken.any(source.token(), CancelToken.never());
    assertEquals(0, waiting(source));
  }

  @Test
  void anyIsCancelledByTheFirstOfItsParentsAndKeepsItsReason() {
    var other = new CancelSource();
    CancelToken either = CancelToken.any(source.token(), other.token());
    var runs = new AtomicInteger();
    either.onCancel(r -> runs.incrementAndGet());
    assertFalse(either.isCancelled());
    other.cancel("other");
    source.cancel("source");
    assertEquals("other", either.reasonOrNull().message());
    assertEquals(1, runs.get());
    assertEquals(0, waiting(source));
    assertNull(CancelToken.any().reasonOrNull());
  }

  @Test
  void aParentTwiceStillCallsOnce() {
    var runs = new AtomicInteger();
    CancelToken.any(source.token(), CancelToken.any(source.token()), source.token())
        .onCancel(r -> runs.incrementAndGet());
    source.cancel("stop");
    assertEquals(1, runs.get());
  }

  @Test
  void aTimeoutStrikesOnTheClockOfItsScope() throws Exception {
    Tasks.time(clock)
        .runScope(s -> {
          CancelToken token = CancelToken.timeout(Duration.ofSeconds(5));
          var registration = token.onCancel(r -> heard.add(r.kind() + ""));
          clock.advance(Duration.ofSeconds(4));
          assertFalse(token.isCancelled());
          clock.advance(Duration.ofSeconds(1));
          assertTrue(token.isCancelled());
          assertEquals(List.of("DEADLINE"), heard);
          registration.close();
          assertEquals(0, clock.pendingAlarms());
        });
  }

  @Test
  void takingATimeoutsCallbackBackTakesItsAlarmBack() throws Exception {
    Tasks.time(clock)
        .runScope(s -> {
          var registration =
              CancelToken.timeout(Duration.ofSeconds(5)).onCancel(r -> heard.add("no"));
          registration.close();
          registration.close();
          assertEquals(0, clock.pendingAlarms());
          clock.advance(Duration.ofSeconds(6));
          assertEquals(List.of(), heard);
        });
  }

  @Test
  void aCallbackOnATimeoutThatHasPassedRunsAtOnce() {
    CancelToken token = CancelToken.timeout(Duration.ofNanos(1));
    while (!token.isCancelled()) Thread.onSpinWait();
    var ranOn = new Thread[1];
    token.onCancel(r -> ranOn[0] = Thread.currentThread());
    assertSame(Thread.currentThread(), ranOn[0]);
  }

  @Test
  void registrationAndCancellationTogetherCallExactlyOnce() throws Exception {
    for (int round = 0; round < 500; round++) {
      var s = new CancelSource();
      var runs = new AtomicInteger();
      var together = new CyclicBarrier(2);
      CancelToken token = round % 2 == 0 ? s.token() : CancelToken.any(s.token(), s.token());
      Tasks.run(
          () -> {
            together.await();
            token.onCancel(r -> runs.incrementAndGet());
          },
          () -> {
            together.await();
            s.cancel("stop");
          });
      assertEquals(1, runs.get());
      assertEquals(0, waiting(s));
    }
  }

  @Test
  void aShapeLeavesNothingOnTheTokenThatCouldHaveCancelledIt() throws Exception {
    for (int i = 0; i < 100; i++) {
      Tasks.cancelledBy(source.token()).map(List.of(1, 2), x -> x);
      try (var done = Tasks.cancelledBy(source.token()).asCompleted(List.of(1), x -> x)) {
        done.iterator().next();
      }
    }
    assertEquals(0, waiting(source));
  }

  @Test
  void outsideOfTheLibraryTheTokenIsNeverCancelled() {
    assertSame(CancelToken.never(), Tasks.token());
    assertFalse(CancelToken.never().isCancelled());
  }

  @Test
  void theTokenOfATaskIsCancelledWithItHoweverFastTheTaskEnds() throws Exception {
    Tasks.runSupervised(s -> {
      for (int round = 0; round < 500; round++) {
        var stuck = new Stuck();
        var token = new CancelToken[1];
        var task =
            s.fork(() -> {
              token[0] = Tasks.token();
              return stuck.block();
            });
        stuck.awaitBegun();
        assertTrue(task.cancel("stop"));
        assertEquals("stop", String.valueOf(token[0].reasonOrNull()));
      }
    });
  }
}
