package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Callbacks on the end of a task. */
@HangGuard
class DoneCallbackTest {
  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void theyRunInTheOrderOfRegistrationBeforeTheScopeCloses(EachEngine.Opener opener)
      throws Exception {
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    var stuck = new Stuck();
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .runScope(s -> {
            var task = s.fork(stuck::block);
            for (int i = 0; i < 50; i++) {
              int n = i;
              task.onDone(o -> order.add(n));
            }
            stuck.letGo();
          });
    }
    assertEquals(java.util.stream.IntStream.range(0, 50).boxed().toList(), order);
  }

  @Test
  void theyAreToldOfEveryOutcome() throws Exception {
    var failure = new IOException("failure");
    var outcomes = new ArrayList<Outcome<?>>();
    Tasks.runSupervised(s -> {
      Task<Integer> ok = s.fork(() -> 1);
      Task<Object> bad =
          s.fork(() -> {
            throw failure;
          });
      var stuck = new Stuck();
      Task<Object> cancelled = s.fork(stuck::block);
      cancelled.cancel("stop");
      for (Task<?> t : List.of(ok, bad, cancelled)) {
        t.outcome();
        t.onDone(outcomes::add);
      }
    });
    assertEquals(new Outcome.Success<>(1), outcomes.get(0));
    assertEquals(new Outcome.Failed<>(failure), outcomes.get(1));
    assertInstanceOf(Outcome.Cancelled.class, outcomes.get(2));
  }

  @Test
  void oneThatThrowsStopsNoOtherAndSpoilsNothing() throws Exception {
    var ran = new AtomicInteger();
    var stuck = new Stuck();
    Tasks.runScope(s -> {
      var task = s.fork(stuck::block);
      task.onDone(o -> {
        throw new AssertionError("callback");
      });
      task.onDone(o -> ran.incrementAndGet());
      stuck.letGo();
      task.join();
    });
    assertEquals(1, ran.get());
  }

  @Test
  void afterTheEndOneRunsAtOnceOnTheRegisteringThread() throws Exception {
    Tasks.runScope(s -> {
      var task = s.fork(() -> 1);
      task.join();
      var on = new Thread[1];
      task.onDone(o -> on[0] = Thread.currentThread());
      assertSame(Thread.currentThread(), on[0]);
    });
  }

  @Test
  void registeringWhileTheTaskEndsRunsItExactlyOnce() throws Exception {
    for (int round = 0; round < 1000; round++) {
      var ran = new AtomicInteger();
      var together = new CyclicBarrier(2);
      Tasks.runScope(s -> {
        var task = s.run(() -> together.await());
        together.await();
        for (int i = 0; i < 3; i++) task.onDone(o -> ran.incrementAndGet());
      });
      assertEquals(3, ran.get());
    }
  }

  @Test
  void aWaiterThatGaveUpTakesNoCallbackWithIt() throws Exception {
    var ran = new AtomicInteger();
    var stuck = new Stuck();
    Tasks.runScope(s -> {
      var task = s.fork(stuck::block);
      task.onDone(o -> ran.incrementAndGet());
      for (int i = 0; i < 5; i++) {
        assertFalse(
            Tasks.withinOr(
                java.time.Duration.ofMillis(1), false, () -> task.outcome().isSuccess()));
        task.onDone(o -> ran.incrementAndGet());
      }
      stuck.letGo();
    });
    assertEquals(6, ran.get());
  }
}
