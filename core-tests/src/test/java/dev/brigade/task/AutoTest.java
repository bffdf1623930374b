package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.auto.Advice;
import dev.brigade.engine.Engine;
import dev.brigade.policy.Limit;
import dev.brigade.testing.VirtualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Fan-outs that measure: the promises of every fan-out hold for them, whatever they find. */
@HangGuard
class AutoTest {
  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @Test
  void eachItemRunsOnceAndResultsAreInOrder() throws Exception {
    for (int n : new int[] {0, 1, 2, 9, 1000, 20_000}) {
      var runs = new AtomicIntegerArray(n);
      Fn<Integer, Integer, RuntimeException> f =
          i -> {
            runs.incrementAndGet(i);
            return i;
          };
      assertEquals(upTo(n), Tasks.auto().map(upTo(n), f));
      for (int i = 0; i < n; i++) assertEquals(1, runs.get(i));
      assertEquals(upTo(n), Tasks.auto().map(upTo(n).stream(), f));
      for (int i = 0; i < n; i++) assertEquals(2, runs.get(i));
    }
  }

  @Test
  void waitingItemsMoveToVirtualThreadsAndRunOnce() throws Exception {
    int n = 300;
    for (boolean lazy : new boolean[] {false, true}) {
      var runs = new AtomicIntegerArray(n);
      var virtual = new AtomicInteger();
      Fn<Integer, Integer, InterruptedException> f =
          i -> {
            runs.incrementAndGet(i);
            if (Thread.currentThread().isVirtual()) virtual.incrementAndGet();
            Thread.sleep(5);
            return i;
          };
      FanOut auto = Tasks.auto();
      List<Integer> results = lazy ? auto.map(upTo(n).stream(), f) : auto.map(upTo(n), f);
      assertEquals(upTo(n), results);
      for (int i = 0; i < n; i++) assertEquals(1, runs.get(i));
      Advice advice = Advice.of(results);
      assertEquals(n, advice.evidence().items());
      if (advice.choice().engine().equals("virtual")) assertTrue(virtual.get() > 0);
      else assertEquals(0, virtual.get());
    }
  }

  @Test
  void limitIsAnUpperBoundWhateverIsFound() throws Exception {
    for (int limit : new int[] {1, 2, 3, 5}) {
      var now = new AtomicInteger();
      var peak = new AtomicInteger();
      VoidFn<Integer, InterruptedException> f =
          i -> {
            peak.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.sleep(2);
            now.decrementAndGet();
          };
      Tasks.auto().limit(limit).forEach(upTo(60), f);
      Tasks.auto().limit(limit).forEach(upTo(60).stream(), f);
      assertTrue(peak.get() <= limit, "limit " + limit + ", peak " + peak);
    }
  }

  @Test
  void lazyInputIsPulledOnTheCallersThreadAndNotFarAhead() throws Exception {
    Thread caller = Thread.currentThread();
    var ended = new AtomicInteger();
    var worst = new AtomicInteger();
    Iterable<Integer> source =
        () ->
            new Iterator<>() {
              private int next;

              @Override
              public boolean hasNext() {
                return next < 400;
              }

              @Override
              public Integer next() {
                assertSame(caller, Thread.currentThread());
                worst.accumulateAndGet(next - ended.get(), Math::max);
                return next++;
              }
            };
    Tasks.auto()
        .limit(20)
        .forEach(
            source,
            i -> {
              Thread.sleep(1);
              ended.incrementAndGet();
            });
    assertTrue(worst.get() <= 20, "pulled ahead: " + worst);
  }

  @Test
  void firstFailureIsThrownAsItIs() {
    for (int failing : new int[] {0, 5, 150}) {
      var failure = new IOException("item " + failing);
      var advice = new ArrayList<Advice>();
      IOException thrown =
          assertThrows(
              IOException.class,
              () ->
                  Tasks.auto()
                      .advised(advice::add)
                      .map(
                          upTo(200),
                          i -> {
                            if (i == failing) throw failure;
                            Thread.sleep(1);
                            return i;
                          }));
      assertSame(failure, thrown);
      assertEquals(1, advice.size());
    }
  }

  @Test
  void settleKeepsFailuresInOrder() throws Exception {
    List<Outcome<Integer>> outcomes =
        Tasks.auto()
            .settle(
                upTo(200),
                i -> {
                  Thread.sleep(1);
                  if (i % 10 == 3) throw new IOException("item " + i);
                  return i;
                });
    for (int i = 0; i < 200; i++) {
      if (i % 10 == 3) assertInstanceOf(Outcome.Failed.class, outcomes.get(i));
      else assertEquals(i, outcomes.get(i).orThrow());
    }
    assertEquals(200, Advice.of(outcomes).evidence().items());
  }

