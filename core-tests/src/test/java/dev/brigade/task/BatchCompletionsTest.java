package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Batch;
import dev.brigade.engine.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Outcomes as they come, or in order, from an engine elsewhere that takes several at a time. */
@HangGuard
class BatchCompletionsTest {
  private final BatchRunner runner = new BatchRunner();
  private final FanOut batching = Tasks.on(runner.engine());

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @Test
  void eachItemIsHandedOutOnceWithItsOutcome() {
    Set<Integer> seen = new HashSet<>();
    try (var done =
        batching.asCompleted(
            upTo(10_000),
            i -> {
              if (i % 7 == 0) throw new IOException("item " + i);
              return -i;
            })) {
      for (var c : done) {
        assertTrue(seen.add(c.input()), "twice: " + c);
        assertEquals(c.input().longValue(), c.index());
        if (c.input() % 7 == 0)
          assertEquals("item " + c.input(), c.outcome().failureOrNull().getMessage());
        else assertEquals(new Outcome.Success<>(-c.input()), c.outcome());
      }
    }
    assertEquals(10_000, seen.size());
    // How many are together depends on how often the taker comes by; but several are.
    assertTrue(runner.sizes.size() < 10_000, "batches: " + runner.sizes.size());
  }

  @Test
  void theyDoNotEndBecauseAReporterIsSlowToGiveItsPlaceBack() {
    // Dear items, so that each is a batch, and one place: between an item's report and its place's
    // return the taker may be here again.
    runner.itemNanos = 1_000_000_000;
    int count = 0;
    try (var done = batching.limit(1).asCompleted(upTo(30_000), i -> i)) {
      for (var c : done) {
        assertTrue(c.outcome() instanceof Outcome.Success, c.toString());
        count++;
      }
    }
    assertEquals(30_000, count);
  }

  @Test
  void inOrderKeepsTheOrderAlsoLazily() {
    var results = new ArrayList<Integer>();
    try (var done = batching.inOrder(upTo(5_000).stream(), i -> i)) {
      for (var c : done) results.add(c.outcome().orThrow());
    }
    assertEquals(upTo(5_000), results);
  }

  @Test
  void anItemIsHandedOutWhileItsBatchStillRuns() throws Exception {
    var running = new AtomicReference<Batch>();
    Engine e =
        Launching.instead(
            Elsewhere.chunked(),
            job -> {
              Batch b = (Batch) job;
              assertTrue(b.tryStart());
              b.cost(b.size(), 50_000);
              b.succeed(0, "first");
              if (b.size() > 1 && running.compareAndSet(null, b)) return;
              for (int i = 1; i < b.size(); i++) b.succeed(i, "quick");
            });
    // On a clock that stands nothing is handed out early.
    FanOut one = Tasks.on(e).limit(1).time(new HandClock());
    try (var done = one.asCompleted(upTo(100), i -> "never called")) {
      var it = done.iterator();
      assertEquals(0, it.next().index());
      assertEquals(1, it.next().index());
      Batch b = running.get();
      for (int i = 1; i < b.size(); i++) {
        b.succeed(i, "later " + i);
        assertEquals(new Outcome.Success<>("later " + i), it.next().outcome());
      }
      while (it.hasNext()) assertEquals("first".length(), it.next().outcome().orThrow().length());
    }
  }

  @Test
  void noMoreThanTheLimitTimesABatchIsPulledAndNotTaken() {
    var pulled = new AtomicInteger();
    Iterable<Integer> source =
        () ->
            new Iterator<>() {
              @Override
              public boolean hasNext() {
                return true;
              }

              @Override
              public Integer next() {
                return pulled.getAndIncrement();
              }
            };
    int taken = 0;
    try (var done = batching.limit(2).asCompleted(source, i -> i)) {
      for (var c : done) {
        taken += c.outcome().isSuccess() ? 1 : 0;
        int largest = runner.sizes.stream().mapToInt(i -> i).max().orElse(1);
        // The next size may be four times the largest so far.
        assertTrue(pulled.get() - taken <= 2 * 4 * largest, pulled + " pulled, " + taken);
        if (taken == 20_000) break;
      }
    }
    assertEquals(20_000, taken);
  }

  @Test
  void closingCancelsTheBatchesAndWaitsForThem() throws Exception {
    var stuck = new Stuck();
    try (var done =
        batching
            .limit(1)
            .asCompleted(
                upTo(1000),
                i -> {
                  if (i == 50) return stuck.block();
                  return i;
                })) {
      var it = done.iterator();
      for (int i = 0; i < 40; i++) assertTrue(it.next().outcome().isSuccess());
      stuck.awaitBegun();
    }
    assertEquals(1, stuck.interrupts());
    assertEquals(1, stuck.ended());
  }

  @Test
  void whatWasPulledRunsWhileTheSourceBlocks() {
    var ran = new CountDownLatch(10_000);
    Iterable<Integer> source =
        () ->
            IntStream.range(0, 10_001)
                .peek(i -> {
                  if (i == 10_000) await(ran);
                })
                .iterator();
    int taken = 0;
    try (var done =
        batching
            .limit(1)
            .asCompleted(
                source,
                i -> {
                  ran.countDown();
                  return i;
                })) {
      for (var c : done) taken += c.outcome().isSuccess() ? 1 : 0;
    }
    assertEquals(10_001, taken);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aLostBatchIsAFailureOfEachOfItsItemsThatHadNoReport() {
    Engine e =
        Launching.instead(
            Elsewhere.chunked(),
            job -> {
              Batch b = (Batch) job;
              assertTrue(b.tryStart());
              b.cost(b.size(), 50_000);
              b.succeed(0, "kept");
              b.fail(new IOException("lost"));
            });
    int lost = 0;
    try (var done = Tasks.on(e).asCompleted(upTo(500), i -> "never called")) {
      for (var c : done) {
        if (c.outcome().isSuccess()) continue;
        assertInstanceOf(IOException.class, c.outcome().failureOrNull());
        lost++;
      }
    }
    assertTrue(lost > 0 && lost < 499, "lost " + lost);
  }
}
