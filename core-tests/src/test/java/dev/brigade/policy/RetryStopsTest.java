package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.CancelledException;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who is told to stop stops, wherever that finds him, and hides nothing. */
@HangGuard
class RetryStopsTest {
  @Test
  void anInterruptThatComesAfterTheFailureStopsItEvenWithoutABackOff() {
    int[] calls = {0};
    Retry retry =
        Retry.attempts(3)
            .withBackoff(Backoff.none())
            .retryIf(e -> {
              Thread.currentThread().interrupt();
              return true;
            });
    assertThrows(
        InterruptedException.class,
        () ->
            retry.run(() -> {
              calls[0]++;
              throw new IOException("down");
            }));
    assertEquals(1, calls[0]);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private static final Duration LONG = Duration.ofHours(1);
  private static final Retry PATIENT =
      Retry.attempts(9).withBackoff(Backoff.constant(LONG)).retryIf(_ -> true);

  private final VirtualClock clock = new VirtualClock();
  private final AtomicInteger attempts = new AtomicInteger();
  private final IOException own = new IOException("own");

  private final Work<Object, IOException> fails =
      () -> {
        attempts.incrementAndGet();
        throw own;
      };

  @Test
  void anInterruptDuringTheBackOffEndsItWithTheFailureSuppressed() throws Exception {
    var caller = Caller.start(() -> PATIENT.call(fails));
    Awaitility.await().until(() -> caller.thread().getState() == Thread.State.TIMED_WAITING);
    caller.interrupt();
    Throwable e = caller.failure();
    assertInstanceOf(InterruptedException.class, e);
    assertEquals(List.of(own), Arrays.asList(e.getSuppressed()));
    assertEquals(1, attempts.get());
    assertFalse(caller.flagLeft());
  }

  @Test
  void anInterruptDuringTheWorkIsNotRepeated() throws Exception {
    var stuck = new Stuck();
    var caller = Caller.start(() -> PATIENT.call(stuck::<Object>block));
    stuck.awaitBegun();
    caller.interrupt();
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertEquals(1, stuck.ended());
    assertFalse(caller.flagLeft());
  }

  @Test
  void aFailureInReplyToAnInterruptPassesAndTheFlagStays() throws Exception {
    var stuck = new Stuck();
    var caller =
        Caller.start(() ->
            PATIENT.<Object, IOException>call(() -> {
              stuck.ignoreInterrupts();
              throw own;
            }));
    stuck.awaitBegun();
    caller.interrupt();
    Awaitility.await().until(() -> stuck.interrupts() == 1);
    stuck.letGo();
    assertSame(own, caller.failure());
    assertTrue(caller.flagLeft());
  }

  @Test
  void aCancelledTaskThatSwallowedItsInterruptIsNotTriedAgain() throws Exception {
    var begun = new CountDownLatch(1);
    Tasks.runSupervised(s -> {
      Task<Object> task =
          s.fork(() ->
              PATIENT.<Object, IOException>call(() -> {
                attempts.incrementAndGet();
                begun.countDown();
                try {
                  new Stuck().block();
                } catch (InterruptedException e) {
                  throw own;
                }
                return null;
              }));
      begun.await();
      task.cancel("not wanted");
      Throwable why = task.outcome().failureOrNull();
      assertInstanceOf(CancelledException.class, why);
      // Nothing that it threw is lost on the way.
      Throwable reply = why.getSuppressed().length == 0 ? own : why.getSuppressed()[0];
      assertTrue(reply == own || List.of(reply.getSuppressed()).contains(own));
    });
    assertEquals(1, attempts.get());
  }

  @Test
  void aCancellationDuringTheBackOffEndsItWithItsReason() throws Exception {
    Tasks.time(clock)
        .runSupervised(s -> {
          Task<Object> task = s.fork(() -> PATIENT.call(fails));
          Tasks.sleep(Duration.ofMinutes(10));
          task.cancel("not wanted");
          var e = assertInstanceOf(CancelledException.class, task.outcome().failureOrNull());
          assertEquals("not wanted", e.reason().message());
        });
    assertEquals(Duration.ofMinutes(10), clock.now());
    assertEquals(1, attempts.get());
  }

  @Test
  void aSoftSignalToStopEndsItBeforeTheInterrupt() throws Exception {
    Tasks.time(clock)
        .runSupervised(s -> {
          Retry atOnce = PATIENT.withBackoff(Backoff.none());
          Task<Object> task =
              s.fork(() ->
                  atOnce.<Object, IOException>call(() -> {
                    attempts.incrementAndGet();
                    Tasks.sleep(Duration.ofSeconds(10));
                    throw own;
                  }));
          Tasks.sleep(Duration.ofSeconds(15));
          task.cancel("please stop", LONG);
          assertSame(own, task.outcome().failureOrNull());
        });
    assertEquals(2, attempts.get());
    assertEquals(Duration.ofSeconds(20), clock.now());
  }

  @Test
  void aTimeoutInsideIsTriedAgain() {
    Policy p = Policy.of(PATIENT.withBackoff(Backoff.none()), Timeout.of(Duration.ofSeconds(5)));
    var e =
        assertThrows(
            DeadlineException.class,
            () ->
                Tasks.time(clock)
                    .scope(_ ->
                        p.call(() -> {
                          attempts.incrementAndGet();
                          Tasks.sleep(LONG);
                          return null;
                        })));
    assertEquals(9, attempts.get());
    assertEquals(Duration.ofSeconds(45), clock.now());
    assertEquals(9, e.getSuppressed().length); // the interrupt, and eight earlier attempts
  }

  @Test
  void aDeadlineFurtherOutEndsItAtOnce() {
    Policy p = Policy.of(PATIENT.withBackoff(Backoff.none()), Timeout.of(Duration.ofSeconds(5)));
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock)
                .within(Duration.ofSeconds(12))
                .scope(_ ->
                    p.call(() -> {
                      attempts.incrementAndGet();
                      Tasks.sleep(LONG);
                      return null;
                    })));
    assertEquals(3, attempts.get());
    assertEquals(Duration.ofSeconds(12), clock.now());
  }

  @Test
  void errorsCarryTheEarlierFailuresToo() {
    var error = new AssertionError("an error");
    Retry retry = PATIENT.withBackoff(Backoff.none());
    var e =
        assertThrows(
            AssertionError.class,
            () ->
                retry.<Object, IOException>call(() -> {
                  if (attempts.getAndIncrement() == 0) throw own;
                  throw error;
                }));
    assertSame(error, e);
    assertEquals(List.of(own), Arrays.asList(e.getSuppressed()));
  }
}
