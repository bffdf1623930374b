package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Outcomes as they come, and in order. */
@HangGuard
class CompletionsTest {
  private static List<Integer> upTo(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  @Test
  void theyComeAsTheyEnd() {
    var gates = List.of(new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
    var order = new ArrayList<Integer>();
    gates.get(2).countDown();
    Fn<Integer, Integer, RuntimeException> gated =
        i -> {
          gates.get(i).await();
          return i;
        };
    try (var done = Tasks.asCompleted(upTo(3), gated)) {
      for (var c : done) {
        order.add(c.input());
        assertEquals(c.index(), (long) c.input());
        gates.get((c.input() + 2) % 3).countDown();
      }
    }
    assertEquals(List.of(2, 1, 0), order);
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void eachComesOnceOnEveryEngine(EachEngine.Opener opener) {
    try (Engine e = opener.open()) {
      var seen = new ArrayList<Integer>();
      try (var done = Tasks.on(e).limit(5).asCompleted(upTo(200), i -> i)) {
        for (var c : done) seen.add(c.outcome().orThrow());
      }
      assertEquals(200, seen.size());
      assertEquals(200, new HashSet<>(seen).size());
      seen.clear();
      try (var done = Tasks.on(e).limit(5).inOrder(upTo(200), i -> i)) {
        for (var c : done) seen.add(c.outcome().orThrow());
      }
      assertEquals(upTo(200), seen);
    }
  }

  @Test
  void aFailureIsAnOutcomeAndCancelsNothing() {
    int failed = 0;
    int ok = 0;
    Fn<Integer, Integer, IOException> odd =
        i -> {
          if (i % 2 == 1) throw new IOException("odd");
          return i;
        };
    try (var done = Tasks.asCompleted(upTo(10), odd)) {
      for (var c : done) {
        if (c.outcome() instanceof Outcome.Failed<Integer>(IOException e)) failed++;
        else ok++;
      }
    }
    assertEquals(5, failed);
    assertEquals(5, ok);
  }

  @Test
  void breakingOutAndClosingCancelsTheRestAndWaitsForIt() {
    var stuck = new Stuck();
    Fn<Integer, Integer, RuntimeException> f =
        i -> {
          if (i == 1) return stuck.block();
          stuck.awaitBegun();
          return i;
        };
    try (var done = Tasks.asCompleted(upTo(2), f)) {
      for (var c : done) {
        assertEquals(0, c.input());
        break;
      }
    }
    assertEquals(1, stuck.interrupts());
    assertEquals(1, stuck.ended());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void theEnclosingScopeClosesWhatWasLeftOpen() throws Exception {
    var stuck = new Stuck();
    Tasks.runScope(s -> {
      var done = Tasks.asCompleted(List.of(1, 2), i -> i == 1 ? i : stuck.block());
      assertEquals(1, done.iterator().next().input());
      stuck.awaitBegun();
    });
    assertEquals(1, stuck.interrupts());
  }

  @Test
  void closingTwiceOrAfterTheEnclosingScopeIsHarmless() throws Exception {
    var kept = new ArrayList<Completions<Integer, Integer>>();
    Tasks.runScope(s -> {
      var a = Tasks.asCompleted(List.of(1), i -> i);
      var b = Tasks.asCompleted(List.of(1), i -> i);
      kept.add(Tasks.asCompleted(List.of(1), i -> i));
      a.close();
      b.close();
      a.close();
      assertEquals(5, s.fork(() -> 5).join());
    });
    kept.getFirst().close();
    assertThrows(IllegalStateException.class, () -> kept.getFirst().iterator().hasNext());
    assertEquals(1, Tasks.within(java.time.Duration.ofHours(1), () -> 1));
  }

  @Test
  void misuseIsRefused() throws Exception {
    try (var done = Tasks.asCompleted(List.of(1), i -> i)) {
      var iterator = done.iterator();
      assertTrue(
          assertThrows(IllegalStateException.class, done::iterator).getMessage().contains("once"));
      Throwable stranger = Caller.start(iterator::hasNext).failure();
      assertInstanceOf(IllegalStateException.class, stranger);
      assertTrue(stranger.getMessage().contains("Thread["), stranger::getMessage);
      assertInstanceOf(IllegalStateException.class, Caller.start(() -> closed(done)).failure());
      iterator.next();
      assertThrows(java.util.NoSuchElementException.class, iterator::next);
    }
  }

  private static Object closed(AutoCloseable c) throws Exception {
    c.close();
    return null;
  }

  @Test
  void anInterruptedWaitLosesNoOutcome() {
    var go = new CountDownLatch(1);
    Fn<Integer, Integer, RuntimeException> gated =
        i -> {
          go.await();
          return i;
        };
    try (var done = Tasks.asCompleted(List.of(1), gated)) {
      var iterator = done.iterator();
      Thread.currentThread().interrupt();
      assertThrows(CancelledException.class, iterator::hasNext);
      assertTrue(Thread.interrupted());
      go.countDown();
      assertEquals(1, iterator.next().outcome().orThrow());
      assertFalse(iterator.hasNext());
    }
  }
}
