package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One function over many items: order, width, failures, worker threads. */
@HangGuard
class BoundedMapTest {
  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void resultsAreInTheOrderOfTheItems(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      for (int n : new int[] {1, 2, 63, 64, 65, 3000}) {
        assertEquals(upTo(n), Tasks.on(e).map(upTo(n), i -> i));
        assertEquals(upTo(n), Tasks.on(e).map(upTo(n).stream(), i -> i));
        assertEquals(upTo(n), Tasks.on(e).limit(3).map(upTo(n), i -> i));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void neverMoreThanTheLimitAtOnceAndNoMoreWorkers(EachEngine.Opener opener) throws Exception {
    var now = new AtomicInteger();
    var peak = new AtomicInteger();
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    Fn<Integer, Integer, RuntimeException> counted =
        i -> {
          workers.add(Thread.currentThread());
          peak.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.yield();
          now.decrementAndGet();
          return i;
        };
    try (Engine e = opener.open()) {
      Tasks.on(e).limit(2).map(upTo(500), counted);
      assertTrue(peak.get() <= 2, "peak " + peak);
      assertTrue(workers.size() <= 2, "workers " + workers);
      Tasks.on(e).limit(2).map(upTo(500).stream(), counted);
      assertTrue(peak.get() <= 2, "peak " + peak);
    }
  }

  @Test
  void theWholeLimitIsUsed() throws Exception {
    for (boolean lazy : new boolean[] {false, true}) {
      var all = new CountDownLatch(50);
      Fn<Integer, Integer, RuntimeException> meeting =
          i -> {
            all.countDown();
            all.await();
            return i;
          };
      FanOut fifty = Tasks.limit(50);
      List<Integer> r = lazy ? fifty.map(upTo(50).stream(), meeting) : fifty.map(upTo(50), meeting);
      assertEquals(upTo(50), r);
    }
  }

  @Test
  void theDefaultLimitIsTheEnginesAndIsStated() throws Exception {
    assertEquals(1024, Engine.virtual().traits().defaultLimit());
    var all = new CountDownLatch(1024);
    Tasks.forEach(
        upTo(1024),
        i -> {
          all.countDown();
          all.await();
        });
    assertTrue(Tasks.on(Engine.virtual()).toString().contains("limit 1024"));
    try (Engine three = Engine.openThreads(3)) {
      assertEquals(3, three.traits().defaultLimit());
    }
  }

  @Test
  void aFailureBehindASlowHeadSurfacesAtOnce() {
    for (boolean lazy : new boolean[] {false, true}) {
      var head = new Stuck();
      var own = new IOException("behind");
      Fn<Integer, Integer, IOException> f =
          i -> {
            if (i == 0) return head.block();
            head.awaitBegun();
            throw own;
          };
      Throwable thrown =
          assertThrows(
              IOException.class,
              () -> {
                if (lazy) Tasks.limit(2).map(Stream.of(0, 1, 2), f);
                else Tasks.limit(2).map(List.of(0, 1, 2), f);
              });
      assertSame(own, thrown);
      assertEquals(1, head.interrupts());
    }
  }

  @Test
  void noItemBeginsAfterTheFailure() {
    var begun = new AtomicInteger();
    assertThrows(
        IOException.class,
        () ->
            Tasks.limit(1)
                .map(
                    upTo(1000),
                    i -> {
                      begun.incrementAndGet();
                      if (i == 9) throw new IOException("tenth");
                      return i;
                    }));
    assertEquals(10, begun.get());
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void anItemsInterruptDoesNotReachTheNextItemOfItsWorker(EachEngine.Opener opener)
      throws Exception {
    try (Engine e = opener.open()) {
      List<Boolean> flags =
          Tasks.on(e)
              .limit(1)
              .map(
                  upTo(20),
                  i -> {
                    boolean flag = Thread.currentThread().isInterrupted();
                    Thread.currentThread().interrupt();
                    return flag;
                  });
      assertFalse(flags.contains(true), flags::toString);
      List<Outcome<Boolean>> outcomes =
          Tasks.on(e)
              .limit(1)
              .settle(
                  upTo(20),
                  i -> {
                    boolean flag = Thread.currentThread().isInterrupted();
                    Thread.currentThread().interrupt();
                    if (i % 2 == 0) throw new IOException("flag was " + flag);
                    return flag;
                  });
      for (Outcome<Boolean> o : outcomes) {
        if (o instanceof Outcome.Failed<Boolean>(Throwable t))
          assertEquals("flag was false", t.getMessage());
        else assertEquals(new Outcome.Success<>(false), o);
      }
    }
  }

  @Test
  void anItemsOwnDeadlineDoesNotReachTheNextItem() throws Exception {
    List<String> results =
        Tasks.limit(1)
            .map(
                upTo(4),
                i -> {
                  assertFalse(Thread.currentThread().isInterrupted());
                  if (i % 2 == 1) return "quick";
                  return Tasks.withinOr(java.time.Duration.ofMillis(1), "late", new Stuck()::block);
                });
    assertEquals(List.of("late", "quick", "late", "quick"), results);
  }

  @Test
  void aCollectionIsTakenAsItIsAtTheCall() throws Exception {
    var items = new java.util.ArrayList<>(List.of(1, 2, 3));
    assertEquals(
        List.of(1, 2, 3),
        Tasks.limit(1)
            .map(
                items,
                i -> {
                  items.clear();
                  return i;
                }));
  }

  @Test
  void theResultCannotBeChanged() throws Exception {
    List<Integer> r = Tasks.map(List.of(1), i -> i);
    assertThrows(UnsupportedOperationException.class, () -> r.add(2));
    assertThrows(UnsupportedOperationException.class, () -> r.set(0, 2));
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void cancelledHalfWayItThrowsAndNeverReturnsHoles(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      for (int kind = 0; kind < 4; kind++) {
        var stop = new CancelSource();
        FanOut shape = Tasks.on(e).limit(1).cancelledBy(stop.token());
        Fn<Integer, Integer, RuntimeException> third =
            i -> {
              if (i == 2) stop.cancel("half-way");
              return i;
            };
        var error = new Throwable[1];
        try {
          switch (kind) {
            case 0 -> shape.map(upTo(100), third);
            case 1 -> shape.map(upTo(100).stream(), third);
            case 2 -> shape.settle(upTo(100), third);
            default -> shape.forEach(upTo(100), i -> third.apply(i));
          }
        } catch (CancelledException x) {
          error[0] = x;
        }
        assertInstanceOf(CancelledException.class, error[0], "kind " + kind);
        assertEquals("half-way", error[0].getMessage());
      }
    }
  }
}
