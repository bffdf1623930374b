package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Batch;
import dev.brigade.engine.Engine;
import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of the reports on the items of one batch, whatever an engine reports. */
@HangGuard
class BatchReportsTest {
  private static final int GROWN = 300;

  /** Batches of one item are done; the first larger one is given to the test. */
  private static Engine first(Consumer<Batch> larger) {
    return Launching.instead(
        Elsewhere.chunked(),
        job -> {
          Batch batch = (Batch) job;
          Thread.ofVirtual()
              .start(() -> {
                if (!batch.tryStart()) return;
                batch.cost(batch.size(), 50_000);
                if (batch.size() > 1) larger.accept(batch);
                else batch.succeed(0, batch.item(0));
              });
        });
  }

  private static FanOut one(Consumer<Batch> larger) {
    return Tasks.on(first(larger)).limit(1);
  }

  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  private static void all(Batch b, int from, int to) {
    for (int i = from; i < to; i++) b.succeed(i, b.item(i));
  }

  @Test
  void theFirstReportOnAnItemCounts() throws Exception {
    List<Integer> results =
        one(
                b -> {
                  b.succeed(0, -1);
                  b.succeed(0, -2);
                  b.fail(0, new IOException("late"));
                  all(b, 0, b.size());
                  b.succeed(1, -3);
                  b.fail(new IOException("later"));
                })
            .map(upTo(40), i -> i);
    assertEquals(40, results.size());
    assertEquals(-1, results.get(1));
    assertEquals(upTo(40).subList(2, 5), results.subList(2, 5));
  }

  @Test
  void itemsMayBeReportedInAnyOrder() throws Exception {
    assertEquals(
        upTo(GROWN),
        one(
                b -> {
                  for (int i = b.size() - 1; i >= 0; i--) b.succeed(i, b.item(i));
                })
            .map(upTo(GROWN), i -> i));
  }

  @Test
  void itemsMayBeReportedByManyThreadsAtOnce() throws Exception {
    for (int round = 0; round < 50; round++)
      assertEquals(
          upTo(GROWN),
          one(
                  b -> {
                    for (int t = 0; t < 4; t++) Thread.ofVirtual().start(() -> all(b, 0, b.size()));
                  })
              .map(upTo(GROWN), i -> i));
  }

  /** In one report the items from this one on. */
  private static void together(Batch b, int from, int to) {
    Object[] values = IntStream.range(from, to + 3).map(i -> -1).boxed().toArray();
    for (int i = from; i < to; i++) values[i - from] = b.item(i);
    b.succeed(from, values, to - from);
  }

  @Test
  void neighboursMayBeReportedTogether() throws Exception {
    for (int cut : new int[] {0, 1, 7, 63, 64, 65, 127, 128})
      assertEquals(
          upTo(GROWN * 3),
          one(
                  b -> {
                    int at = Math.min(cut, b.size());
                    together(b, at, b.size());
                    together(b, 0, at);
                  })
              .map(upTo(GROWN * 3), i -> i));
  }

  @Test
  void ofNeighboursThoseAlreadyReportedKeepTheirEnds() throws Exception {
    var outcomes =
        one(
                b -> {
                  b.succeed(1, -5);
                  b.fail(0, new IOException("first"));
                  together(b, 0, b.size());
                  together(b, 0, b.size());
                })
            .settle(upTo(40), i -> i);
    assertEquals("first", outcomes.get(1).failureOrNull().getMessage());
    assertEquals(new Outcome.Success<>(-5), outcomes.get(2));
    for (int i = 3; i < 5; i++) assertEquals(new Outcome.Success<>(i), outcomes.get(i));
  }

  @Test
  void neighboursMayBeReportedByManyThreadsAtOnce() throws Exception {
    for (int round = 0; round < 50; round++)
      assertEquals(
          upTo(GROWN),
          one(
                  b -> {
                    for (int t = 0; t < 3; t++)
                      Thread.ofVirtual().start(() -> together(b, 0, b.size()));
                    all(b, 0, b.size());
                  })
              .map(upTo(GROWN), i -> i));
  }