  @Test
  void deadlineEndsItWhereverItsItemsAre() {
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.auto()
                .within(Duration.ofMillis(30))
                .forEach(upTo(500), i -> new CountDownLatch(1).await()));
  }

  @Test
  void tokenCancelsIt() {
    var source = new CancelSource();
    var begun = new AtomicInteger();
    assertThrows(
        CancelledException.class,
        () ->
            Tasks.auto()
                .cancelledBy(source.token())
                .forEach(
                    upTo(500),
                    i -> {
                      if (begun.incrementAndGet() == 2) source.cancel("enough");
                      new CountDownLatch(1).await();
                    }));
  }

  @Test
  void policiesAreAroundEveryItem() throws Exception {
    Limit limit = Limit.of(3);
    var now = new AtomicInteger();
    var peak = new AtomicInteger();
    List<Integer> results =
        Tasks.auto()
            .with(limit)
            .map(
                upTo(100),
                i -> {
                  peak.accumulateAndGet(now.incrementAndGet(), Math::max);
                  Thread.sleep(1);
                  now.decrementAndGet();
                  return i;
                });
    assertEquals(upTo(100), results);
    assertTrue(peak.get() <= 3, "peak " + peak);
    assertEquals(100, limit.statistics().acquired());
  }

  @Test
  void measuresInRealTimeOnAVirtualClock() throws Exception {
    List<Integer> results =
        Tasks.auto()
            .time(new VirtualClock())
            .map(
                upTo(100),
                i -> {
                  Tasks.sleep(Duration.ofHours(1));
                  return i;
                });
    assertEquals(upTo(100), results);
    // In virtual time it took hours.
    assertTrue(Advice.of(results).took().compareTo(Duration.ofHours(1)) < 0);
  }

  @Test
  void nestsInsideTasksOfTheCores() throws Exception {
    List<List<Integer>> all =
        Tasks.on(Engine.cores()).map(upTo(8), i -> Tasks.auto().map(upTo(50), j -> i * j));
    for (int i = 0; i < 8; i++) for (int j = 0; j < 50; j++) assertEquals(i * j, all.get(i).get(j));
  }

  @Test
  void mapReduceGivesTheSameResult() throws Exception {
    double expected = Tasks.mapReduce(upTo(5000), i -> 1.0 / (i + 1), 0.0, Double::sum);
    var advice = new ArrayList<Advice>();
    double sum =
        Tasks.auto()
            .advised(advice::add)
            .mapReduce(upTo(5000), i -> 1.0 / (i + 1), 0.0, Double::sum);
    assertEquals(expected, sum);
    assertEquals(5000, advice.getFirst().evidence().items());
  }

  @Test
  void everyListenerHearsTheAdvice() throws Exception {
    var first = new ArrayList<Advice>();
    var second = new ArrayList<Advice>();
    Tasks.auto().advised(first::add).advised(second::add).forEach(upTo(3), i -> {});
    assertEquals(1, first.size());
    assertEquals(first, second);
    assertEquals("forEach", first.getFirst().code().replaceAll(".*\\.(\\w+)\\(items.*", "$1"));
  }

  @Test
  void whatAListenerThrowsDoesNotHideAFailure() {
    var failure = new IOException("the item's");
    var listeners = new IllegalStateException("the listener's");
    FanOut auto =
        Tasks.auto()
            .advised(a -> {
              throw listeners;
            });
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                auto.forEach(
                    upTo(1),
                    i -> {
                      throw failure;
                    }));
    assertSame(failure, thrown);
    assertEquals(List.of(listeners), List.of(thrown.getSuppressed()));
    assertSame(
        listeners, assertThrows(IllegalStateException.class, () -> auto.forEach(upTo(1), i -> {})));
  }

  @Test
  void onlyItsOwnListsCarryAdvice() throws Exception {
    List<Integer> results = Tasks.auto().map(upTo(3), i -> i);
    assertEquals(3, Advice.of(results).evidence().items());
    var e = assertThrows(IllegalArgumentException.class, () -> Advice.of(List.copyOf(results)));
    assertTrue(e.getMessage().contains("a copy carries no advice"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Advice.of(Tasks.map(upTo(3), i -> i)));
    assertThrows(UnsupportedOperationException.class, () -> results.set(0, 1));
  }

  @Test
  void resultsMayBeNullAndTravelWithoutTheirAdvice() throws Exception {
    List<Object> results = Tasks.auto().map(upTo(2), i -> Null.result(null));
    assertNull(results.get(1));
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(results);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertEquals(results, in.readObject());
    }
  }

  @Test
  void engineAndAutoExcludeEachOther() {
    assertThrows(IllegalArgumentException.class, () -> Tasks.on(Engine.cores()).auto());
    assertThrows(IllegalArgumentException.class, () -> Tasks.auto().on(Engine.cores()));
    assertThrows(IllegalStateException.class, () -> Tasks.limit(3).advised(a -> {}));
  }

  @Test
  void shapesThatStopEarlyOrForkFreelyRefuse() {
    var closed = new AtomicInteger();
    FanOut auto = Tasks.auto();
    assertThrows(IllegalStateException.class, () -> auto.any(() -> 1, () -> 2));
    assertThrows(IllegalStateException.class, () -> auto.race(() -> 1, () -> 2));
    assertThrows(IllegalStateException.class, () -> auto.quorum(1, upTo(3), i -> i));
    assertThrows(IllegalStateException.class, () -> auto.all(() -> 1, () -> 2));
    assertThrows(IllegalStateException.class, () -> auto.scope(s -> 1));
    assertThrows(
        IllegalStateException.class,
        () -> auto.asCompleted(Stream.of(1).onClose(closed::incrementAndGet), i -> i));
    assertThrows(
        IllegalStateException.class,
        () -> auto.anyOf(Stream.of(1).onClose(closed::incrementAndGet), i -> i));
    assertEquals(2, closed.get());
  }
}
