package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An interrupt from outside, at each stage: none is swallowed, none of ours is left. */
@HangGuard
class ExternalInterruptTest {
  /** A shape, all of whose branches block in {@code stuck}. */
  @FunctionalInterface
  interface Blocking {
    Object run(Stuck stuck) throws Exception;
  }

  static Stream<Named<Blocking>> shapes() {
    return Stream.of(
        Named.of("map", k -> Tasks.map(List.of(1, 2), i -> k.block())),
        Named.of("lazy map", k -> Tasks.map(Stream.of(1, 2), i -> k.block())),
        Named.of("map of limit 1", k -> Tasks.limit(1).map(List.of(1, 2), i -> k.block())),
        Named.of("lazy, limit 1", k -> Tasks.limit(1).map(Stream.of(1, 2), i -> k.block())),
        Named.of("settle", k -> Tasks.settle(List.of(1, 2), i -> k.block())),
        Named.of("all", k -> Tasks.all(k::block, k::block)),
        Named.of("any", k -> Tasks.any(k::block, k::block)),
        Named.of("race", k -> Tasks.race(k::block, k::block)),
        Named.of("quorum", k -> Tasks.quorum(1, List.of(1, 2), i -> k.block())),
        Named.of(
            "mapReduce",
            k -> Tasks.mapReduce(List.of(1), i -> k.<Integer>block(), 0, Integer::sum)),
        Named.of("scope, in the body", k -> Tasks.scope(s -> s.fork(k::block).join())),
        Named.of("scope, while ending", k -> Tasks.scope(s -> s.fork(k::block))),
        Named.of("supervise", k -> Tasks.supervise(s -> s.fork(k::block))),
        Named.of("within", k -> Tasks.within(Duration.ofHours(1), k::block)),
        Named.of("withinOr", k -> Tasks.withinOr(Duration.ofHours(1), null, k::block)),
        Named.of(
            "nested",
            k ->
                Tasks.within(
                    Duration.ofHours(1),
                    () -> Tasks.scope(s -> Tasks.map(List.of(1), i -> k.block())))));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void whileItWaitsItCancelsAndBecomesAnInterruptedException(Blocking shape) throws Exception {
    var stuck = new Stuck();
    var caller = Caller.start(() -> shape.run(stuck));
    stuck.awaitBegun();
    caller.interrupt();
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertFalse(caller.flagLeft());
    assertEquals(stuck.ended(), stuck.interrupts());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void beforeTheCallItHasTheSameEffect(Blocking shape) throws Exception {
    var stuck = new Stuck();
    var caller =
        Caller.start(() -> {
          Thread.currentThread().interrupt();
          return shape.run(stuck);
        });
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertFalse(caller.flagLeft());
  }

  private static void flagStays(Callable<?> call) throws Exception {
    var caller =
        Caller.start(() -> {
          Thread.currentThread().interrupt();
          return call.call();
        });
    assertInstanceOf(Outcome.Success.class, caller.outcome());
    assertTrue(caller.flagLeft());
  }

  @Test
  void insideAShieldItArrivesToo() throws Exception {
    var stuck = new Stuck();
    var caller = Caller.start(() -> Tasks.shield(Duration.ofHours(1), stuck::block));
    stuck.awaitBegun();
    caller.interrupt();
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertFalse(caller.flagLeft());
  }

  @Test
  void whereNothingWaitsTheFlagIsStillThereAfterwards() throws Exception {
    flagStays(() -> Tasks.within(Duration.ofHours(1), () -> 1));
    flagStays(() -> Tasks.scope(s -> 1));
    flagStays(() -> Tasks.shield(Duration.ofHours(1), () -> 1));
    flagStays(() -> Tasks.shieldApart(Duration.ofHours(1), () -> 1));
    flagStays(() -> Tasks.withinOr(Duration.ofNanos(0), 2, () -> 1));
    flagStays(() -> Tasks.map(List.of(), i -> i));
  }

  @Test
  void ifTheTasksReturnAllTheSameTheirValuesCountAndTheFlagStays() throws Exception {
    var stubborn = new Stuck();
    var caller = Caller.start(() -> Tasks.map(List.of(1), i -> stubborn.ignoreInterrupts()));
    stubborn.awaitBegun();
    caller.interrupt();
    while (stubborn.interrupts() == 0) Thread.onSpinWait();
    stubborn.letGo();
    assertInstanceOf(Outcome.Success.class, caller.outcome());
    assertTrue(caller.flagLeft());
  }

  @Test
  void aBodyThatCatchesItDecidesForItself() throws Exception {
    var stuck = new Stuck();
    var caller =
        Caller.start(() ->
            Tasks.scope(s -> {
              assertThrows(InterruptedException.class, stuck::block);
              return s.fork(() -> 5).join();
            }));
    stuck.awaitBegun();
    caller.interrupt();
    assertEquals(new Outcome.Success<>(5), caller.outcome());
    assertFalse(caller.flagLeft());
  }

  @Test
  void besideAFailureTheFlagIsKept() throws Exception {
    var first = new IOException("first");
    var stubborn = new Stuck();
    var caller =
        Caller.start(() ->
            Tasks.scope(s -> {
              s.fork(stubborn::ignoreInterrupts);
              stubborn.awaitBegun();
              throw first;
            }));
    while (stubborn.interrupts() == 0) Thread.onSpinWait();
    caller.interrupt();
    while (caller.thread().isInterrupted()) Thread.onSpinWait();
    stubborn.letGo();
    assertEquals(first, caller.failure());
    assertTrue(caller.flagLeft());
  }

  static Stream<Named<Fn<Fn<Integer, Integer, IOException>, Object, Exception>>> decidingShapes() {
    return Stream.of(
        Named.of("any", f -> Tasks.anyOf(List.of(0, 1), f)),
        Named.of("race", f -> Tasks.raceOf(List.of(0, 1), f)),
        Named.of("quorum", f -> Tasks.quorum(1, List.of(0, 1), f)),
        Named.of("race that is lost", f -> Tasks.raceOf(List.of(-1, 1), f)));
  }

  @ParameterizedTest
  @MethodSource("decidingShapes")
  void oneThatComesWithADecisionIsNotLost(
      Fn<Fn<Integer, Integer, IOException>, Object, Exception> shape) throws Exception {
    var decider = new CompletableFuture<Thread>();
    var forking = new AtomicReference<Thread>();
    var forks = new AtomicInteger();
    var secondFork = new CountDownLatch(1);
    Fn<Integer, Integer, IOException> branch =
        i -> {
          decider.complete(Thread.currentThread());
          secondFork.await();
          if (i < 0) throw new IOException("lost");
          return i;
        };
    Context.Capture outside =
        () -> {
          if (Thread.currentThread() != forking.get() || forks.incrementAndGet() != 2) return null;
          // During the second fork the first branch decides, and then comes the interrupt.
          secondFork.countDown();
          while (decider.join().isAlive()) Thread.yield();
          Thread.currentThread().interrupt();
          return null;
        };
    try (var _ = Context.capture(outside)) {
      var caller =
          Caller.start(() -> {
            forking.set(Thread.currentThread());
            return shape.apply(branch);
          });
      assertFalse(caller.outcome() instanceof Outcome.Failed<?>(InterruptedException _));
      assertTrue(caller.flagLeft());
      assertEquals(2, forks.get());
    }
  }

  @Test
  void aFailureOrDeadlineOfOursLeavesNoFlag() throws Exception {
    for (Callable<?> ours :
        List.<Callable<?>>of(
            () -> Tasks.within(Duration.ofMillis(1), () -> new Stuck().block()),
            () -> Tasks.within(Duration.ofMillis(1), () -> spin()),
            () -> Tasks.within(Duration.ofMillis(5)).map(List.of(1), i -> new Stuck().block()),
            () -> Tasks.any(() -> 1, () -> new Stuck().block()),
            () -> Tasks.all(() -> failing(), () -> new Stuck().block()),
            () ->
                Tasks.scope(s -> {
                  s.run(() -> failing());
                  return new Stuck().block();
                }))) {
      var caller = Caller.start(ours);
      caller.outcome();
      assertFalse(caller.flagLeft());
    }
  }

  private static int failing() throws IOException {
    throw new IOException("ours");
  }

  /** Computes until its flag is set, which it leaves set. */
  private static int spin() {
    while (!Thread.currentThread().isInterrupted()) Thread.onSpinWait();
    return 1;
  }
}
