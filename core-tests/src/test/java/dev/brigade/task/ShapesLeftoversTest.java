package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a shape leaves behind it cancels and awaits; what is abandoned is counted. */
@HangGuard
class ShapesLeftoversTest {
  private static final Duration SHORT = Duration.ofMillis(5);

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void everyContestAwaitsItsLosers(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      FanOut on = Tasks.on(e);
      for (Fn<Fn<Integer, Integer, RuntimeException>, Object, Exception> shape :
          List.<Fn<Fn<Integer, Integer, RuntimeException>, Object, Exception>>of(
              f -> on.anyOf(List.of(0, 1), f),
              f -> on.raceOf(List.of(0, 1), f),
              f -> on.quorum(1, List.of(0, 1), f).getFirst())) {
        var loser = new Stuck();
        Object won =
            shape.apply(i -> {
              if (i == 0) return loser.block();
              loser.awaitBegun();
              return i;
            });
        assertEquals(1, won);
        assertEquals(1, loser.ended());
        assertEquals(1, loser.interrupts());
      }
    }
  }

  @Test
  void whatIgnoresItsInterruptIsWaitedForUnlessItIsAbandoned() throws Exception {
    var stubborn = new Stuck();
    long before = Tasks.snapshot().abandoned();
    int won =
        Tasks.abandonAfter(SHORT)
            .anyOf(
                List.of(0, 1),
                i -> {
                  if (i == 0) return stubborn.ignoreInterrupts();
                  stubborn.awaitBegun();
                  return i;
                });
    assertEquals(1, won);
    assertEquals(0, stubborn.ended());
    assertEquals(before + 1, Tasks.snapshot().abandoned());
    stubborn.letGo();
    Awaitility.await().until(() -> Tasks.snapshot().abandoned() == before);
  }

  @Test
  void anAbandonedShapeHasNoResult() {
    var stubborn = new Stuck(3);
    FanOut hasty = Tasks.abandonAfter(SHORT).within(SHORT);
    try {
      assertThrows(
          DeadlineException.class, () -> hasty.map(List.of(1), i -> stubborn.ignoreInterrupts()));
      assertThrows(DeadlineException.class, () -> hasty.all(stubborn::ignoreInterrupts, () -> 2));
      assertThrows(
          DeadlineException.class,
          () -> hasty.scope(s -> s.fork(stubborn::ignoreInterrupts).join()));
    } finally {
      stubborn.letGo();
    }
  }

  @Test
  void aDaemonThatIgnoresItsEndIsAbandonedToo() throws Exception {
    var stubborn = new Stuck();
    int value =
        Tasks.abandonAfter(SHORT)
            .scope(s -> {
              s.daemon(stubborn::ignoreInterrupts);
              stubborn.awaitBegun();
              return 1;
            });
    assertEquals(1, value);
    assertEquals(0, stubborn.ended());
    stubborn.letGo();
  }

  @Test
  void settlingGivesEveryOutcomeInOrder() throws Exception {
    List<Outcome<Integer>> outcomes =
        Tasks.settle(
            List.of(0, 1, 2),
            i -> {
              if (i == 1) throw new IllegalStateException("one");
              return i;
            });
    assertEquals(new Outcome.Success<>(0), outcomes.get(0));
    assertInstanceOf(IllegalStateException.class, outcomes.get(1).failureOrNull());
    assertEquals(2, outcomes.get(2).orElse(-1));
    assertEquals(-1, outcomes.get(1).orElse(-1));
    assertThrows(TaskFailedException.class, () -> outcomes.get(1).orThrow());
    assertTrue(outcomes.get(2).isSuccess());
  }

  @Test
  void aDeadlineOnASettlingShapeIsThrownNotAnOutcome() {
    assertThrows(
        DeadlineException.class,
        () -> Tasks.within(SHORT).settle(List.of(1, 2), i -> new Stuck().block()));
  }
}
