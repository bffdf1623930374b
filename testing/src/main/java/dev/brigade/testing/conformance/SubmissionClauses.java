package dev.brigade.testing.conformance;

import static dev.brigade.testing.conformance.Trial.errand;
import static dev.brigade.testing.conformance.Trial.failureOf;
import static dev.brigade.testing.conformance.Trial.work;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/** What {@code submit} and {@code execute} promise. */
final class SubmissionClauses {
  private SubmissionClauses() {}

  static List<Clause> clauses() {
    return new Concern("submission")
        .clause("a callable's value is its future's", SubmissionClauses::value)
        .clause("null is a value", SubmissionClauses::nullValue)
        .clause("a runnable's future gives null", SubmissionClauses::runnable)
        .clause("a runnable's future gives the result named", SubmissionClauses::namedResult)
        .clause("a failure is the cause of the ExecutionException", SubmissionClauses::failure)
        .clause("an Error is the cause of the ExecutionException", SubmissionClauses::error)
        .clause(
            "a failure in this JVM is the same object",
            SubmissionClauses::sameFailure,
            Need.SHARES_JVM)
        .clause("execute runs the command", SubmissionClauses::execute)
        .clause("each task runs once", SubmissionClauses::once)
        .clause("failed tasks do no harm to later ones", SubmissionClauses::afterFailures)
        .clause("a task runs on another thread than the caller's", SubmissionClauses::otherThread)
        .clause("tasks run at the same time", SubmissionClauses::together, Need.TWO_AT_ONCE)
        .clause("no more tasks run at once than the bound", SubmissionClauses::bound, Need.BOUNDED)
        .clause(
            "an interrupt left behind does not reach the next task",
            SubmissionClauses::leftInterrupt)
        .clause("submit refuses a null callable", SubmissionClauses::nullCallable)
        .clause("submit refuses a null runnable", SubmissionClauses::nullRunnable)
        .clause("submit refuses a null runnable with a result", SubmissionClauses::nullWithResult)
        .clause("execute refuses null", SubmissionClauses::nullCommand)
        .clauses();
  }

  private static void value(Trial t) throws Exception {
    assertEquals("value", t.submit(() -> "value").get());
  }

  private static void nullValue(Trial t) throws Exception {
    assertNull(t.submit(SubmissionClauses::nothing).get());
  }

  @SuppressWarnings("NullAway") // null is a legal result
  private static String nothing() {
    return null;
  }

  private static void runnable(Trial t) throws Exception {
    Probe p = t.probe();
    assertNull(t.engine().submit(errand(() -> p.mark("ran"))).get());
    assertEquals(1, p.count("ran"));
  }

  private static void namedResult(Trial t) throws Exception {
    Probe p = t.probe();
    assertEquals("named", t.engine().submit(errand(() -> p.mark("ran")), "named").get());
    assertEquals(1, p.count("ran"));
  }

  private static void failure(Trial t) throws Exception {
    Throwable e = failureOf(t.submit(SubmissionClauses::throwIoException));
    assertInstanceOf(IOException.class, e);
    assertEquals("disk on fire", e.getMessage());
  }

  private static String throwIoException() throws IOException {
    throw new IOException("disk on fire");
  }

  private static void error(Trial t) throws Exception {
    Throwable e = failureOf(t.submit(SubmissionClauses::throwError));
    assertInstanceOf(AssertionError.class, e);
    assertEquals("not so", e.getMessage());
  }

  private static String throwError() {
    throw new AssertionError("not so");
  }

  private static void sameFailure(Trial t) throws Exception {
    var failure = new IOException("this one");
    Callable<String> thrower =
        () -> {
          throw failure;
        };
    assertSame(failure, failureOf(t.engine().submit(thrower)));
  }

  private static void execute(Trial t) throws Exception {
    Probe p = t.probe();
    t.engine().execute(errand(() -> p.mark("ran")));
    p.await("ran");
  }

  private static void once(Trial t) throws Exception {
    Probe p = t.probe();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) all.add(t.engine().submit(errand(() -> p.mark("ran"))));
    for (Future<?> f : all) f.get();
    // A second run of the last ones would come before these.
    for (int i = 0; i < 20; i++) t.submit(() -> "").get();
    assertEquals(20, p.count("ran"));
  }

  private static void afterFailures(Trial t) throws Exception {
    for (int i = 0; i < 20; i++) failureOf(t.submit(SubmissionClauses::throwError));
    assertEquals("fine", t.submit(() -> "fine").get());
  }

  private static String whereabouts() {
    return ProcessHandle.current().pid() + "/" + Thread.currentThread().threadId();
  }

  private static void otherThread(Trial t) throws Exception {
    assertNotEquals(whereabouts(), t.submit(SubmissionClauses::whereabouts).get());
  }

  private static void together(Trial t) throws Exception {
    Probe p = t.probe();
    Future<Boolean> a = t.submit(() -> meet(p, "a", "b"));
    Future<Boolean> b = t.submit(() -> meet(p, "b", "a"));
    assertEquals(true, a.get() && b.get());
  }

  private static boolean meet(Probe p, String me, String other) throws InterruptedException {
    p.mark(me);
    p.await(other);
    return true;
  }

  private static void bound(Trial t) throws Exception {
    Probe p = t.probe();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 4 * t.bound(); i++) all.add(t.engine().submit(errand(() -> visit(p))));
    for (Future<?> f : all) f.get();
    assertEquals(true, p.peak("visit") <= t.bound(), () -> p.peak("visit") + " ran at once");
  }

  /** Long enough that visits overlap if they can. */
  static void visit(Probe p) throws InterruptedException {
    p.mark("+visit");
    Thread.sleep(3);
    p.mark("-visit");
  }

  private static void leftInterrupt(Trial t) throws Exception {
    for (int i = 0; i < 20; i++) {
      t.engine().submit(errand(() -> Thread.currentThread().interrupt())).get();
      assertEquals(false, t.submit(() -> Thread.currentThread().isInterrupted()).get());
    }
  }

  @SuppressWarnings("NullAway") // what must be refused
  private static void nullCallable(Trial t) {
    assertThrows(NullPointerException.class, () -> t.engine().submit((Callable<String>) null));
  }

  @SuppressWarnings("NullAway") // what must be refused
  private static void nullRunnable(Trial t) {
    assertThrows(NullPointerException.class, () -> t.engine().submit((Runnable) null));
  }

  @SuppressWarnings("NullAway") // what must be refused
  private static void nullWithResult(Trial t) {
    assertThrows(NullPointerException.class, () -> t.engine().submit(null, "result"));
  }

  @SuppressWarnings("NullAway") // what must be refused
  private static void nullCommand(Trial t) {
    assertThrows(NullPointerException.class, () -> t.engine().execute(null));
  }

  static Callable<String> says(String text) {
    return work(() -> text);
  }
}
