package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may fork and join, and when. */
@HangGuard
class ForkAndJoinRulesTest {
  @Test
  void forkingInAClosedScopeIsRefused() throws Exception {
    var kept = new AtomicReference<TaskScope>();
    Tasks.named("kept").runScope(kept::set);
    var e = assertThrows(IllegalStateException.class, () -> kept.get().fork(() -> 1));
    assertTrue(e.getMessage().contains("closed"), e::getMessage);
    assertTrue(e.getMessage().contains("kept"), e::getMessage);
  }

  @Test
  void aStrangerMayNotFork() throws Exception {
    Tasks.named("ours")
        .runScope(s -> {
          Throwable e = Caller.start(() -> s.fork(() -> 1)).failure();
          assertInstanceOf(IllegalStateException.class, e);
          assertTrue(e.getMessage().contains("ours"), e::getMessage);
          assertTrue(e.getMessage().contains("Thread["), e::getMessage);
        });
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void theWholeTreeBelowMayFork(EachEngine.Opener opener) throws Exception {
    var runs = new AtomicInteger();
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .runScope(s ->
              s.run(() ->
                  Tasks.on(e)
                      .runScope(n -> {
                        s.run(runs::incrementAndGet);
                        n.run(() -> s.run(runs::incrementAndGet)).join();
                        Tasks.within(Duration.ofHours(1), () -> s.fork(runs::incrementAndGet));
                      })));
    }
    assertEquals(3, runs.get());
  }

  @Test
  void aNestedScopesBodyIsNoStrangerButACousinIs() throws Exception {
    Tasks.runScope(outer -> {
      Tasks.runScope(inner -> outer.run(() -> {}));
      var inner = new AtomicReference<TaskScope>();
      var stuck = new Stuck();
      outer.run(() ->
          Tasks.runScope(n -> {
            inner.set(n);
            stuck.block();
          }));
      stuck.awaitBegun();
      assertThrows(IllegalStateException.class, () -> inner.get().fork(() -> 1));
      stuck.letGo();
    });
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void aForkDuringCancellationIsACancelledTaskThatNeverRuns(EachEngine.Opener opener)
      throws Exception {
    var ran = new AtomicBoolean();
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .runScope(s -> {
            s.cancel("over");
            var late =
                s.fork(() -> {
                  ran.set(true);
                  return 1;
                });
            assertTrue(late.isDone());
            var why = assertInstanceOf(Outcome.Cancelled.class, late.outcomeOrNull()).why();
            assertEquals("over", why.reason().message());
            assertThrows(CancelledException.class, late::join);
          });
    }
    assertEquals(false, ran.get());
  }

  @Test
  void joiningIsAllowedFromAnywhere() throws Exception {
    Tasks.runScope(s -> {
      var stuck = new Stuck();
      Task<Integer> task =
          s.fork(() -> {
            stuck.block();
            return 4;
          });
      var stranger = Caller.start(task::join);
      stuck.letGo();
      assertEquals(4, stranger.outcome().orThrow());
    });
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void joiningItselfIsDetected(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .runSupervised(s -> {
            var self = new AtomicReference<Task<Object>>();
            var set = new java.util.concurrent.CountDownLatch(1);
            self.set(
                s.fork(
                    "narcissus",
                    () -> {
                      set.await();
                      return self.get().join();
                    }));
            set.countDown();
            Throwable t = self.get().outcome().failureOrNull();
            assertInstanceOf(IllegalStateException.class, t);
            assertTrue(t.getMessage().contains("narcissus"), t::getMessage);
          });
    }
  }

  @Test
  void joiningAnAncestorIsDetected() throws Exception {
    Tasks.runSupervised(s -> {
      var top = new AtomicReference<Task<Object>>();
      var set = new java.util.concurrent.CountDownLatch(1);
      top.set(
          s.fork(() -> {
            set.await();
            return Tasks.scope(n ->
                n.fork(() -> Tasks.scope(m -> m.fork(() -> top.get().outcome()).join())).join());
          }));
      set.countDown();
      Throwable t = top.get().outcome().failureOrNull();
      while (t instanceof TaskFailedException) t = t.getCause();
      assertInstanceOf(IllegalStateException.class, t);
    });
  }

  @Test
  void waitingForAllOfAScopeFromItsOwnTaskIsDetected() throws Exception {
    Tasks.runSupervised(s -> {
      var task = s.fork(() -> s.await(TaskScope.Until.ALL, Duration.ofDays(1)));
      assertInstanceOf(IllegalStateException.class, task.outcome().failureOrNull());
    });
  }

  @Test
  void whatTheForkerWroteTheTaskSeesAndWhatTheTaskWroteTheJoinerSees() throws Exception {
    for (int round = 0; round < 2000; round++) {
      int n = round;
      var plain = new int[2];
      Tasks.runScope(s -> {
        plain[0] = n;
        var task = s.run(() -> plain[1] = plain[0] + 1);
        if (n % 2 == 0) task.join();
      });
      assertEquals(n + 1, plain[1]);
    }
  }
}
