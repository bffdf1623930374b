package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the first failure of a task does to the rest of its scope. */
@HangGuard
class FirstFailureCancelsTest {
  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void itInterruptsSiblingsAndBodyOnceEach(EachEngine.Opener opener) {
    var siblings = new Stuck();
    var bodyInterrupts = new AtomicInteger();
    var failure = new IOException("first");
    try (Engine e = opener.open()) {
      var thrown =
          assertThrows(
              TaskFailedException.class,
              () ->
                  Tasks.on(e)
                      .scope(s -> {
                        s.fork(siblings::block);
                        siblings.awaitBegun();
                        s.fork(() -> {
                          throw failure;
                        });
                        try {
                          new Stuck().block();
                        } catch (InterruptedException x) {
                          bodyInterrupts.incrementAndGet();
                          assertTrue(s.isCancelled());
                          throw x;
                        }
                        return null;
                      }));
      assertSame(failure, thrown.getCause());
    }
    assertEquals(1, siblings.interrupts());
    assertEquals(1, bodyInterrupts.get());
  }

  @Test
  void aSiblingThatSwallowsItsInterruptIsNotInterruptedAgain() {
    var stubborn = new Stuck();
    assertThrows(
        TaskFailedException.class,
        () ->
            Tasks.runScope(s -> {
              s.fork(stubborn::ignoreInterrupts);
              stubborn.awaitBegun();
              s.run(() -> {
                throw new IOException("failure");
              });
              assertThrows(InterruptedException.class, new Stuck()::block);
              s.cancel("again");
              s.cancel("and again");
              stubborn.letGo();
            }));
    assertTrue(stubborn.interrupts() <= 1, "interrupts: " + stubborn.interrupts());
  }

  @Test
  void aDaemonsFailureCountsLikeAnyOther() {
    var failure = new IOException("daemon");
    var thrown =
        assertThrows(
            TaskFailedException.class,
            () ->
                Tasks.scope(s -> {
                  s.daemon(() -> {
                    throw failure;
                  });
                  return new Stuck().block();
                }));
    assertSame(failure, thrown.getCause());
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void inASupervisedScopeAFailureStaysWithItsTask(EachEngine.Opener opener) throws Exception {
    var sibling = new Stuck();
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .runSupervised(s -> {
            var other = s.fork(sibling::block);
            sibling.awaitBegun();
            var failing =
                s.fork(() -> {
                  throw new AssertionError("local");
                });
            assertInstanceOf(AssertionError.class, failing.outcome().failureOrNull());
            assertEquals(false, s.isCancelled());
            sibling.letGo();
            assertNull(other.join());
          });
    }
    assertEquals(0, sibling.interrupts());
  }

  @Test
  void theBodysOwnExceptionCancelsTheTasksAndPassesUnchanged() {
    var stuck = new Stuck();
    var own = new IOException("body");
    for (boolean supervised : new boolean[] {false, true}) {
      Fn<TaskScope, Object, IOException> body =
          s -> {
            s.fork(stuck::block);
            stuck.awaitBegun();
            throw own;
          };
      Throwable thrown =
          assertThrows(
              IOException.class,
              () -> {
                if (supervised) Tasks.supervise(body);
                else Tasks.scope(body);
              });
      assertSame(own, thrown);
    }
    assertEquals(stuck.ended(), stuck.interrupts());
  }
}
