package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.policy.Retry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps on an engine elsewhere that hands out several items at a time. */
@HangGuard
class BatchMapTest {
  private final BatchRunner runner = new BatchRunner();
  private final FanOut batching = Tasks.on(runner.engine());

  static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  /** One that knows batches, and one that takes them for single tasks. */
  static Stream<Engine> engines() {
    return Stream.of(new BatchRunner().engine(), Elsewhere.chunked());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 64, 1000, 100_003})
  void eachItemRunsOnceAndTheResultsAreInOrder(int n) throws Exception {
    for (Engine e : engines().toList()) {
      var runs = new AtomicIntegerArray(n);
      Fn<Integer, Integer, RuntimeException> f =
          i -> {
            runs.incrementAndGet(i);
            return -i;
          };
      List<Integer> results = Tasks.on(e).map(upTo(n), f);
      List<Integer> lazily = Tasks.on(e).map(upTo(n).stream(), f);
      assertEquals(n, results.size());
      assertEquals(results, lazily);
      for (int i = 0; i < n; i++) {
        assertEquals(2, runs.get(i));
        assertEquals(-i, results.get(i));
      }
    }
  }

  @Test
  void tinyItemsTravelTogether() throws Exception {
    batching.limit(2).forEach(upTo(100_000), i -> {});
    assertEquals(1, runner.sizes.getFirst());
    assertTrue(runner.sizes.size() < 1000, "batches: " + runner.sizes);
    assertEquals(100_000, sum(runner.sizes));
  }

  @Test
  void longItemsTravelAlone() throws Exception {
    runner.itemNanos = 100_000_000;
    batching.forEach(upTo(100), i -> {});
    assertEquals(100, runner.sizes.size());
  }

  @Test
  void batchesLeaveWorkForTheOtherPlacesUntilTheEnd() throws Exception {
    batching.limit(3).forEach(upTo(50_000), i -> {});
    int remaining = 50_000;
    for (int size : runner.sizes) {
      assertTrue(size <= Math.max(1, remaining / 6), size + " of " + remaining);
      remaining -= size;
    }
    assertEquals(0, remaining);
  }

  private static int sum(List<Integer> sizes) {
    return sizes.stream().mapToInt(i -> i).sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void noMoreItemsRunAtOnceThanTheLimit(int limit) throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    for (Engine e : engines().toList())
      Tasks.on(e)
          .limit(limit)
          .forEach(
              upTo(5000),
              i -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.yield();
                running.decrementAndGet();
              });
    assertTrue(most.get() <= limit, "at once: " + most);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theFirstFailureIsThrownItselfAndNoItemOfItsBatchBeginsAfterIt(Engine e) {
    var own = new IOException("item 5000");
    var began = new AtomicIntegerArray(10_000);
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                Tasks.on(e)
                    .limit(1)
                    .map(
                        upTo(10_000),
                        i -> {
                          began.incrementAndGet(i);
                          if (i == 5000) throw own;
                          return i;
                        })));
    assertEquals(0, own.getSuppressed().length);
    assertEquals(5001, IntStream.range(0, 10_000).map(began::get).sum());
  }

  @ParameterizedTest
  @MethodSource("engines")
  void settledItemsEndEachInTheirOwnWay(Engine e) throws Exception {
    var outcomes =
        Tasks.on(e)
            .settle(
                upTo(3000),
                i -> {
                  if (i % 3 == 1) throw new IOException("item " + i);
                  if (i % 3 == 2) throw new AssertionError("item " + i);
                  return i;
                });
    for (int i = 0; i < 3000; i++) {
      Throwable failure = outcomes.get(i).failureOrNull();
      switch (i % 3) {
        case 0 -> assertEquals(new Outcome.Success<>(i), outcomes.get(i));
        case 1 ->
            assertEquals("item " + i, assertInstanceOf(IOException.class, failure).getMessage());
        default -> assertInstanceOf(AssertionError.class, failure);
      }
    }
  }

  @Test
  void theCombinationIsTheSameInBatchesAsHere() throws Exception {
    Fn<Integer, Double, RuntimeException> f = i -> 1.0 / (i + 1);
    assertEquals(
        Tasks.mapReduce(upTo(10_000), f, 0.0, Double::sum),
        batching.mapReduce(upTo(10_000), f, 0.0, Double::sum));
  }

  @Test
  void nullsTravelBothWays() throws Exception {
    List<Integer> items = new ArrayList<>(upTo(500));
    for (int i = 0; i < 500; i += 2) items.set(i, null);
    assertEquals(items, batching.map(items, i -> i));
  }

  @Test
  void noMoreThanTheLimitTimesABatchIsPulledAndNotEnded() throws Exception {
    var ended = new AtomicInteger();
    var worst = new AtomicInteger();
    Iterable<Integer> source =
        () ->
            new Iterator<>() {
              private int pulled;

              @Override
              public boolean hasNext() {
                return pulled < 300_000;
              }

              @Override
              public Integer next() {
                worst.accumulateAndGet(++pulled - ended.get(), Math::max);
                return pulled;
              }
            };
    batching.limit(3).forEach(source, i -> ended.incrementAndGet());
    int largest = runner.sizes.stream().mapToInt(i -> i).max().orElseThrow();
    assertTrue(largest > 100, "largest " + largest);
    // The function ends before its item is reported.
    assertTrue(worst.get() <= 3 * largest, "ahead by " + worst + " with batches of " + largest);
  }

  @Test
  void contestsSendEachBranchAlone() throws Exception {
    var alone = new AtomicInteger();
    Engine e =
        Launching.instead(
            Elsewhere.chunked(),
            job -> {
              assertFalse(job instanceof dev.brigade.engine.Batch);
              alone.incrementAndGet();
              if (job.tryStart()) job.succeed(1);
            });
    assertEquals(1, Tasks.on(e).any(() -> 1, () -> 1));
    assertTrue(alone.get() >= 1);
  }

  @Test
  void underAPolicyEachItemIsTriedAlone() throws Exception {
    var failures = new AtomicInteger();
    List<Integer> results =
        batching
            .with(Retry.attempts(2).withBackoff(dev.brigade.policy.Backoff.none()))
            .map(
                upTo(300),
                i -> {
                  if (i == 7 && failures.getAndIncrement() == 0) throw new IOException("once");
                  return i;
                });
    assertEquals(upTo(300), results);
    assertEquals(301, runner.sizes.size());
  }
}
