package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.task.Caller;
import dev.brigade.task.CancelledException;
import dev.brigade.task.Context;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.EachEngine;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.SystemTimeWith;
import dev.brigade.task.Tasks;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One load for all who come together. */
@HangGuard
class SingleFlightTest {
  private final SingleFlight<String> flights = new SingleFlight<>();
  private final AtomicInteger loads = new AtomicInteger();

  /** Callers that wait for the same load, which has begun. */
  private List<Caller<Object>> together(int n, Stuck load, String result) throws Exception {
    var callers = new ArrayList<Caller<Object>>();
    for (int i = 0; i < n; i++) {
      callers.add(
          Caller.start(() ->
              flights.<Object, InterruptedException>call(
                  "k",
                  () -> {
                    loads.incrementAndGet();
                    load.block();
                    return result;
                  })));
      if (i == 0) load.awaitBegun();
    }
    Awaitility.await().until(() -> flights.statistics().waiting() == n);
    return callers;
  }

  @Test
  void whoComesTogetherSharesOneLoad() throws Exception {
    var load = new Stuck();
    var result = new String("very same");
    var callers = together(5, load, result);
    load.letGo();
    for (var c : callers) assertSame(result, c.outcome().orThrow());
    assertEquals(1, loads.get());
    assertEquals(new SingleFlight.Statistics(0, 0, 5, 1, 0, 0), flights.statistics());
  }

  @Test
  void nothingIsKept() throws Exception {
    for (int i = 1; i <= 3; i++) assertEquals(i, flights.call("k", loads::incrementAndGet));
    assertNull(flights.call("k", () -> null));
    for (int i = 0; i < 2; i++) {
      var own = new IOException("failure " + i);
      assertSame(
          own,
          assertThrows(
              IOException.class,
              () ->
                  flights.call(
                      "k",
                      () -> {
                        throw own;
                      })));
    }
    assertEquals(0, flights.statistics().loading());
  }

  @Test
  void otherKeysLoadAtTheSameTime() throws Exception {
    var meet = new CyclicBarrier(4);
    Tasks.forEach(List.of("a", "b", "c", "d"), k -> flights.run(k, meet::await));
    assertEquals(4, flights.statistics().loads());
  }

  @Test
  void allGetTheVerySameFailure() throws Exception {
    var own = new IOException("load");
    var go = new Stuck();
    var callers = new ArrayList<Caller<Object>>();
    for (int i = 0; i < 3; i++) {
      callers.add(
          Caller.start(() ->
              flights.<Object, Exception>call(
                  "k",
                  () -> {
                    go.block();
                    throw own;
                  })));
      go.awaitBegun();
    }
    Awaitility.await().until(() -> flights.statistics().waiting() == 3);
    go.letGo();
    for (var c : callers) assertSame(own, c.failure());
    assertEquals(1, flights.statistics().loads());
  }

  @Test
  void nobodyAddsHisOwnFailuresToASharedOne() throws Exception {
    var shared = new IOException("load");
    var go = new Stuck();
    var callers = new ArrayList<Caller<Object>>();
    for (int i = 0; i < 3; i++) {
      var attempts = new AtomicInteger();
      callers.add(
          Caller.start(() ->
              Retry.attempts(2)
                  .withBackoff(Backoff.none())
                  .<Object, Exception>call(() -> {
                    if (attempts.incrementAndGet() == 1) throw new IOException("own");
                    return flights.<Object, Exception>call(
                        "k",
                        () -> {
                          go.block();
                          throw shared;
                        });
                  })));
    }
    Awaitility.await().until(() -> flights.statistics().waiting() == 3);
    go.letGo();
    for (var c : callers) assertSame(shared, c.failure());
    assertEquals(0, shared.getSuppressed().length);
    var alone = new IOException("load");
    var thrown =
        assertThrows(
            IOException.class,
            () ->
                Tasks.any(
                    () ->
                        flights.call(
                            "k",
                            () -> {
                              throw alone;
                            }),
                    () -> {
                      throw new IOException("other");
                    }));
    assertEquals(1, thrown.getSuppressed().length);
  }

  @Test
  void whoWantsNoValueMayShareTheLoadOfOneWhoDoes() throws Exception {
    var load = new Stuck();
    var callers = together(1, load, null);
    var runner =
        Caller.start(() -> {
          flights.run("k", () -> {});
          return "ran";
        });
    Awaitility.await().until(() -> flights.statistics().waiting() == 2);
    load.letGo();
    assertEquals("ran", runner.outcome().orThrow());
    assertTrue(callers.getFirst().outcome().isSuccess());
  }

  @Test
  void aWaiterThatLeavesEndsItsOwnWaitOnly() throws Exception {
    var load = new Stuck();
    var callers = together(3, load, "v");
    // The first one as well, who began it.
    for (int i = 0; i < 2; i++) {
      callers.get(i).interrupt();
      assertInstanceOf(InterruptedException.class, callers.get(i).failure());
      assertFalse(callers.get(i).flagLeft());
    }
    assertEquals(0, load.interrupts());
    load.letGo();
    assertEquals("v", callers.get(2).outcome().orThrow());
    assertEquals(new SingleFlight.Statistics(0, 0, 3, 1, 2, 0), flights.statistics());
  }