  @Test
  void neighboursThatAreNotThereAreRefused() throws Exception {
    var refused = new ArrayList<Throwable>();
    one(
            b -> {
              Object[] values = new Object[b.size() + 1];
              refused.add(
                  assertThrows(
                      IndexOutOfBoundsException.class, () -> b.succeed(0, values, values.length)));
              refused.add(
                  assertThrows(IndexOutOfBoundsException.class, () -> b.succeed(-1, values, 1)));
              refused.add(
                  assertThrows(IndexOutOfBoundsException.class, () -> b.succeed(0, values, -1)));
              all(b, 0, b.size());
            })
        .forEach(upTo(40), i -> {});
    assertTrue(refused.size() >= 3);
  }

  @Test
  void whatWasReportedOfALostBatchKeepsItsValue() throws Exception {
    var lost = new IOException("lost");
    var seen = new ArrayList<Integer>();
    var outcomes =
        one(
                b -> {
                  seen.add(b.size());
                  all(b, 0, b.size() / 2);
                  b.fail(lost);
                })
            .settle(upTo(GROWN), i -> i);
    int at = 1;
    for (int size : seen) {
      for (int i = 0; i < size; i++) {
        int index = at + i;
        if (i < size / 2) assertEquals(new Outcome.Success<>(index), outcomes.get(index));
        else assertSame(lost, outcomes.get(index).failureOrNull());
      }
      at += size;
      // At the end the batches are of one item again.
      if (at + 2 > GROWN) break;
    }
    assertTrue(seen.size() > 3, seen.toString());
  }

  @Test
  void aLostBatchFailsAMapWithWhatItWasLostBy() {
    var lost = new IOException("lost");
    var thrown =
        assertThrows(
            IOException.class,
            () ->
                one(
                        b -> {
                          b.succeed(0, 1);
                          b.fail(lost);
                        })
                    .map(
                        upTo(GROWN),
                        i -> {
                          if (i < 0) throw new IOException("typed");
                          return i;
                        }));
    assertSame(lost, thrown);
    assertEquals(0, lost.getSuppressed().length);
  }

