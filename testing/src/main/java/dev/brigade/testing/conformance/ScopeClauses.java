package dev.brigade.testing.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.task.CancelledException;
import dev.brigade.task.Context;
import dev.brigade.task.Outcome;
import dev.brigade.task.Task;
import dev.brigade.task.TaskFailedException;
import dev.brigade.task.TaskScope;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What scopes promise, on every engine. */
final class ScopeClauses {
  private ScopeClauses() {}

  static List<Clause> clauses() {
    return new Concern("scopes")
        .clause("a scope returns when its tasks have ended", ScopeClauses::awaits)
        .clause("join gives the value", ScopeClauses::join)
        .clause(
            "a failure cancels the siblings and waits for them",
            ScopeClauses::failureCancels,
            Need.TWO_AT_ONCE,
            Need.INTERRUPTIBLE)
        .clause("an Error ends a scope as an exception does", ScopeClauses::errorEnds)
        .clause("a supervised scope keeps failures with their tasks", ScopeClauses::supervised)
        .clause(
            "a body that fails cancels its tasks and waits for them",
            ScopeClauses::bodyFails,
            Need.INTERRUPTIBLE)
        .clause(
            "an interrupt of the caller cancels the tasks and waits for them",
            ScopeClauses::interruptedBody,
            Need.INTERRUPTIBLE)
        .clause(
            "later failures are suppressed in the first",
            ScopeClauses::laterFailures,
            Need.TWO_AT_ONCE,
            Need.INTERRUPTIBLE)
        .clause("a cancellation carries its reason", ScopeClauses::reason, Need.INTERRUPTIBLE)
        .clause(
            "a deadline strikes the tasks and waits for them",
            ScopeClauses::deadline,
            Need.INTERRUPTIBLE)
        .clause(
            "a value returned in spite of a cancellation stays a value",
            ScopeClauses::valueStays,
            Need.INTERRUPTIBLE)
        .clause("a queued task that is cancelled never runs", ScopeClauses::queued, Need.BOUNDED)
        .clause("a daemon ends with the body", ScopeClauses::daemon, Need.INTERRUPTIBLE)
        .clause(
            "what is written before a fork and in a task is seen after it",
            ScopeClauses::visible,
            Need.SHARES_JVM)
        .clause(
            "a task does not inherit the thread-locals of the caller",
            ScopeClauses::threadLocals,
            Need.SHARES_JVM)
        .clause(
            "registered scoped values are bound in tasks",
            ScopeClauses::scopedValues,
            Need.SHARES_JVM)
        .clause("nested scopes never dead-lock", ScopeClauses::nesting, Need.SHARES_JVM)
        .clause(
            "a task that waits for its own tasks runs nothing else meanwhile",
            ScopeClauses::noMixing,
            Need.SHARES_JVM,
            Need.THREE_AT_ONCE)
        .clauses();
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

  private static String marked(Probe p, String event) {
    p.mark(event);
    return event;
  }

  private static void awaits(Trial t) throws Exception {
    Probe p = t.probe();
    Tasks.on(t.engine())
        .runScope(s -> {
          for (int i = 0; i < 4; i++) s.fork(() -> slow(p));
        });
    assertEquals(4, p.count("ended"));
  }

  private static String slow(Probe p) {
    for (int i = 0; i < 5; i++) p.mark("working");
    p.mark("ended");
    return "";
  }

  private static void join(Trial t) throws Exception {
    String both =
        Tasks.on(t.engine())
            .scope(s -> {
              Task<String> a = s.fork(() -> "a");
              Task<String> b = s.fork(() -> "b");
              return a.join() + b.join();
            });
    assertEquals("ab", both);
  }

  private static String failAfter(Probe p, String event, String message)
      throws InterruptedException {
    p.await(event);
    throw new IllegalArgumentException(message);
  }

  private static void failureCancels(Trial t) {
    Probe p = t.probe();
    var e =
        assertThrows(
            TaskFailedException.class,
            () ->
                Tasks.on(t.engine())
                    .runScope(s -> {
                      s.fork(() -> hold(p));
                      s.fork(() -> failAfter(p, "began", "wrong"));
                    }));
    assertInstanceOf(IllegalArgumentException.class, e.getCause());
    assertEquals(List.of("began", "interrupted", "ended"), p.events());
  }

  private static String failHard() {
    throw new AssertionError("not so");
  }

  private static void errorEnds(Trial t) {
    var e =
        assertThrows(
            TaskFailedException.class,
            () -> Tasks.on(t.engine()).runScope(s -> s.fork(ScopeClauses::failHard)));
    assertInstanceOf(AssertionError.class, e.getCause());
  }

  private static void supervised(Trial t) throws Exception {
    Tasks.on(t.engine())
        .runSupervised(s -> {
          Task<String> bad = s.fork(ScopeClauses::failHard);
          Task<String> good = s.fork(() -> "good");
          var failed = assertInstanceOf(Outcome.Failed.class, bad.outcome());
          assertInstanceOf(AssertionError.class, failed.failure());
          assertEquals("good", good.join());
        });
  }

  private static void bodyFails(Trial t) {
    Probe p = t.probe();
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                Tasks.on(t.engine())
                    .runScope(s -> {
                      s.fork(() -> hold(p));
                      failAfter(p, "began", "body");
                    }));
    assertEquals("body", e.getMessage());
    assertEquals(List.of("began", "interrupted", "ended"), p.events());
  }

