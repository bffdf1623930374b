package dev.brigade.testing.conformance;

import static dev.brigade.testing.conformance.SubmissionClauses.says;
import static dev.brigade.testing.conformance.Trial.work;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What {@code invokeAll} and {@code invokeAny} promise. */
final class BulkClauses {
  private BulkClauses() {}

  static List<Clause> clauses() {
    return new Concern("invokeAll and invokeAny")
        .clause("invokeAll gives the futures in the order of the tasks", BulkClauses::allInOrder)
        .clause("timed invokeAll gives all when there is time", BulkClauses::allTimed)
        .clause("invokeAll of nothing gives nothing", BulkClauses::allOfNothing)
        .clause("invokeAll leaves failures in their futures", BulkClauses::allWithFailures)
        .clause("invokeAll returns when all are done", BulkClauses::allDone)
        .clause("invokeAll cancels what its time does not suffice for", BulkClauses::allTimesOut)
        .clause(
            "an interrupted invokeAll cancels its tasks",
            BulkClauses::allInterrupted,
            Need.INTERRUPTIBLE)
        .clause("invokeAll refuses null", BulkClauses::allNull)
        .clause("invokeAll refuses a null task", BulkClauses::allNullTask)
        .clause("invokeAny gives a value", BulkClauses::anyValue)
        .clause("timed invokeAny gives a value when there is time", BulkClauses::anyTimed)
        .clause("invokeAny passes over failures", BulkClauses::anyPassesOver)
        .clause("invokeAny fails when all fail", BulkClauses::anyAllFail)
        .clause(
            "invokeAny cancels the losers",
            BulkClauses::anyCancels,
            Need.TWO_AT_ONCE,
            Need.INTERRUPTIBLE)
        .clause("invokeAny gives up when its time has passed", BulkClauses::anyTimesOut)
        .clause(
            "invokeAny cancels its tasks when its time has passed",
            BulkClauses::anyTimesOutAndCancels,
            Need.INTERRUPTIBLE)
        .clause("invokeAny refuses an empty collection", BulkClauses::anyEmpty)
        .clause("invokeAny refuses null", BulkClauses::anyNull)
        .clause("invokeAny refuses a null task", BulkClauses::anyNullTask)
        .clauses();
  }

  private static List<Callable<String>> numbered(int n) {
    List<Callable<String>> all = new ArrayList<>();
    for (int i = 0; i < n; i++) all.add(says("value " + i));
    return all;
  }

  private static void assertNumbered(int n, List<Future<String>> futures) throws Exception {
    assertEquals(n, futures.size());
    for (int i = 0; i < n; i++) assertEquals("value " + i, futures.get(i).get());
  }

  private static void allInOrder(Trial t) throws Exception {
    assertNumbered(20, t.engine().invokeAll(numbered(20)));
  }

  private static void allTimed(Trial t) throws Exception {
    assertNumbered(20, t.engine().invokeAll(numbered(20), 1, TimeUnit.HOURS));
  }

  private static void allOfNothing(Trial t) throws Exception {
    assertEquals(List.of(), t.engine().invokeAll(numbered(0)));
    assertEquals(List.of(), t.engine().invokeAll(numbered(0), 1, TimeUnit.HOURS));
  }

  private static String fail(String message) {
    throw new IllegalArgumentException(message);
  }

  private static void allWithFailures(Trial t) throws Exception {
    Callable<String> failing = work(() -> fail("wrong"));
    List<Future<String>> all = t.engine().invokeAll(List.of(says("a"), failing, says("b")));
    assertEquals("a", all.get(0).get());
    assertInstanceOf(IllegalArgumentException.class, Trial.failureOf(all.get(1)));
    assertEquals("b", all.get(2).get());
  }

  private static void allDone(Trial t) throws Exception {
    for (int round = 0; round < 10; round++)
      for (Future<String> f : t.engine().invokeAll(numbered(10))) assertTrue(f.isDone());
  }

  private static String hold(Probe p) throws InterruptedException {
    p.mark("began");
    p.passOrMark("go", "interrupted");
    return "held";
  }

