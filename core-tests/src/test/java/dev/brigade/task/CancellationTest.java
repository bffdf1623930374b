package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Cancelling with a reason, hard and soft. */
@HangGuard
class CancellationTest {
  private static final Duration GRACE = Duration.ofSeconds(1);
  private final HandClock clock = new HandClock();

  private static CancelledException why(Outcome<?> outcome) {
    return assertInstanceOf(Outcome.Cancelled.class, outcome).why();
  }

  @Test
  void theReasonIsInTheExceptionAndTheFirstOneWins() {
    var stuck = new Stuck();
    var thrown =
        assertThrows(
            CancelledException.class,
            () ->
                Tasks.scope(s -> {
                  s.fork(stuck::block);
                  s.run(() -> {
                    stuck.awaitBegun();
                    assertTrue(s.cancel("the first"));
                    assertFalse(s.cancel("the second"));
                  });
                  return new Stuck().block();
                }));
    assertEquals("the first", thrown.reason().message());
    assertEquals(CancelReason.Kind.REQUESTED, thrown.reason().kind());
    assertEquals(1, stuck.interrupts());
  }

  @Test
  void theReasonIsInTheSnapshot() throws Exception {
    var stubborn = new Stuck();
    Tasks.supervise(s -> {
      var task = s.fork("the stubborn one", stubborn::ignoreInterrupts);
      stubborn.awaitBegun();
      task.cancel("no longer wanted");
      String text = Tasks.snapshot().toText();
      stubborn.letGo();
      assertTrue(text.contains("cancelled: no longer wanted"), text);
      return null;
    });
  }

  @Test
  void aBodyThatCancelsItsScopeAndReturnsAValueReturnsIt() throws Exception {
    var stuck = new Stuck();
    int value =
        Tasks.scope(s -> {
          s.fork(stuck::block);
          stuck.awaitBegun();
          s.cancel("found it");
          return 5;
        });
    assertEquals(5, value);
    assertEquals(1, stuck.interrupts());
  }

  @Test
  void whatTheTaskDoesNextDecidesItsOutcome() throws Exception {
    var error = new AssertionError("error");
    var socket = new SocketException("Closed by interrupt");
    Tasks.runSupervised(s -> {
      assertEquals(new Outcome.Success<>(3), cancelled(s, () -> 3));
      assertEquals(
          new Outcome.Failed<>(error),
          cancelled(
              s,
              () -> {
                throw error;
              }));
      for (Exception e : List.of(socket, new IOException(), new IllegalStateException())) {
        var why =
            why(
                cancelled(
                    s,
                    () -> {
                      throw e;
                    }));
        assertEquals("stop", why.reason().message());
        assertArrayEquals(new Throwable[] {e}, why.getSuppressed());
      }
    });
  }

  /** Cancels a task while it blocks; then it does {@code next}. */
  private static Outcome<Object> cancelled(TaskScope s, Work<Object, Exception> next)
      throws InterruptedException {
    var stuck = new Stuck();
    var task =
        s.fork(() -> {
          assertThrows(InterruptedException.class, stuck::block);
          return next.call();
        });
    stuck.awaitBegun();
    assertTrue(task.cancel("stop"));
    return task.outcome();
  }

  @Test
  void aTaskThatHasEndedKeepsItsOutcome() throws Exception {
    Tasks.runSupervised(s -> {
      var task = s.fork(() -> 1);
      assertEquals(1, task.join());
      assertFalse(task.cancel("too late"));
      assertFalse(task.cancel("too late", GRACE));
      assertEquals(1, task.join());
    });
  }

  @Test
  void softCancellationSignalsTheTokenFirstAndInterruptsAfterTheGrace() throws Exception {
    var stuck = new Stuck();
    Tasks.time(clock)
        .runSupervised(s -> {
          var token = new CancelToken[1];
          var task =
              s.fork(() -> {
                token[0] = Tasks.token();
                return stuck.block();
              });
          stuck.awaitBegun();
          assertTrue(task.cancel("gently", GRACE));
          assertTrue(token[0].isCancelled());
          assertEquals("gently", token[0].reasonOrNull().message());
          assertFalse(task.isDone());
          assertEquals(0, stuck.interrupts());
          clock.advance(GRACE);
          assertEquals("gently", why(task.outcome()).reason().message());
          assertEquals(1, stuck.interrupts());
        });
  }