  @Test
  void aFailureInTheMiddleCancelsTheBatchThatRuns() {
    var reasons = new CopyOnWriteArrayList<String>();
    var own = new IOException("third");
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                one(
                        b -> {
                          b.onCancel(reasons::add);
                          b.succeed(0, 1);
                          assertEquals(List.of(), reasons);
                          b.fail(1, own);
                          assertEquals(1, reasons.size());
                          b.fail(new InterruptedException("the rest"));
                        })
                    .map(
                        upTo(GROWN),
                        i -> {
                          if (i < 0) throw new IOException("typed");
                          return i;
                        })));
    assertEquals(0, own.getSuppressed().length);
  }

  @Test
  void theMapWaitsForTheRestOfACancelledBatch() throws Exception {
    var holding = new AtomicReference<Batch>();
    var held = new CountDownLatch(1);
    var caller = new AtomicReference<Throwable>();
    Thread t =
        Thread.ofVirtual()
            .start(() -> {
              try {
                one(
                        b -> {
                          b.fail(0, new IllegalStateException("early"));
                          holding.set(b);
                          held.countDown();
                        })
                    .forEach(upTo(GROWN), i -> {});
              } catch (Throwable e) {
                caller.set(e);
              }
            });
    held.await();
    Batch b = holding.get();
    all(b, 1, b.size() - 1);
    assertTrue(t.isAlive(), "it did not wait for the last item");
    b.succeed(b.size() - 1, null);
    t.join();
    assertEquals("early", caller.get().getMessage());
  }

  @Test
  void otherFailuresOfACancelledBatchAreSuppressedAndInterruptsAreNot() {
    var own = new IOException("first");
    var second = new IOException("second");
    var third = new IllegalStateException("third");
    assertThrows(
        IOException.class,
        () ->
            one(
                    b -> {
                      b.fail(0, own);
                      b.fail(1, second);
                      b.fail(2, third);
                      b.fail(new InterruptedException("the rest"));
                    })
                .map(
                    upTo(GROWN),
                    i -> {
                      if (i < 0) throw new IOException("typed");
                      return i;
                    }));
    assertEquals(List.of(second, third), List.of(own.getSuppressed()));
  }

  @Test
  void anErrorAfterTheFirstFailureWins() {
    var error = new AssertionError("later");
    var e =
        assertThrows(
            Throwable.class,
            () ->
                one(
                        b -> {
                          b.fail(0, new IllegalStateException("first"));
                          b.fail(1, error);
                          b.fail(new InterruptedException("the rest"));
                        })
                    .map(upTo(GROWN), i -> i));
    // As for single tasks elsewhere: it is kept beside the first.
    assertEquals("first", e.getMessage());
    assertEquals(List.of(error), List.of(e.getSuppressed()));
  }

  @Test
  void aDeadlineReachesTheBatchAndWhatItReturnsAllTheSameCounts() throws Exception {
    var clock = new HandClock();
    Engine e =
        Launching.instead(
            Elsewhere.chunked(),
            job -> {
              Batch b = (Batch) job;
              assertTrue(b.tryStart());
              b.cost(b.size(), 50_000);
              if (!b.item(b.size() - 1).equals(GROWN - 1)) {
                all(b, 0, b.size());
                return;
              }
              b.onCancel(r -> all(b, 0, b.size()));
              clock.advance(Duration.ofSeconds(1));
            });
    List<Integer> results =
        Tasks.on(e).time(clock).within(Duration.ofSeconds(1)).limit(1).map(upTo(GROWN), i -> i);
    assertEquals(upTo(GROWN), results);
  }

  @Test
  void aDeadlineThatCutsItemsOffIsThrown() {
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.within(
                Duration.ofMillis(20),
                () ->
                    one(
                            b -> {
                              b.succeed(0, 1);
                              b.onCancel(r -> b.fail(new InterruptedException(r)));
                            })
                        .map(upTo(GROWN), i -> i)));
  }

  @Test
  void aBatchThatWasCancelledBeforeItBeganIsNotReportedOn() {
    var queued = new LinkedBlockingQueue<Batch>();
    Engine e =
        Launching.instead(
            Elsewhere.chunked(),
            job -> {
              queued.add((Batch) job);
              if (queued.size() < 2) return;
              Batch begun = queued.remove();
              assertTrue(begun.tryStart());
              begun.fail(0, new IllegalStateException("first"));
            });
    assertThrows(IllegalStateException.class, () -> Tasks.on(e).limit(2).map(upTo(GROWN), i -> i));
    Batch dropped = queued.remove();
    assertFalse(dropped.tryStart());
    dropped.succeed(0, 1);
    dropped.fail(new IOException("ignored"));
  }

  @Test
  void aRefusedBatchEndsTheMapWithTheRefusal() {
    var refusal = new RejectedExecutionException("full");
    Engine e =
        Launching.instead(
            Elsewhere.chunked(),
            job -> {
              Batch b = (Batch) job;
              if (b.size() > 1) throw refusal;
              b.cost(1, 50_000);
              b.succeed(0, 1);
            });
    assertSame(
        refusal,
        assertThrows(
            RejectedExecutionException.class, () -> Tasks.on(e).limit(1).map(upTo(GROWN), i -> i)));
  }

  @Test
  void anItemThatIsNotThereIsRefusedByNumber() throws Exception {
    var refused = new CopyOnWriteArrayList<String>();
    one(
            b -> {
              for (int i : new int[] {-1, b.size(), Integer.MIN_VALUE})
                refused.add(
                    assertThrows(IndexOutOfBoundsException.class, () -> b.succeed(i, 1))
                        .getMessage());
              assertThrows(IndexOutOfBoundsException.class, () -> b.item(b.size()));
              assertThrows(NullPointerException.class, () -> b.fail(0, null));
              assertThrows(NullPointerException.class, () -> b.fail((Throwable) null));
              all(b, 0, b.size());
            })
        .forEach(upTo(20), i -> {});
    assertEquals("index must be from 0 to 3, but was -1", refused.getFirst());
  }

  @Test
  void aReportOnTheWholeThatIsNoneFailsTheItems() {
    var e =
        assertThrows(
            IllegalStateException.class,
            () -> one(b -> b.succeed("nonsense")).map(upTo(GROWN), i -> i));
    assertTrue(e.getMessage().contains("nonsense"), e.getMessage());
  }

  @Test
  void aBatchMayBeRunHereLikeAnyTask() throws Exception {
    Engine e = Launching.instead(Elsewhere.chunked(), job -> Thread.ofVirtual().start(job));
    assertEquals(upTo(3000), Tasks.on(e).map(upTo(3000), i -> i));
    var own = new IOException("item");
    assertSame(
        own,
        assertThrows(
            IOException.class,
            () ->
                Tasks.on(e)
                    .map(
                        upTo(3000),
                        i -> {
                          if (i == 2000) throw own;
                          return i;
                        })));
  }

  @Test
  void anInterruptThatAnItemLeavesDoesNotReachTheNextOnes() throws Exception {
    List<Boolean> flags =
        Tasks.on(Elsewhere.chunked())
            .limit(2)
            .map(
                upTo(5000),
                i -> {
                  boolean flag = Thread.interrupted();
                  if (i % 500 == 499) Thread.currentThread().interrupt();
                  return flag;
                });
    assertEquals(5000, flags.size());
    assertFalse(flags.contains(true));
  }

  @Test
  void whatWasPulledIsHandedOutWhileTheSourceBlocks() throws Exception {
    var runner = new BatchRunner();
    var ran = new CopyOnWriteArrayList<Integer>();
    var thirdRan = new CountDownLatch(1);
    int last = 20_003;
    Iterable<Integer> source =
        () ->
            new Iterator<>() {
              private int next;

              @Override
              public boolean hasNext() {
                if (next < last) return true;
                // What comes next depends on what has been asked for.
                try {
                  thirdRan.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                return false;
              }

              @Override
              public Integer next() {
                return next++;
              }
            };
    Tasks.on(runner.engine())
        .forEach(
            source,
            i -> {
              if (i >= 20_000) ran.add(i);
              if (i == last - 1) thirdRan.countDown();
            });
    assertEquals(List.of(20_000, 20_001, 20_002), ran.stream().sorted().toList());
    assertTrue(runner.sizes.stream().anyMatch(s -> s > 100), runner.sizes.toString());
  }

  @Test
  void aMapOnAnotherClockHandsOutWhatWasPulledWhenThatClockSaysSo() throws Exception {
    var clock = new HandClock();
    var runner = new BatchRunner();
    var blocked = new CountDownLatch(1);
    var lastRan = new CountDownLatch(1);
    Thread t =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Iterable<Integer> source =
                    () ->
                        IntStream.range(0, 10_001)
                            .mapToObj(i -> {
                              if (i == 10_000) await(blocked, lastRan);
                              return i;
                            })
                            .iterator();
                Tasks.on(runner.engine())
                    .time(clock)
                    .limit(1)
                    .forEach(
                        source,
                        i -> {
                          if (i == 9_999) lastRan.countDown();
                        });
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    blocked.await();
    while (lastRan.getCount() > 0) {
      clock.advance(Duration.ofMillis(10));
      Thread.onSpinWait();
    }
    t.join();
    assertEquals(10_001, runner.sizes.stream().mapToInt(i -> i).sum());
    assertEquals(0, clock.pendingAlarms());
  }

  private static void await(CountDownLatch blocked, CountDownLatch lastRan) {
    blocked.countDown();
    try {
      lastRan.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void observersSeeEachItemAndEachBatch() throws Exception {
    var events = new CopyOnWriteArrayList<TaskEvent>();
    var runner = new BatchRunner();
    try (var _ = Observers.register(events::add)) {
      Tasks.on(runner.engine()).named("observed").forEach(upTo(500), i -> {});
    }
    assertEquals(500, count(events, TaskEvent.Kind.STARTED, true));
    assertEquals(500, count(events, TaskEvent.Kind.ENDED, true));
    assertEquals(runner.sizes.size(), count(events, TaskEvent.Kind.FORKED, false));
    assertEquals(runner.sizes.size(), count(events, TaskEvent.Kind.ENDED, false));
  }

  private static long count(List<TaskEvent> events, TaskEvent.Kind kind, boolean items) {
    return events.stream()
        .filter(e -> e.kind() == kind && e.name().startsWith("item ") == items)
        .count();
  }

  @Test
  void nothingIsLeftOfTheClockWhenASlowMapIsCancelled() {
    var clock = new HandClock();
    assertThrows(
        CancelledException.class,
        () -> {
          var stop = CancelToken.timeout(Duration.ofMillis(5));
          Tasks.on(new BatchRunner().engine())
              .time(clock)
              .cancelledBy(stop)
              .forEach(IntStream.iterate(0, i -> i + 1).boxed(), i -> {});
        });
    assertEquals(0, clock.pendingAlarms());
  }
}
