package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.policy.Policy;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The shapes on an engine that runs its tasks somewhere else and only reports. */
@HangGuard
class ShapesElsewhereTest {
  @Test
  void underAPolicyAsManyAreUnderWayAsTheEngineTakes() throws Exception {
    var workers = ConcurrentHashMap.<Thread>newKeySet();
    var four = new CountDownLatch(4);
    Policy gathers =
        new Policy() {
          @Override
          public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
            if (workers.add(Thread.currentThread())) four.countDown();
            four.await();
            return work.call();
          }
        };
    List<Integer> items = IntStream.range(0, 40).boxed().toList();
    assertEquals(items, Tasks.on(Elsewhere.engine()).with(gathers).map(items, i -> i));
    assertEquals(4, workers.size());
  }

  private final FanOut elsewhere = Tasks.on(Elsewhere.engine());

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @Test
  void resultsAreInOrderAndFailuresAreTheOwnOnes() throws Exception {
    assertEquals(upTo(200), elsewhere.map(upTo(200), i -> i));
    assertEquals(upTo(50), elsewhere.map(upTo(50).stream(), i -> i));
    var own = new IOException("item");
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                elsewhere.map(
                    upTo(10),
                    i -> {
                      throw own;
                    })));
    assertEquals(2, elsewhere.settle(upTo(2), i -> 1 / i).size());
    assertEquals(1, elsewhere.any(() -> 1));
    assertEquals(new Two<>(1, 2), elsewhere.all(() -> 1, () -> 2));
  }

  @Test
  void noMoreThanTheLimitIsPulledAndNotCompleted() throws Exception {
    var completed = new AtomicInteger();
    var worst = new AtomicInteger();
    Iterable<Integer> source =
        () ->
            new Iterator<>() {
              private int pulled;

              @Override
              public boolean hasNext() {
                return pulled < 200;
              }

              @Override
              public Integer next() {
                worst.accumulateAndGet(++pulled - completed.get(), Math::max);
                return pulled;
              }
            };
    elsewhere.limit(3).forEach(source, i -> completed.incrementAndGet());
    assertTrue(worst.get() <= 3, "ahead by " + worst);
  }

  @Test
  void aFailureCancelsTheOthersAndTheyAreAwaited() {
    var stuck = new Stuck(2);
    assertThrows(
        IOException.class,
        () ->
            elsewhere
                .limit(3)
                .map(
                    upTo(3),
                    i -> {
                      if (i < 2) return stuck.block();
                      stuck.awaitBegun();
                      throw new IOException("third");
                    }));
    assertEquals(2, stuck.interrupts());
    assertEquals(2, stuck.ended());
  }

  @Test
  void aCombinationThatThrowsFailsTheWholeInsteadOfHanging() {
    var own = new IllegalStateException("combine");
    assertSame(
        own,
        assertThrows(
            IllegalStateException.class,
            () ->
                elsewhere.mapReduce(
                    upTo(300),
                    i -> i,
                    0,
                    (a, b) -> {
                      throw own;
                    })));
  }

  @Test
  void theCombinationIsTheSameThereAsHere() throws Exception {
    Fn<Integer, Double, RuntimeException> f = i -> 1.0 / (i + 1);
    assertEquals(
        Tasks.mapReduce(upTo(1000), f, 0.0, Double::sum),
        elsewhere.mapReduce(upTo(1000), f, 0.0, Double::sum));
  }

  @Test
  void cancellingATaskReachesIt() throws Exception {
    var stuck = new Stuck();
    elsewhere.runSupervised(s -> {
      var task = s.fork(stuck::block);
      stuck.awaitBegun();
      task.cancel("stop");
      assertInstanceOf(Outcome.Cancelled.class, task.outcome());
    });
    assertEquals(1, stuck.interrupts());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void theFirstReportCounts() throws Exception {
    var ran = new AtomicInteger();
    var often =
        Launching.instead(
            Elsewhere.engine(),
            job -> {
              assertTrue(job.tryStart());
              assertFalse(job.tryStart());
              job.succeed("first");
              job.fail(new IOException("second"));
              job.succeed("third");
              job.run();
            });
    Tasks.on(often)
        .runScope(s -> {
          var told = new AtomicInteger();
          var task = s.fork(ran::incrementAndGet);
          task.onDone(o -> told.incrementAndGet());
          assertEquals(new Outcome.Success<Object>("first"), task.outcome());
          assertEquals(1, told.get());
        });
    assertEquals(0, ran.get());
  }

  @Test
  void aReportOnATaskThatRunsHereEndsItOnceOnly() throws Exception {
    var stuck = new Stuck();
    var other = new Stuck();
    var reporting =
        Launching.instead(
            Elsewhere.engine(),
            job -> {
              Thread runner = Thread.ofVirtual().start(job);
              try {
                stuck.awaitBegun();
                job.succeed("lost");
                stuck.letGo();
                runner.join();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    var told = new AtomicInteger();
    Tasks.runSupervised(s -> {
      s.fork(() -> {
        other.block();
        return null;
      });
      other.awaitBegun();
      s.fork(reporting, stuck::block).onDone(o -> told.incrementAndGet());
      assertEquals(0, other.ended());
      s.run(() -> {
        Thread.yield();
        other.letGo();
      });
    });
    assertEquals(1, told.get());
    assertEquals(1, other.ended());
  }
}
