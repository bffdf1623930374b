package dev.brigade.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines of everybody's, and engines that belong to who opened them. */
@HangGuard
class SharedAndOwnedEnginesTest {
  static Stream<Named<Supplier<Engine>>> opened() {
    return Stream.of(
        Named.of("virtual", Engine::openVirtual),
        Named.of("cores", () -> Engine.openCores(2)),
        Named.of("threads", () -> Engine.openThreads(2)));
  }

  @Test
  void shuttingDownASharedEngineDoesNothing() throws Exception {
    for (Engine e : List.of(Engine.virtual(), Engine.cores())) {
      e.shutdown();
      assertEquals(List.of(), e.shutdownNow());
      e.close();
      assertFalse(e.isShutdown());
      assertFalse(e.isTerminated());
      assertFalse(e.awaitTermination(1, TimeUnit.NANOSECONDS));
      assertEquals(1, e.submit(() -> 1).get());
      assertEquals(List.of(1), Tasks.on(e).map(List.of(1), i -> i));
    }
    assertSame(Engine.virtual(), Engine.virtual());
    assertSame(Engine.cores(), Engine.cores());
  }

  @ParameterizedTest
  @MethodSource("opened")
  void aClosedEngineRefusesTasksAndSaysWhichAndWhy(Supplier<Engine> opener) {
    Engine e = opener.get();
    e.close();
    e.close();
    assertTrue(e.isTerminated());
    for (var refused :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> e.submit(() -> 1),
            () -> e.execute(() -> {}),
            () -> Tasks.on(e).scope(s -> s.fork(() -> 1).join()),
            () -> Tasks.on(e).map(List.of(1), i -> i))) {
      var x = assertThrows(RejectedExecutionException.class, refused);
      assertTrue(String.valueOf(x.getMessage()).contains("shut down"), x::getMessage);
      assertTrue(x.getMessage().contains(e.toString()), x::getMessage);
    }
  }

  @ParameterizedTest
  @MethodSource("opened")
  void aRefusedForkLeavesTheScopeUsable(Supplier<Engine> opener) throws Exception {
    Engine e = opener.get();
    e.close();
    int value =
        Tasks.scope(s -> {
          assertThrows(RejectedExecutionException.class, () -> s.fork(e, () -> 1));
          return s.fork(() -> 2).join();
        });
    assertEquals(2, value);
  }

  @ParameterizedTest
  @MethodSource("opened")
  void closingWaitsForWhatWasSubmitted(Supplier<Engine> opener) {
    var stuck = new Stuck();
    try (Engine e = opener.get()) {
      e.execute(stuck::ignoreInterrupts);
      e.execute(stuck::letGo);
    }
    assertEquals(1, stuck.ended());
  }

  @Test
  void theTraitsSayWhatMayBeReliedOn() {
    Traits virtual = Engine.virtual().traits();
    assertTrue(virtual.sharesJvm() && virtual.threadPerTask() && virtual.interruptible());
    assertFalse(virtual.chunked() || virtual.killConfirmed());
    Traits cores = Engine.cores().traits();
    assertTrue(cores.sharesJvm() && cores.chunked() && cores.interruptible());
    assertFalse(cores.threadPerTask() || cores.killConfirmed());
    assertEquals(Runtime.getRuntime().availableProcessors(), cores.defaultLimit());
    for (Traits t : List.of(virtual, cores))
      assertEquals(Traits.Delivery.AT_MOST_ONCE, t.delivery());
    assertNotEquals(virtual.name(), cores.name());
  }

  @Test
  void anEngineWithoutThreadsIsRefused() {
    for (int n : new int[] {0, -1, Integer.MIN_VALUE}) {
      for (var open :
          List.<java.util.function.IntFunction<Engine>>of(Engine::openCores, Engine::openThreads)) {
        var e = assertThrows(IllegalArgumentException.class, () -> open.apply(n));
        assertEquals("threads must be at least 1, but was " + n, e.getMessage());
      }
    }
  }
}
