package dev.brigade.testing.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Completion;
import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the shapes promise, on every engine. */
final class ShapeClauses {
  private ShapeClauses() {}

  static List<Clause> clauses() {
    return new Concern("shapes")
        .clause("map gives the results in the order of the items", ShapeClauses::mapInOrder)
        .clause("map applies the function once to each item", ShapeClauses::mapOnce)
        .clause("map throws the item's own exception", ShapeClauses::mapFails)
        .clause(
            "map fails at once, not behind a slow item",
            ShapeClauses::mapFailsAtOnce,
            Need.TWO_AT_ONCE,
            Need.INTERRUPTIBLE)
        .clause("map runs at most the limit at once", ShapeClauses::mapWidth)
        .clause("map pulls its input as it goes", ShapeClauses::mapLazily)
        .clause("an item's interrupt does not reach the next item", ShapeClauses::mapInterrupts)
        .clause("settle gives every outcome in order", ShapeClauses::settle)
        .clause("any gives the first success", ShapeClauses::any)
        .clause(
            "any cancels the losers and waits for them",
            ShapeClauses::anyCancels,
            Need.TWO_AT_ONCE,
            Need.INTERRUPTIBLE)
        .clause("any fails with all failures when all fail", ShapeClauses::anyAllFail)
        .clause(
            "race gives the first that settles, a failure too",
            ShapeClauses::race,
            Need.TWO_AT_ONCE,
            Need.INTERRUPTIBLE)
        .clause("a race of Errors ends", ShapeClauses::raceOfErrors)
        .clause("quorum gives as many successes as asked for", ShapeClauses::quorum)
        .clause("quorum fails when too many fail", ShapeClauses::quorumFails)
        .clause(
            "asCompleted gives outcomes as they come", ShapeClauses::asCompleted, Need.TWO_AT_ONCE)
        .clause(
            "asCompleted cancels what is left when it is closed",
            ShapeClauses::asCompletedClosed,
            Need.INTERRUPTIBLE)
        .clause("inOrder gives outcomes in the order of the items", ShapeClauses::inOrder)
        .clause("mapReduce combines in the order of the items", ShapeClauses::mapReduce)
        .clauses();
  }

  private static List<Integer> numbers(int n) {
    return IntStream.range(0, n).boxed().toList();
  }

  private static void mapInOrder(Trial t) throws Exception {
    List<Integer> doubled = Tasks.on(t.engine()).map(numbers(50), n -> 2 * n);
    assertEquals(IntStream.range(0, 50).map(n -> 2 * n).boxed().toList(), doubled);
  }

  private static void mapOnce(Trial t) throws Exception {
    Probe p = t.probe();
    Tasks.on(t.engine()).forEach(numbers(30), n -> p.mark("item " + n));
    assertEquals(30, p.events().size());
    for (int n : numbers(30)) assertEquals(1, p.count("item " + n));
  }

  private static void mapFails(Trial t) {
    var e =
        assertThrows(
            IOException.class, () -> Tasks.on(t.engine()).map(numbers(10), n -> failOn(n, 7)));
    assertEquals("number 7", e.getMessage());
  }

  private static int failOn(int n, int bad) throws IOException {
    if (n == bad) throw new IOException("number " + n);
    return n;
  }

  private static String hold(Probe p) throws InterruptedException {
    p.mark("began");
    try {
      p.pass("go");
      return "value";
    } catch (InterruptedException e) {
      p.mark("interrupted");
      throw e;
    } finally {
      p.mark("ended");
    }
  }

  private static String failAfterBegin(Probe p) throws InterruptedException {
    p.await("began");
    throw new IllegalArgumentException("wrong");
  }

  private static String valueAfterBegin(Probe p) throws InterruptedException {
    p.await("began");
    return "winner";
  }

  private static void assertHeldWasCancelled(Probe p) {
    assertEquals(List.of("began", "interrupted", "ended"), p.events());
  }

