package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * On a bounded engine a joining thread runs queued tasks of its scope itself, and mixes nothing.
 */
@HangGuard
class HelpingTest {
  @Test
  void theOnlyThreadRunsTheTasksOfTheScopeThatItJoins() throws Exception {
    try (Engine one = Engine.openThreads(1)) {
      Thread same =
          one.submit(() ->
                  Tasks.on(one)
                      .scope(s -> {
                        Thread helped = s.fork(Thread::currentThread).join();
                        s.run(() -> {});
                        return helped == Thread.currentThread() ? helped : null;
                      }))
              .get();
      assertTrue(same != null);
    }
  }

  @Test
  void aTaskOnTheBodysEngineIsHelpedEvenIfTheScopesEngineIsAnother() throws Exception {
    try (Engine one = Engine.openThreads(1)) {
      int value = one.submit(() -> Tasks.scope(s -> s.fork(one, () -> 6).join())).get();
      assertEquals(6, value);
      one.submit(() -> Tasks.scope(s -> s.fork(one, () -> 6))).get();
    }
  }

  @Test
  void aSiblingIsNotHelpedSoItsJoinersDeadlineDoesNotReachIt() throws Exception {
    try (Engine two = Engine.openThreads(2)) {
      Tasks.on(two)
          .runSupervised(s -> {
            var blocker = new Stuck();
            var other = s.fork(blocker::block);
            blocker.awaitBegun();
            var queued = new AtomicReference<Task<Boolean>>();
            var set = new CountDownLatch(1);
            var joiner =
                s.fork(() -> {
                  set.await();
                  return Tasks.withinOr(Duration.ofMillis(20), null, () -> queued.get().outcome());
                });
            queued.set(s.fork(() -> Thread.currentThread().isInterrupted()));
            set.countDown();
            joiner.outcome();
            blocker.letGo();
            assertEquals(new Outcome.Success<>(false), queued.get().outcome());
            other.join();
          });
    }
  }

  @Test
  void aForeignInterruptOfTheHelperDoesNotReachTheHelpedTaskAndIsKept() throws Exception {
    try (Engine one = Engine.openThreads(1)) {
      var sawFlag = new AtomicBoolean();
      boolean told =
          one.submit(() ->
                  Tasks.on(one)
                      .supervise(s -> {
                        Thread.currentThread().interrupt();
                        var task = s.run(() -> sawFlag.set(Thread.currentThread().isInterrupted()));
                        try {
                          task.outcome();
                        } catch (InterruptedException e) {
                          return true;
                        }
                        return Thread.interrupted();
                      }))
              .get();
      assertTrue(told);
      assertFalse(sawFlag.get());
    }
  }

  @Test
  void cancellingTheHelpedTaskDoesNotInterruptItsHelperAfterwards() throws Exception {
    try (Engine one = Engine.openThreads(1)) {
      var stuck = new Stuck();
      var task = new AtomicReference<Task<Object>>();
      var caller =
          Caller.start(() ->
              one.submit(() ->
                      Tasks.on(one)
                          .supervise(s -> {
                            task.set(s.fork(stuck::block));
                            var outcome = task.get().outcome();
                            assertFalse(Thread.currentThread().isInterrupted());
                            return outcome;
                          }))
                  .get());
      stuck.awaitBegun();
      task.get().cancel("the helped one");
      assertInstanceOf(Outcome.Cancelled.class, caller.outcome().orThrow());
      assertEquals(1, stuck.interrupts());
    }
  }
}