  @Test
  void withinTheGraceAValueIsAValue() throws Exception {
    Tasks.time(clock)
        .runSupervised(s -> {
          var begun = new CountDownLatch(1);
          var task =
              s.fork(() -> {
                CancelToken token = Tasks.token();
                begun.countDown();
                while (!token.isCancelled()) Thread.onSpinWait();
                return "saved";
              });
          begun.await();
          task.cancel("gently", GRACE);
          assertEquals("saved", task.join());
          clock.advance(Duration.ofHours(1));
          assertEquals("saved", task.join());
        });
    assertEquals(0, clock.pendingAlarms());
  }

  @Test
  void softCancellationReachesTheTokenInsideADeadline() throws Exception {
    Tasks.time(clock)
        .runSupervised(s -> {
          var begun = new CountDownLatch(1);
          var task =
              s.fork(() ->
                  Tasks.within(
                      Duration.ofHours(1),
                      () -> {
                        CancelToken token = Tasks.token();
                        begun.countDown();
                        while (!token.isCancelled()) Thread.onSpinWait();
                        return token.reasonOrNull().message();
                      }));
          begun.await();
          task.cancel("gently", GRACE);
          assertEquals("gently", task.join());
        });
  }

  @Test
  void softCancellationOfAScopeReachesItsTasksAndThoseForkedLater() throws Exception {
    Tasks.time(clock)
        .runSupervised(s -> {
          var begun = new CountDownLatch(1);
          Work<String, RuntimeException> polling =
              () -> {
                CancelToken token = Tasks.token();
                begun.countDown();
                while (!token.isCancelled()) Thread.onSpinWait();
                return token.reasonOrNull().message();
              };
          var nested = s.fork(() -> Tasks.scope(n -> n.fork(polling).join()));
          begun.await();
          assertTrue(s.cancel("gently", GRACE));
          assertFalse(s.cancel("again", GRACE));
          assertEquals("gently", nested.join());
          assertEquals("gently", s.fork(polling).join());
        });
  }

  @Test
  void aTokenCancelsAWholeShape() throws Exception {
    var stop = new CancelSource();
    var stuck = new Stuck();
    var caller =
        Caller.start(() -> Tasks.cancelledBy(stop.token()).map(List.of(1, 2), i -> stuck.block()));
    stuck.awaitBegun();
    stop.cancel("by token");
    var thrown = assertInstanceOf(CancelledException.class, caller.failure());
    assertEquals("by token", thrown.reason().message());
    assertEquals(stuck.ended(), stuck.interrupts());
  }

  @Test
  void aTokenThatIsCancelledAlreadyStopsAShapeBeforeItBegins() {
    var stop = new CancelSource();
    stop.cancel("before");
    FanOut shape = Tasks.cancelledBy(stop.token());
    Fn<Integer, Integer, RuntimeException> never =
        i -> {
          throw new AssertionError("started");
        };
    for (org.junit.jupiter.api.function.Executable e :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> shape.map(List.of(1, 2), never),
            () -> shape.map(java.util.stream.Stream.of(1), never),
            () -> shape.settle(List.of(1, 2), never),
            () -> shape.anyOf(List.of(1, 2), never),
            () -> shape.mapReduce(List.of(1, 2), never, 0, Integer::sum),
            () -> shape.all(() -> never.apply(1), () -> 2))) {
      assertEquals("before", assertThrows(CancelledException.class, e).reason().message());
      assertFalse(Thread.currentThread().isInterrupted());
    }
  }

  @Test
  void theCauseOfAReasonIsTheCauseOfTheException() {
    var cause = new IOException("cause");
    var e = new CancelledException(new CancelReason(CancelReason.Kind.REQUESTED, "m", cause));
    assertSame(cause, e.getCause());
  }
}