  private static void allTimesOut(Trial t) throws Exception {
    Probe p = t.probe();
    Callable<String> held = work(() -> hold(p));
    List<Future<String>> all = t.engine().invokeAll(List.of(held, held), 30, TimeUnit.MILLISECONDS);
    assertEquals(2, all.size());
    for (Future<String> f : all) {
      assertTrue(f.isDone());
      assertTrue(f.isCancelled());
    }
  }

  private static void allInterrupted(Trial t) throws Exception {
    Probe p = t.probe();
    Callable<String> held = work(() -> hold(p));
    interruptAfter(p, "began");
    assertThrows(InterruptedException.class, () -> t.engine().invokeAll(List.of(held, held)));
    p.await("interrupted", p.count("began"));
  }

  /** Interrupts the calling thread once something has been marked. */
  static void interruptAfter(Probe p, String event) {
    Thread caller = Thread.currentThread();
    Thread unused =
        Thread.ofVirtual()
            .start(() -> {
              try {
                p.await(event);
              } catch (InterruptedException e) {
                return;
              }
              caller.interrupt();
            });
  }

  @SuppressWarnings("NullAway") // what must be refused
  private static void allNull(Trial t) {
    Collection<Callable<String>> none = null;
    assertThrows(NullPointerException.class, () -> t.engine().invokeAll(none));
    assertThrows(NullPointerException.class, () -> t.engine().invokeAll(none, 1, TimeUnit.HOURS));
  }

  private static List<Callable<String>> startingWithNull() {
    return Arrays.asList(null, says("a"));
  }

  private static void allNullTask(Trial t) {
    assertThrows(NullPointerException.class, () -> t.engine().invokeAll(startingWithNull()));
  }

  private static void anyValue(Trial t) throws Exception {
    String value = t.engine().invokeAny(numbered(3));
    assertTrue(String.valueOf(value).startsWith("value "), value);
  }

  private static void anyTimed(Trial t) throws Exception {
    assertEquals("value 0", t.engine().invokeAny(numbered(1), 1, TimeUnit.HOURS));
  }

  private static void anyPassesOver(Trial t) throws Exception {
    List<Callable<String>> tasks =
        List.of(work(() -> fail("one")), work(() -> fail("two")), says("a"));
    assertEquals("a", t.engine().invokeAny(tasks));
  }

  private static void anyAllFail(Trial t) {
    List<Callable<String>> tasks = List.of(work(() -> fail("one")), work(() -> fail("two")));
    var e = assertThrows(ExecutionException.class, () -> t.engine().invokeAny(tasks));
    assertInstanceOf(IllegalArgumentException.class, e.getCause());
  }

  private static void anyCancels(Trial t) throws Exception {
    Probe p = t.probe();
    Callable<String> loser = work(() -> hold(p));
    Callable<String> winner = work(() -> after(p, "began"));
    assertEquals("after", t.engine().invokeAny(List.of(loser, winner)));
    p.await("interrupted");
  }

  private static String after(Probe p, String event) throws InterruptedException {
    p.await(event);
    return "after";
  }

  private static void anyTimesOut(Trial t) {
    Probe p = t.probe();
    Callable<String> held = work(() -> hold(p));
    assertThrows(
        TimeoutException.class,
        () -> t.engine().invokeAny(List.of(held, held), 30, TimeUnit.MILLISECONDS));
  }

  private static void anyTimesOutAndCancels(Trial t) throws Exception {
    anyTimesOut(t);
    t.probe().await("interrupted", t.probe().count("began"));
  }

  private static void anyEmpty(Trial t) {
    assertThrows(IllegalArgumentException.class, () -> t.engine().invokeAny(numbered(0)));
    assertThrows(
        IllegalArgumentException.class, () -> t.engine().invokeAny(numbered(0), 1, TimeUnit.HOURS));
  }

  @SuppressWarnings("NullAway") // what must be refused
  private static void anyNull(Trial t) {
    Collection<Callable<String>> none = null;
    assertThrows(NullPointerException.class, () -> t.engine().invokeAny(none));
    assertThrows(NullPointerException.class, () -> t.engine().invokeAny(none, 1, TimeUnit.HOURS));
  }

  private static void anyNullTask(Trial t) {
    assertThrows(NullPointerException.class, () -> t.engine().invokeAny(startingWithNull()));
  }
}
