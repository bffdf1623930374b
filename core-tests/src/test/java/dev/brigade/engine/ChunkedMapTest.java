package dev.brigade.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A map over items that compute, on the engine that hands them out in chunks. */
@HangGuard
class ChunkedMapTest {
  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 64, 1000, 100_003})
  void eachItemRunsOnceAndTheResultsAreInOrder(int n) throws Exception {
    var runs = new AtomicIntegerArray(n);
    List<Integer> results =
        Tasks.on(Engine.cores())
            .map(
                upTo(n),
                i -> {
                  runs.incrementAndGet(i);
                  return i * 2;
                });
    assertEquals(n, results.size());
    for (int i = 0; i < n; i++) {
      assertEquals(1, runs.get(i));
      assertEquals(i * 2, results.get(i));
    }
  }

  @Test
  void tinyWorkStaysOnOneThread() throws Exception {
    // The very first measurement may be slow (class loading), so not on the first run.
    int fewest = Integer.MAX_VALUE;
    for (int round = 0; round < 50; round++) {
      Set<Thread> threads = ConcurrentHashMap.newKeySet();
      Tasks.on(Engine.cores()).map(upTo(10), i -> threads.add(Thread.currentThread()));
      fewest = Math.min(fewest, threads.size());
    }
    assertEquals(1, fewest);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void allWorkersJoinForWorkThatIsWorthIt(int width) throws Exception {
    try (Engine e = Engine.openCores(width)) {
      // Nobody passes before all workers are there: as long as they are missing, items are long.
      var all = new CyclicBarrier(width);
      Set<Thread> met = ConcurrentHashMap.newKeySet();
      Tasks.on(e)
          .forEach(
              upTo(width),
              i -> {
                all.await();
                met.add(Thread.currentThread());
              });
      assertEquals(width, met.size());
    }
  }

  @Test
  void aQuickFirstItemDoesNotLeaveTheLongOnesToOneWorker() throws Exception {
    try (Engine e = Engine.openCores(2)) {
      var together = new CyclicBarrier(2);
      Tasks.on(e)
          .forEach(
              upTo(61),
              i -> {
                if (i > 0) together.await();
              });
    }
  }

  @Test
  void aSlowItemDoesNotHoldUpTheOthers() throws Exception {
    try (Engine e = Engine.openCores(2)) {
      var done = new AtomicInteger();
      Tasks.on(e)
          .forEach(
              upTo(200),
              i -> {
                if (i == 0) while (done.get() < 199) Thread.onSpinWait();
                else done.incrementAndGet();
              });
      assertEquals(199, done.get());
    }
  }

  @Test
  void neverWiderThanTheLimit() throws Exception {
    try (Engine e = Engine.openCores(8)) {
      var now = new AtomicInteger();
      var peak = new AtomicInteger();
      Tasks.on(e)
          .limit(3)
          .forEach(
              upTo(5000),
              i -> {
                peak.accumulateAndGet(now.incrementAndGet(), Math::max);
                for (int k = 0; k < 100; k++) Thread.onSpinWait();
                now.decrementAndGet();
              });
      assertTrue(peak.get() <= 3, "peak " + peak);
    }
  }

  @Test
  void aFailureStopsTheRestAndIsThrownAsItIs() {
    var own = new IOException("item");
    var begun = new AtomicInteger();
    Throwable thrown =
        assertThrows(
            IOException.class,
            () ->
                Tasks.on(Engine.cores())
                    .map(
                        upTo(1_000_000),
                        i -> {
                          begun.incrementAndGet();
                          if (i == 100) throw own;
                          return i;
                        }));
    assertSame(own, thrown);
    assertTrue(begun.get() < 1_000_000, "begun " + begun);
  }

  @Test
  void aLoopThatComputesStopsBetweenItemsAtACancellation() {
    var stop = new dev.brigade.task.CancelSource();
    var begun = new AtomicInteger();
    assertThrows(
        dev.brigade.task.CancelledException.class,
        () ->
            Tasks.on(Engine.cores())
                .cancelledBy(stop.token())
                .map(
                    upTo(1_000_000),
                    i -> {
                      if (begun.incrementAndGet() == 1000) stop.cancel("enough");
                      return i;
                    }));
    assertTrue(begun.get() < 1_000_000, "begun " + begun);
  }
}