  @Test
  void theLastOneThatLeavesStopsTheLoadAndWaitsForIt() throws Exception {
    var load = new Stuck();
    var callers = together(3, load, "v");
    for (var c : callers) c.interrupt();
    for (var c : callers) assertInstanceOf(InterruptedException.class, c.failure());
    assertEquals(1, load.interrupts());
    assertEquals(1, load.ended());
    assertEquals(new SingleFlight.Statistics(0, 0, 3, 1, 3, 1), flights.statistics());
    assertEquals("w", flights.call("k", () -> "w"));
  }

  @Test
  void theLastOneWaitsThroughFurtherInterruptsAndCarriesTheLoadsFailure() throws Exception {
    var load = new Stuck();
    var told = new Stuck();
    var caller =
        Caller.start(() ->
            flights.<Object, IOException>call(
                "k",
                () -> {
                  try {
                    return load.block();
                  } catch (InterruptedException e) {
                    told.ignoreInterrupts();
                    throw new AssertionError("clean-up");
                  }
                }));
    load.awaitBegun();
    caller.interrupt();
    told.awaitBegun();
    caller.interrupt();
    assertEquals("w", flights.call("k", () -> "w"));
    assertTrue(caller.thread().isAlive());
    told.letGo();
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertEquals("clean-up", caller.failure().getSuppressed()[0].getMessage());
    assertTrue(caller.flagLeft());
  }

  @Test
  void whoStopsALoadReturnsOnlyAfterItsThreadHasEnded() throws Exception {
    var ending = new Stuck();
    var clock =
        new SystemTimeWith() {
          @Override
          public void taskEnded() {
            if (Thread.currentThread().getName().equals("brigade-flight"))
              ending.ignoreInterrupts();
          }
        };
    var slow = new SingleFlight<String>(clock);
    var load = new Stuck();
    var caller = Caller.start(() -> slow.call("k", load::block));
    load.awaitBegun();
    caller.interrupt();
    ending.awaitBegun();
    Awaitility.await()
        .until(() ->
            Arrays.stream(caller.thread().getStackTrace())
                .anyMatch(f ->
                    f.getClassName().equals(Thread.class.getName())
                        && f.getMethodName().equals("join")));
    ending.letGo();
    assertInstanceOf(InterruptedException.class, caller.failure());
  }

  @Test
  void aLoadKeepsNothingOfTheLoadsThatItHasWaitedFor() throws Exception {
    assertEquals(
        "done",
        flights.call(
            "outer",
            () -> {
              var key = aLoadInside();
              Awaitility.await()
                  .until(() -> {
                    System.gc();
                    return key.get() == null;
                  });
              return "done";
            }));
  }

  private WeakReference<Object> aLoadInside() throws InterruptedException {
    var any = new SingleFlight<Object>();
    var key = new Object();
    assertEquals("inside", any.call(key, () -> "inside"));
    return new WeakReference<>(key);
  }

  @Test
  void theDeadlineOfAWaiterIsItsOwn() throws Exception {
    var load = new Stuck();
    var patient = together(1, load, "v").getFirst();
    assertThrows(
        DeadlineException.class,
        () -> Tasks.within(Duration.ofMillis(1), () -> flights.call("k", () -> "never")));
    assertEquals(0, load.interrupts());
    load.letGo();
    assertEquals("v", patient.outcome().orThrow());
  }

  @Test
  void theLoadOutlivesTheTaskThatBeganItAndItsDeadline() throws Exception {
    var clock = new VirtualClock();
    String got =
        Tasks.time(clock)
            .supervise(s -> {
              var first =
                  s.fork(() ->
                      Tasks.within(
                          Duration.ofSeconds(1),
                          () ->
                              flights.call(
                                  "k",
                                  () -> {
                                    Tasks.sleep(Duration.ofSeconds(10));
                                    return "loaded";
                                  })));
              Tasks.sleep(Duration.ofMillis(1));
              var second = s.fork(() -> flights.call("k", () -> "never"));
              assertInstanceOf(DeadlineException.class, first.outcome().failureOrNull());
              return second.join();
            });
    assertEquals("loaded", got);
    assertEquals(Duration.ofSeconds(10), clock.now());
  }

  @Test
  void anInterruptThatTheLoadMakesUpIsNotItsWaiters() {
    var e =
        assertThrows(
            CancelledException.class,
            () ->
                flights.run(
                    "k",
                    () -> {
                      throw new InterruptedException("made up");
                    }));
    assertInstanceOf(InterruptedException.class, e.getCause());
  }

  @Test
  void theLoadRunsOnAThreadOfItsOwnWithTheContextOfTheFirst() throws Exception {
    ScopedValue<String> who = ScopedValue.newInstance();
    var thread = new AtomicReference<Thread>();
    try (var _ = Context.inherit(who)) {
      String seen =
          ScopedValue.where(who, "first")
              .call(() ->
                  flights.call(
                      "k",
                      () -> {
                        thread.set(Thread.currentThread());
                        return Tasks.map(List.of(1), i -> who.get()).getFirst();
                      }));
      assertEquals("first", seen);
    }
    assertNotSame(Thread.currentThread(), thread.get());
    assertTrue(thread.get().isVirtual());
  }

