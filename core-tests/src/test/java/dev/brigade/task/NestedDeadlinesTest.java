package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deadlines within deadlines, scopes and tasks: each strikes at its own level. */
@HangGuard
class NestedDeadlinesTest {
  private final HandClock clock = new HandClock();

  private static Duration seconds(int n) {
    return Duration.ofSeconds(n);
  }

  @AfterEach
  void noFlagIsLeft() {
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private static String level(String name, Work<Object, Exception> work) throws Exception {
    try {
      return name + " returned " + work.call();
    } catch (DeadlineException e) {
      return name + " timed out";
    }
  }

  private String threeDeep(int outer, int middle, int inner, int advance) throws Exception {
    return Tasks.time(clock)
        .scope(s ->
            level(
                "outer",
                () ->
                    Tasks.within(
                        seconds(outer),
                        () ->
                            level(
                                "middle",
                                () ->
                                    Tasks.within(
                                        seconds(middle),
                                        () ->
                                            level(
                                                "inner",
                                                () ->
                                                    Tasks.within(
                                                        seconds(inner),
                                                        () -> {
                                                          clock.advance(seconds(advance));
                                                          return new Stuck().block();
                                                        })))))));
  }

  @Test
  void eachStrikesAtItsOwnLevelThreeDeep() throws Exception {
    assertEquals("outer returned middle returned inner timed out", threeDeep(30, 20, 10, 15));
    assertEquals("outer returned middle timed out", threeDeep(30, 10, 20, 15));
    assertEquals("outer timed out", threeDeep(10, 20, 30, 15));
  }

  @Test
  void theEarliestInForceIsTheOneThatRemains() throws Exception {
    assertNull(Tasks.remaining());
    Tasks.time(clock)
        .runScope(s ->
            Tasks.within(
                seconds(10),
                () -> {
                  assertEquals(seconds(10), Tasks.remaining());
                  Tasks.within(
                      seconds(20),
                      () -> {
                        assertEquals(seconds(10), Tasks.remaining());
                        return null;
                      });
                  Tasks.within(
                      seconds(5),
                      () -> {
                        clock.advance(seconds(2));
                        assertEquals(seconds(3), Tasks.remaining());
                        return null;
                      });
                  assertEquals(seconds(8), Tasks.remaining());
                  return null;
                }));
  }

  @Test
  void tasksInheritTheDeadlineAndAreInterruptedByIt() {
    var stuck = new Stuck();
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock)
                .within(seconds(10))
                .scope(s -> {
                  Task<Duration> inTask = s.fork(Tasks::remaining);
                  assertEquals(seconds(10), inTask.join());
                  var nested = s.fork(() -> Tasks.scope(n -> n.fork(stuck::block).join()));
                  stuck.awaitBegun();
                  clock.advance(seconds(11));
                  return nested.join();
                }));
    assertEquals(1, stuck.interrupts());
  }

  @Test
  void zeroOrNegativeExpiresBeforeTheBodyStarts() throws Exception {
    for (Duration d :
        List.of(Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
      Work<Object, RuntimeException> never =
          () -> {
            throw new AssertionError("started");
          };
      assertThrows(DeadlineException.class, () -> Tasks.within(d, never));
      assertThrows(java.util.concurrent.TimeoutException.class, () -> Tasks.timed(d, never));
      assertEquals("fallback", Tasks.<Object, RuntimeException>withinOr(d, "fallback", never));
      assertThrows(
          DeadlineException.class, () -> Tasks.within(d).map(List.of(1), i -> never.call()));
      assertThrows(DeadlineException.class, () -> Tasks.within(d).scope(s -> never.call()));
    }
  }

  @Test
  void aVeryLongOneNeverStrikes() throws Exception {
    assertEquals(1, Tasks.within(Duration.ofSeconds(Long.MAX_VALUE), () -> 1));
    assertEquals(1, Tasks.within(Duration.ofDays(365 * 200), () -> 1));
  }

  @Test
  void anOuterCancellationUnwindsThroughAnInnerDeadlineWithItsReason() {
    var stuck = new Stuck();
    var thrown =
        assertThrows(
            CancelledException.class,
            () ->
                Tasks.scope(s -> {
                  s.run(() -> {
                    stuck.awaitBegun();
                    s.cancel("the reason");
                  });
                  return Tasks.within(
                      Duration.ofHours(1),
                      () ->
                          Tasks.within(
                              Duration.ofHours(2),
                              () -> Tasks.scope(n -> n.fork(stuck::block).join())));
                }));
    assertEquals("the reason", thrown.reason().message());
    assertEquals(1, stuck.interrupts());
  }

  @Test
  void anOuterDeadlineIsNotMistakenForTheInnerOnesOwn() {
    var thrown =
        assertThrows(
            DeadlineException.class,
            () ->
                Tasks.time(clock)
                    .within(seconds(1))
                    .scope(s ->
                        Tasks.withinOr(
                            seconds(2),
                            "fallback",
                            () -> {
                              clock.advance(seconds(3));
                              return new Stuck().block();
                            })));
    assertTrue(thrown.getMessage().contains("1 s"), thrown::getMessage);
  }

  @Test
  void itWorksOnEveryKindOfThreadWithoutASecondOne() throws Exception {
    Work<Object, RuntimeException> timesOut =
        () ->
            assertThrows(
                DeadlineException.class,
                () -> Tasks.within(Duration.ofMillis(1), new Stuck()::block));
    assertInstanceOf(Outcome.Success.class, Caller.start(timesOut).outcome());
    Thread virtual = Thread.ofVirtual().unstarted(() -> unchecked(timesOut));
    var failed = new Throwable[1];
    virtual.setUncaughtExceptionHandler((t, e) -> failed[0] = e);
    virtual.start();
    virtual.join();
    assertNull(failed[0]);
    assertInstanceOf(
        DeadlineException.class,
        java.util.concurrent.ForkJoinPool.commonPool().submit(timesOut).get());
  }

  private static void unchecked(Work<?, RuntimeException> work) {
    try {
      work.call();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