  private static void interruptedBody(Trial t) {
    Probe p = t.probe();
    BulkClauses.interruptAfter(p, "began");
    assertThrows(
        InterruptedException.class,
        () -> Tasks.on(t.engine()).scope(s -> s.fork(() -> hold(p)).join()));
    assertEquals(List.of("began", "interrupted", "ended"), p.events());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  private static String failLate(Probe p) {
    p.mark("began");
    try {
      p.pass("go");
    } catch (InterruptedException e) {
      throw new IllegalStateException("late");
    }
    return "value";
  }

  private static void laterFailures(Trial t) {
    Probe p = t.probe();
    var e =
        assertThrows(
            TaskFailedException.class,
            () ->
                Tasks.on(t.engine())
                    .runScope(s -> {
                      s.fork(() -> failLate(p));
                      s.fork(() -> failAfter(p, "began", "first"));
                    }));
    assertTrue(String.valueOf(e.getCause()).contains("first"), String.valueOf(e.getCause()));
    assertTrue(
        Arrays.stream(e.getSuppressed()).anyMatch(x -> "late".equals(x.getMessage())),
        "suppressed: " + Arrays.toString(e.getSuppressed()));
  }

  private static void reason(Trial t) throws Exception {
    Probe p = t.probe();
    Tasks.on(t.engine())
        .runSupervised(s -> {
          Task<String> task = s.fork(() -> hold(p));
          p.await("began");
          assertTrue(task.cancel("too late for tea"));
          var e = assertThrows(CancelledException.class, task::join);
          assertTrue(e.toString().contains("too late for tea"), e.toString());
        });
    assertEquals(List.of("began", "interrupted", "ended"), p.events());
  }

  private static void deadline(Trial t) {
    Probe p = t.probe();
    assertThrows(
        dev.brigade.task.DeadlineException.class,
        () ->
            Tasks.runWithin(
                Duration.ofMillis(300),
                () ->
                    Tasks.on(t.engine())
                        .runScope(s -> {
                          s.fork(() -> hold(p));
                        })));
    assertEquals(p.count("began"), p.count("ended"));
    assertEquals(p.count("began"), p.count("interrupted"));
  }

  private static int stubborn(Probe p) {
    p.mark("began");
    try {
      p.pass("never");
      return 0;
    } catch (InterruptedException e) {
      return 7;
    }
  }

  private static void valueStays(Trial t) throws Exception {
    Probe p = t.probe();
    Tasks.on(t.engine())
        .runSupervised(s -> {
          Task<Integer> task = s.fork(() -> stubborn(p));
          p.await("began");
          assertTrue(task.cancel("enough"));
          assertEquals(7, task.join());
        });
  }

  private static void queued(Trial t) throws Exception {
    Probe p = t.probe();
    t.fill();
    Tasks.on(t.engine())
        .runSupervised(s -> {
          Task<String> task = s.fork(() -> marked(p, "ran"));
          assertTrue(task.cancel("enough"));
          assertInstanceOf(Outcome.Cancelled.class, task.outcome());
          t.release();
        });
    for (int i = 0; i < 4 * t.bound(); i++) assertEquals("next", t.submit(() -> "next").get());
    assertEquals(0, p.count("ran"));
  }

  private static void daemon(Trial t) throws Exception {
    Probe p = t.probe();
    Tasks.on(t.engine())
        .runScope(s -> {
          s.daemon(() -> hold(p));
          p.await("began");
        });
    assertEquals(List.of("began", "interrupted", "ended"), p.events());
  }

  private static void visible(Trial t) throws Exception {
    for (int round = 0; round < 200; round++) {
      int[] box = new int[2];
      Tasks.on(t.engine())
          .runScope(s -> {
            box[0] = 1;
            s.run(() -> {
              Thread.yield();
              box[1] = box[0] + 1;
            });
          });
      assertEquals(2, box[1]);
    }
  }

  private static void threadLocals(Trial t) throws Exception {
    var local = new InheritableThreadLocal<String>();
    local.set("caller's");
    try {
      Tasks.on(t.engine()).runScope(s -> s.run(() -> assertNull(local.get())));
    } finally {
      local.remove();
    }
  }

  private static void scopedValues(Trial t) throws Exception {
    ScopedValue<String> key = ScopedValue.newInstance();
    try (var registered = Context.inherit(key)) {
      String seen =
          ScopedValue.where(key, "bound")
              .call(() -> Tasks.on(t.engine()).scope(s -> s.fork(key::get).join()));
      assertEquals("bound", seen);
      assertTrue(registered != null);
    }
  }

  private static void nesting(Trial t) throws Exception {
    assertEquals(81, leaves(t.engine(), 4));
  }

  /** Each task opens a scope on the engine that it runs on, and waits for it. */
  private static int leaves(Engine engine, int depth) throws InterruptedException {
    if (depth == 0) return 1;
    return Tasks.on(engine)
        .scope((TaskScope s) -> {
          Task<Integer> a = s.fork(() -> leaves(engine, depth - 1));
          Task<Integer> b = s.fork(() -> leaves(engine, depth - 1));
          Task<Integer> c = s.fork(() -> leaves(engine, depth - 1));
          return a.join() + b.join() + c.join();
        });
  }

  /** The waiting task's thread must not be lent to a stranger, who would see its thread-locals. */
  private static void noMixing(Trial t) throws Exception {
    Probe p = t.probe();
    var local = new ThreadLocal<String>();
    Tasks.on(t.engine())
        .runScope(s -> {
          Task<String> waiting =
              s.fork(() -> {
                local.set("waiting");
                try {
                  return Tasks.on(t.engine()).scope(x -> x.fork(() -> hold(p)).join());
                } finally {
                  local.remove();
                }
              });
          p.await("began");
          for (int i = 0; i < 20; i++)
            assertNull(
                s.fork(() -> String.valueOf(local.get())).join().transform(ScopeClauses::orNull));
          p.open("go");
          assertEquals("value", waiting.join());
        });
  }

  @SuppressWarnings("NullAway") // compares with null
  private static String orNull(String text) {
    return text.equals("null") ? null : text;
  }
}
