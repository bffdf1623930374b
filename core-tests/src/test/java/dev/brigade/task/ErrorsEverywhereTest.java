package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An Error ends everything as an Exception does, and comes out as itself. */
@HangGuard
class ErrorsEverywhereTest {
  static Stream<Error> errors() {
    return Stream.of(
        new AssertionError("assertion"),
        new OutOfMemoryError("object"),
        new StackOverflowError("object"),
        new NoClassDefFoundError("object"),
        new Error("plain", null) {
          private static final long serialVersionUID = 1L;

          @Override
          public synchronized Throwable fillInStackTrace() {
            return this;
          }
        });
  }

  private static int fail(Error e) {
    throw e;
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aRaceWhoseBranchesAllThrowItEnds(Error e) {
    assertSame(e, assertThrows(Error.class, () -> Tasks.race(() -> fail(e), () -> fail(e))));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anAnyWhoseBranchesAllThrowItEnds(Error e) {
    assertSame(e, assertThrows(Error.class, () -> Tasks.any(() -> fail(e), () -> fail(e))));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void aQuorumThatCannotBeReachedForItEnds(Error e) {
    assertSame(
        e,
        assertThrows(
            Error.class, () -> Tasks.quorum(2, List.of(1, 2, 3), i -> i == 1 ? i : fail(e))));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void itCancelsTheOtherBranches(Error e) {
    var stuck = new Stuck();
    Work<Integer, RuntimeException> failing =
        () -> {
          stuck.awaitBegun();
          return fail(e);
        };
    assertSame(e, assertThrows(Error.class, () -> Tasks.all(stuck::block, failing)));
    assertEquals(1, stuck.interrupts());
  }

  @ParameterizedTest
  @MethodSource("errors")
  void itPassesADeadlineAtOnce(Error e) {
    assertSame(
        e, assertThrows(Error.class, () -> Tasks.within(Duration.ofHours(1), () -> fail(e))));
    assertSame(
        e, assertThrows(Error.class, () -> Tasks.withinOr(Duration.ofHours(1), 1, () -> fail(e))));
    assertSame(e, assertThrows(Error.class, () -> Tasks.timed(Duration.ofHours(1), () -> fail(e))));
    assertSame(
        e, assertThrows(Error.class, () -> Tasks.shield(Duration.ofHours(1), () -> fail(e))));
    assertSame(
        e, assertThrows(Error.class, () -> Tasks.shieldApart(Duration.ofHours(1), () -> fail(e))));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anOpenScopeThrowsItWrappedFromATaskAndBareFromTheBody(Error e) {
    var fromTask =
        assertThrows(
            TaskFailedException.class, () -> Tasks.scope(s -> s.fork(() -> fail(e)).join()));
    assertSame(e, fromTask.getCause());
    assertSame(e, assertThrows(Error.class, () -> Tasks.scope(s -> fail(e))));
    assertSame(e, assertThrows(Error.class, () -> Tasks.supervise(s -> fail(e))));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void settlingMakesItAValue(Error e) throws Exception {
    List<Outcome<Integer>> outcomes = Tasks.settle(List.of(1, 2), i -> i == 1 ? fail(e) : i);
    assertEquals(List.of(new Outcome.Failed<>(e), new Outcome.Success<>(2)), outcomes);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void itEndsAnAsCompletedItemAsAValue(Error e) {
    try (var done = Tasks.asCompleted(List.of(1), i -> fail(e))) {
      for (var c : done) assertEquals(new Outcome.Failed<>(e), c.outcome());
    }
  }

  @Test
  void anErrorOfATaskThatIsBeingCancelledIsNotLost() {
    var stuck = new Stuck();
    var e = new AssertionError("in reply to the interrupt");
    Throwable thrown =
        assertThrows(
            Throwable.class,
            () ->
                Tasks.scope(s -> {
                  s.fork(() -> {
                    try {
                      return stuck.block();
                    } catch (InterruptedException x) {
                      throw e;
                    }
                  });
                  stuck.awaitBegun();
                  s.run(() -> s.cancel("enough"));
                  return 7;
                }));
    assertSame(e, thrown instanceof TaskFailedException t ? t.getCause() : thrown);
  }

  @Test
  void anErrorOfAnItemThatADeadlineInterruptedIsNotLost() {
    var e = new AssertionError("in reply to the interrupt");
    Throwable thrown =
        assertThrows(
            Throwable.class,
            () ->
                Tasks.within(Duration.ofMillis(20))
                    .map(
                        List.of(1),
                        i -> {
                          try {
                            return new Stuck().block();
                          } catch (InterruptedException x) {
                            throw e;
                          }
                        }));
    assertInstanceOf(AssertionError.class, thrown);
  }

  @Test
  void anObserversErrorHurtsNobody() throws Exception {
    var seen = new java.util.concurrent.atomic.AtomicInteger();
    try (var _ =
        dev.brigade.observe.Observers.register(event -> {
          seen.incrementAndGet();
          throw new AssertionError("observer");
        })) {
      assertEquals(List.of(2), Tasks.map(List.of(1), i -> i + 1));
    }
    assertTrue(seen.get() > 0);
  }
}