  @Test
  void aLoadThatCallsForItselfIsRefusedInsteadOfWaitingForEver() throws Exception {
    var e =
        assertThrows(
            IllegalStateException.class, () -> flights.call("k", () -> flights.call("k", () -> 1)));
    assertTrue(e.getMessage().contains("k"), e::getMessage);
    assertThrows(
        IllegalStateException.class,
        () -> flights.call("k", () -> Tasks.map(List.of(1), i -> flights.call("k", () -> i))));
    assertThrows(
        IllegalStateException.class,
        () ->
            flights.call(
                "a",
                () ->
                    flights.call("b", () -> flights.call("c", () -> flights.call("a", () -> 1)))));
    assertEquals(3, flights.call("a", () -> flights.call("b", () -> flights.call("c", () -> 3))));
    assertEquals(0, flights.statistics().loading());
  }

  /** Asks, as each load of a layer does, for all loads of the next one. */
  private void layer(int depth, Stuck bottom) throws InterruptedException {
    Tasks.forEach(
        List.of(1, 2, 3, 4, 5),
        i ->
            flights.run(
                depth + "." + i,
                () -> {
                  if (depth == 0) bottom.block();
                  else layer(depth - 1, bottom);
                }));
  }

  @Test
  void loadsThatShareLoadsInManyWaysAreFoundToBeNoCircleAtOnce() throws Exception {
    int depth = 14;
    var bottom = new Stuck(5);
    var root =
        Caller.start(() ->
            flights.call(
                "root",
                () ->
                    Tasks.within(
                        Duration.ofHours(1),
                        () -> {
                          layer(depth, bottom);
                          return "root";
                        })));
    bottom.awaitBegun();
    // Each load of every layer but the lowest waits for five; the root is waited for from outside.
    Awaitility.await().until(() -> flights.statistics().waiting() == 1 + 5 + depth * 25);
    var other =
        Caller.start(() -> flights.call("other", () -> flights.call("root", () -> "never")));
    Awaitility.await().until(() -> flights.statistics().waiting() == 1 + 5 + depth * 25 + 2);
    bottom.letGo();
    assertEquals("root", other.outcome().orThrow());
    assertEquals("root", root.outcome().orThrow());
  }

  @Test
  void twoLoadsThatCallForEachOtherDoNotWaitForEver() throws Exception {
    for (int round = 0; round < 50; round++) {
      var both = new CyclicBarrier(2);
      var failures = Collections.synchronizedList(new ArrayList<Throwable>());
      Tasks.forEach(
          List.of("a", "b"),
          k -> {
            String other = k.equals("a") ? "b" : "a";
            try {
              flights.run(
                  k,
                  () -> {
                    both.await();
                    flights.run(other, () -> {});
                  });
            } catch (IllegalStateException e) {
              failures.add(e);
            }
          });
      assertTrue(!failures.isEmpty(), "one of them should have been refused");
    }
    assertEquals(0, flights.statistics().loading());
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void itWorksFromEveryEngineAsAPolicy(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      var results =
          Tasks.on(e)
              .with(flights.by((Integer i) -> "key " + i % 3))
              .map(
                  IntStream.range(0, 300).boxed().toList(),
                  i -> {
                    Thread.yield();
                    return i % 3;
                  });
      for (int i = 0; i < 300; i++) assertEquals(i % 3, results.get(i));
      assertTrue(flights.statistics().loads() <= 300);
      assertEquals(0, flights.statistics().loading());
    }
  }

  @Test
  void joiningLeavingAndEndingTogetherLoseNobody() throws Exception {
    Tasks.limit(32)
        .forEach(
            IntStream.range(0, 5_000).boxed().toList(),
            i -> {
              try {
                int got =
                    Tasks.withinOr(
                        Duration.ofNanos(1 + i % 200 * 1_000L),
                        -1,
                        () ->
                            flights.call(
                                "key " + i % 5,
                                () -> {
                                  if (i % 3 == 0) Tasks.sleep(Duration.ofNanos(50_000));
                                  return i % 5;
                                }));
                assertTrue(got == -1 || got == i % 5, () -> "got " + got);
              } catch (CancelledException e) {
                throw new AssertionError("somebody's load was stopped under another", e);
              }
            });
    assertEquals(0, flights.statistics().loading());
    assertTrue(flights.statistics().stopped() <= flights.statistics().loads());
  }

  @Test
  void withoutAnInputThePolicySaysWhatToDo() {
    Policy p = flights.by((String s) -> s);
    assertEquals(Policy.Kind.SINGLE_FLIGHT, p.kind());
    var e = assertThrows(IllegalStateException.class, () -> p.call(() -> 1));
    assertTrue(e.getMessage().contains("callFor(input, work)"), e::getMessage);
  }
}
