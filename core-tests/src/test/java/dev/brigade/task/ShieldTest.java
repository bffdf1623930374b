package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Clean-up that cancellation from further out does not reach. */
@HangGuard
class ShieldTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private final HandClock clock = new HandClock();

  @Test
  void aDeadlineFurtherOutIsHeldBackAndDeliveredAfterwards() {
    var log = new java.util.ArrayList<String>();
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock)
                .within(Duration.ofSeconds(1))
                .scope(s -> {
                  Tasks.runShielded(
                      HOUR,
                      () -> {
                        clock.advance(Duration.ofSeconds(2));
                        assertFalse(Thread.currentThread().isInterrupted());
                        Tasks.checkCancelled();
                        log.add("clean-up done");
                      });
                  assertTrue(Thread.currentThread().isInterrupted());
                  return new Stuck().block();
                }));
    assertEquals(List.of("clean-up done"), log);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aScopeOpenedInsideIsNotCancelledFromFurtherOut() {
    var seen = new AtomicReference<Object>();
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock)
                .within(Duration.ofSeconds(1))
                .scope(s -> {
                  seen.set(
                      Tasks.shield(
                          HOUR,
                          () -> {
                            clock.advance(Duration.ofSeconds(2));
                            return Tasks.map(List.of(1, 2), i -> i + 1);
                          }));
                  return new Stuck().block();
                }));
    assertEquals(List.of(2, 3), seen.get());
  }

  @Test
  void aTaskCleansUpInPeaceAfterItsCancellation() throws Exception {
    var stuck = new Stuck();
    var cleaned = new AtomicReference<String>("no");
    Tasks.runSupervised(s -> {
      var task =
          s.run(() -> {
            try {
              stuck.block();
            } finally {
              Tasks.runShielded(
                  HOUR,
                  () -> {
                    var slow = new CountDownLatch(1);
                    Thread.ofVirtual().start(slow::countDown);
                    slow.await();
                    cleaned.set("yes");
                  });
            }
          });
      stuck.awaitBegun();
      task.cancel("stop");
      assertInstanceOf(Outcome.Cancelled.class, task.outcome());
    });
    assertEquals("yes", cleaned.get());
  }

  @Test
  void aFlagSetOnEntryIsOffInsideAndSetAgainOnExit() throws Exception {
    Thread.currentThread().interrupt();
    boolean inside = Tasks.shield(HOUR, () -> Thread.currentThread().isInterrupted());
    assertFalse(inside);
    assertTrue(Thread.interrupted());
    Thread.currentThread().interrupt();
    assertThrows(
        IllegalStateException.class,
        () ->
            Tasks.shield(
                HOUR,
                () -> {
                  throw new IllegalStateException("clean-up failed");
                }));
    assertTrue(Thread.interrupted());
  }

  @Test
  void theBudgetEndsAShieldThatHangs() {
    assertThrows(
        DeadlineException.class, () -> Tasks.shield(Duration.ofMillis(1), new Stuck()::block));
    assertThrows(
        DeadlineException.class, () -> Tasks.shieldApart(Duration.ofMillis(1), new Stuck()::block));
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void theBudgetIsALevelNotAnEdge() {
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.runShielded(
                Duration.ofMillis(1),
                () -> {
                  assertThrows(InterruptedException.class, new Stuck()::block);
                  Tasks.sleep(Duration.ofDays(1));
                }));
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.shield(
                Duration.ofMillis(1),
                () -> {
                  assertThrows(InterruptedException.class, new Stuck()::block);
                  return Tasks.scope(s -> s.fork(new Stuck()::block).join());
                }));
  }

  @Test
  void theDeadlineInForceInsideIsTheBudget() throws Exception {
    Tasks.time(clock)
        .within(Duration.ofSeconds(1))
        .runScope(s ->
            Tasks.runShielded(
                Duration.ofSeconds(5),
                () -> assertEquals(Duration.ofSeconds(5), Tasks.remaining())));
  }

  @Test
  void theFormOnAnotherThreadIsOutOfReachOfRawInterrupts() throws Exception {
    var inside = new Stuck();
    var caller =
        Caller.start(() ->
            Tasks.shieldApart(
                HOUR,
                () -> {
                  inside.block();
                  return Thread.currentThread();
                }));
    inside.awaitBegun();
    caller.interrupt();
    while (caller.thread().isInterrupted()) Thread.onSpinWait();
    inside.letGo();
    Thread ran = caller.outcome().orThrow();
    assertNotSame(caller.thread(), ran);
    assertEquals(0, inside.interrupts());
    assertTrue(caller.flagLeft());
  }

  @Test
  void aShieldInsideAShieldHasItsOwnBudget() {
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock)
                .scope(s ->
                    Tasks.shield(
                        Duration.ofSeconds(1),
                        () -> {
                          assertEquals(
                              "inner done",
                              Tasks.shield(
                                  Duration.ofSeconds(10),
                                  () -> {
                                    clock.advance(Duration.ofSeconds(5));
                                    Tasks.checkCancelled();
                                    return "inner done";
                                  }));
                          return new Stuck().block();
                        })));
  }
}