  private static void mapFailsAtOnce(Trial t) {
    Probe p = t.probe();
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Tasks.on(t.engine())
                .limit(2)
                .map(numbers(2), n -> n == 0 ? hold(p) : failAfterBegin(p)));
    assertHeldWasCancelled(p);
  }

  private static void mapWidth(Trial t) throws Exception {
    Probe p = t.probe();
    Tasks.on(t.engine()).limit(2).forEach(numbers(16), n -> SubmissionClauses.visit(p));
    assertEquals(16, p.count("+visit"));
    assertTrue(p.peak("visit") <= 2, p.peak("visit") + " items were in progress at once");
  }

  private static void mapLazily(Trial t) throws Exception {
    Probe p = t.probe();
    var pulled = new AtomicInteger();
    // Where items are handed out in chunks, more of them are pulled ahead.
    int ahead = t.engine().traits().chunked() ? 2 * 64 + 1 : 2 + 1;
    Stream<Integer> items = numbers(300).stream().peek(n -> pulled.incrementAndGet());
    Tasks.on(t.engine()).limit(2).forEach(items, n -> SubmissionClauses.visit(p));
    assertEquals(300, pulled.get());
    if (Need.BATCHES.metBy(t)) {
      mapLazilyInBatches(t);
      return;
    }
    var held = new AtomicInteger();
    var most = new AtomicInteger();
    Stream<Integer> checked =
        numbers(300).stream()
            .peek(n -> most.accumulateAndGet(held.incrementAndGet() - p.count("done"), Math::max));
    Tasks.on(t.engine()).limit(2).forEach(checked, n -> p.mark("done"));
    assertTrue(most.get() <= ahead, most.get() + " items were pulled and not done");
  }

  private static void holdEach(Probe p) throws InterruptedException {
    p.mark("began");
    p.pass("go");
  }

  /** How large batches become is nobody's to say, but the first ones are of one item. */
  private static void mapLazilyInBatches(Trial t) throws Exception {
    Probe p = t.probe();
    Thread caller = Thread.currentThread();
    int atOnce = t.subject().runsAtOnce(2) ? 2 : 1;
    var open = new AtomicBoolean();
    Thread opener =
        Thread.startVirtualThread(() -> {
          while (p.count("began") < atOnce || caller.getState() == Thread.State.RUNNABLE) p.pause();
          open.set(true);
          p.openQuietly("go");
        });
    var early = new AtomicInteger();
    Stream<Integer> items =
        numbers(300).stream()
            .peek(n -> {
              if (!open.get()) early.incrementAndGet();
            });
    Tasks.on(t.engine()).limit(2).forEach(items, n -> holdEach(p));
    opener.join();
    assertTrue(early.get() <= 3, early.get() + " items were pulled before any was done");
  }

  private static boolean interruptSelf() {
    boolean before = Thread.currentThread().isInterrupted();
    Thread.currentThread().interrupt();
    return before;
  }

  private static void mapInterrupts(Trial t) throws Exception {
    List<Boolean> flags = Tasks.on(t.engine()).limit(1).map(numbers(20), n -> interruptSelf());
    assertFalse(flags.contains(true), flags.toString());
  }

  private static void settle(Trial t) throws Exception {
    List<Outcome<Integer>> all = Tasks.on(t.engine()).settle(numbers(10), n -> failOn(n, 4));
    assertEquals(10, all.size());
    for (int n : numbers(10)) {
      if (n == 4) {
        var failed = assertInstanceOf(Outcome.Failed.class, all.get(n));
        assertEquals("number 4", failed.failure().getMessage());
      } else {
        assertEquals(n, all.get(n).orThrow());
      }
    }
  }

  private static String fail(String message) {
    throw new IllegalArgumentException(message);
  }

  private static void any(Trial t) throws Exception {
    Work<String, RuntimeException> one = () -> fail("one");
    Work<String, RuntimeException> two = () -> "two";
    assertEquals("two", Tasks.on(t.engine()).any(List.of(one, two)));
  }

  private static void anyCancels(Trial t) throws Exception {
    Probe p = t.probe();
    String won = Tasks.on(t.engine()).anyOf(numbers(2), n -> n == 0 ? hold(p) : valueAfterBegin(p));
    assertEquals("winner", won);
    assertHeldWasCancelled(p);
  }

  private static void anyAllFail(Trial t) {
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tasks.on(t.engine()).limit(1).anyOf(numbers(3), n -> fail("number " + n)));
    assertEquals("number 0", e.getMessage());
    assertEquals(
        List.of("number 1", "number 2"),
        Arrays.stream(e.getSuppressed()).map(Throwable::getMessage).toList());
  }

  private static void race(Trial t) {
    Probe p = t.probe();
    assertThrows(
        IllegalArgumentException.class,
        () -> Tasks.on(t.engine()).raceOf(numbers(2), n -> n == 0 ? hold(p) : failAfterBegin(p)));
    assertHeldWasCancelled(p);
  }

  private static String failHard() {
    throw new AssertionError("not so");
  }

  private static void raceOfErrors(Trial t) {
    assertThrows(
        AssertionError.class, () -> Tasks.on(t.engine()).raceOf(numbers(3), n -> failHard()));
  }

  private static void quorum(Trial t) throws Exception {
    List<Integer> two = Tasks.on(t.engine()).quorum(2, numbers(4), n -> failOn(n, 0));
    assertEquals(2, two.size());
    assertTrue(numbers(4).containsAll(two) && !two.contains(0), two.toString());
  }

  private static void quorumFails(Trial t) {
    assertThrows(
        IllegalArgumentException.class,
        () -> Tasks.on(t.engine()).quorum(2, numbers(3), n -> n == 0 ? "a" : fail("number " + n)));
  }

  private static void asCompleted(Trial t) throws Exception {
    Probe p = t.probe();
    List<Long> order = new ArrayList<>();
    try (var done =
        Tasks.on(t.engine()).asCompleted(numbers(2), n -> n == 0 ? hold(p) : "second")) {
      for (Completion<Integer, String> c : done) {
        order.add(c.index());
        p.open("go");
      }
    }
    assertEquals(List.of(1L, 0L), order);
  }

  private static void asCompletedClosed(Trial t) throws Exception {
    Probe p = t.probe();
    Tasks.on(t.engine())
        .runScope(s -> {
          try (var done =
              Tasks.on(t.engine()).limit(2).asCompleted(numbers(2), n -> n == 0 ? "a" : hold(p))) {
            assertEquals(0, done.iterator().next().index());
            p.await("began");
          }
        });
    assertHeldWasCancelled(p);
  }

  private static void inOrder(Trial t) throws Exception {
    List<Integer> values = new ArrayList<>();
    try (var done = Tasks.on(t.engine()).limit(4).inOrder(numbers(20), n -> 2 * n)) {
      for (var c : done) values.add(c.outcome().orThrow());
    }
    assertEquals(IntStream.range(0, 20).map(n -> 2 * n).boxed().toList(), values);
  }

  private static void mapReduce(Trial t) throws Exception {
    String joined =
        Tasks.on(t.engine()).mapReduce(numbers(100), n -> "<" + n + ">", "", (a, b) -> a + b);
    assertEquals(
        numbers(100).stream().map(n -> "<" + n + ">").collect(Collectors.joining()), joined);
  }
}
