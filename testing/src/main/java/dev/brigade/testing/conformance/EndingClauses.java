package dev.brigade.testing.conformance;

import static dev.brigade.testing.conformance.SubmissionClauses.says;
import static dev.brigade.testing.conformance.Trial.errand;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** What shutting down and closing promise, for engines with an owner and for shared ones. */
final class EndingClauses {
  private EndingClauses() {}

  static List<Clause> clauses() {
    return new Concern("shutdown and close")
        .clause("an open engine says so", EndingClauses::openSaysSo)
        .clause("submit is rejected after shutdown", EndingClauses::submitRejected, Need.OWNED)
        .clause("execute is rejected after shutdown", EndingClauses::executeRejected, Need.OWNED)
        .clause("invokeAll is rejected after shutdown", EndingClauses::allRejected, Need.OWNED)
        .clause("a fork is rejected after shutdown", EndingClauses::forkRejected, Need.OWNED)
        .clause("submit is rejected after close", EndingClauses::closeRejects, Need.OWNED)
        .clause("shutdown lets running tasks end", EndingClauses::runningGoOn, Need.OWNED)
        .clause(
            "shutdown lets queued tasks run", EndingClauses::queuedRun, Need.OWNED, Need.BOUNDED)
        .clause("shutting down twice is harmless", EndingClauses::shutdownTwice, Need.OWNED)
        .clause(
            "shutdownNow interrupts running tasks",
            EndingClauses::nowInterrupts,
            Need.OWNED,
            Need.INTERRUPTIBLE)
        .clause(
            "shutdownNow gives back what never began",
            EndingClauses::nowGivesBack,
            Need.OWNED,
            Need.BOUNDED)
        .clause(
            "isTerminated only when all tasks have ended", EndingClauses::terminated, Need.OWNED)
        .clause("awaitTermination gives up when its time has passed", EndingClauses::awaitTimesOut)
        .clause(
            "awaitTermination returns when all tasks have ended", EndingClauses::await, Need.OWNED)
        .clause("awaitTermination can be interrupted", EndingClauses::awaitInterrupted)
        .clause("close waits for the tasks", EndingClauses::closeWaits, Need.OWNED)
        .clause("closing twice is harmless", EndingClauses::closeTwice, Need.OWNED)
        .clause("closing during a close waits as well", EndingClauses::closeDuringClose, Need.OWNED)
        .clause(
            "an interrupted close interrupts the tasks and still waits",
            EndingClauses::closeInterrupted,
            Need.OWNED,
            Need.INTERRUPTIBLE)
        .clause(
            "shutting down a shared engine does nothing",
            EndingClauses::sharedShutdown,
            Need.SHARED)
        .clause("closing a shared engine does nothing", EndingClauses::sharedClose, Need.SHARED)
        .clauses();
  }

  private static Future<String> held(Trial t) throws InterruptedException {
    Probe p = t.probe();
    Future<String> f = t.submit(() -> hold(p));
    p.await("began");
    return f;
  }

  private static String hold(Probe p) throws InterruptedException {
    p.mark("began");
    p.passOrMark("go", "interrupted");
    p.mark("ended");
    return "value";
  }

  private static void openSaysSo(Trial t) {
    assertFalse(t.engine().isShutdown());
    assertFalse(t.engine().isTerminated());
  }

  private static void submitRejected(Trial t) {
    t.engine().shutdown();
    assertTrue(t.engine().isShutdown());
    assertThrows(RejectedExecutionException.class, () -> t.engine().submit(says("late")));
  }

  private static void executeRejected(Trial t) {
    t.engine().shutdown();
    assertThrows(RejectedExecutionException.class, () -> t.engine().execute(errand(() -> {})));
  }

  private static void allRejected(Trial t) {
    t.engine().shutdown();
    assertThrows(
        RejectedExecutionException.class, () -> t.engine().invokeAll(List.of(says("late"))));
  }

  private static void forkRejected(Trial t) {
    t.engine().shutdown();
    assertThrows(
        RejectedExecutionException.class,
        () -> Tasks.on(t.engine()).scope(s -> s.fork(() -> "late")));
  }

  private static void closeRejects(Trial t) {
    t.engine().close();
    assertTrue(t.engine().isShutdown());
    assertTrue(t.engine().isTerminated());
    assertThrows(RejectedExecutionException.class, () -> t.engine().submit(says("late")));
  }

  private static void runningGoOn(Trial t) throws Exception {
    Future<String> f = held(t);
    t.engine().shutdown();
    t.probe().open("go");
    assertEquals("value", f.get());
    assertEquals(0, t.probe().count("interrupted"));
  }

  private static void queuedRun(Trial t) throws Exception {
    t.fill();
    List<Future<String>> queued = new ArrayList<>();
    for (int i = 0; i < 5; i++) queued.add(t.engine().submit(says("queued")));
    t.engine().shutdown();
    t.release();
    for (Future<String> f : queued) assertEquals("queued", f.get());
  }

  private static void shutdownTwice(Trial t) {
    t.engine().shutdown();
    t.engine().shutdown();
    assertEquals(List.of(), t.engine().shutdownNow());
    assertTrue(t.engine().isShutdown());
  }

  private static void nowInterrupts(Trial t) throws Exception {
    Future<String> unused = held(t);
    t.engine().shutdownNow();
    assertTrue(t.engine().isShutdown());
    t.probe().await("interrupted");
    assertEquals(0, t.probe().count("ended"));
  }

  private static void nowGivesBack(Trial t) throws Exception {
    Probe p = t.probe();
    t.fill();
    for (int i = 0; i < 5; i++) {
      Future<?> unused = t.engine().submit(errand(() -> p.mark("ran")));
    }
    assertEquals(5, t.engine().shutdownNow().size());
    t.release();
    assertTrue(t.engine().awaitTermination(1, TimeUnit.HOURS));
    assertEquals(0, p.count("ran"));
  }

  private static void terminated(Trial t) throws Exception {
    Future<String> unused = held(t);
    t.engine().shutdown();
    assertFalse(t.engine().isTerminated());
    t.probe().open("go");
    while (!t.engine().isTerminated()) Thread.onSpinWait();
    assertEquals(1, t.probe().count("ended"));
  }

  private static void awaitTimesOut(Trial t) throws Exception {
    Future<String> f = held(t);
    t.engine().shutdown();
    assertFalse(t.engine().awaitTermination(1, TimeUnit.MILLISECONDS));
    t.probe().open("go");
    assertEquals("value", f.get());
  }

  private static void await(Trial t) throws Exception {
    Future<String> unused = held(t);
    t.engine().shutdown();
    t.probe().open("go");
    assertTrue(t.engine().awaitTermination(1, TimeUnit.HOURS));
    assertEquals(1, t.probe().count("ended"));
    assertTrue(t.engine().isTerminated());
  }

  private static void awaitInterrupted(Trial t) throws Exception {
    Future<String> f = held(t);
    t.engine().shutdown();
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> t.engine().awaitTermination(1, TimeUnit.HOURS));
    t.probe().open("go");
    assertEquals("value", f.get());
  }

  private static Thread closer(Engine engine, Probe p) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          p.mark("closing");
          engine.close();
          p.mark(Thread.currentThread().isInterrupted() ? "closed, flag set" : "closed");
        });
  }

  /** Until it stands in the close, or has come out of it. */
  private static void awaitWaiting(Thread closer) {
    while (closer.getState() == Thread.State.NEW || closer.getState() == Thread.State.RUNNABLE)
      Thread.onSpinWait();
  }

  private static void closeWaits(Trial t) throws Exception {
    Future<String> f = held(t);
    Probe p = t.probe();
    Thread closer = closer(t.engine(), p);
    awaitWaiting(closer);
    p.open("go");
    closer.join();
    assertEquals(List.of("began", "closing", "ended", "closed"), p.events());
    assertEquals("value", f.get());
  }

  private static void closeTwice(Trial t) {
    t.engine().close();
    t.engine().close();
    assertTrue(t.engine().isTerminated());
  }

  private static void closeDuringClose(Trial t) throws Exception {
    Future<String> unused = held(t);
    Probe p = t.probe();
    Thread first = closer(t.engine(), p);
    awaitWaiting(first);
    Thread second = closer(t.engine(), p);
    awaitWaiting(second);
    p.open("go");
    first.join();
    second.join();
    assertEquals(List.of("began", "closing", "closing", "ended", "closed", "closed"), p.events());
  }

  private static String holdOn(Probe p) {
    p.mark("began");
    try {
      p.passOrMark("never", "interrupted");
    } catch (InterruptedException e) {
      p.passThroughInterrupts("go");
    }
    p.mark("ended");
    return "value";
  }

  private static void closeInterrupted(Trial t) throws Exception {
    Probe p = t.probe();
    Future<String> unused = t.submit(() -> holdOn(p));
    p.await("began");
    Thread closer = closer(t.engine(), p);
    awaitWaiting(closer);
    closer.interrupt();
    p.await("interrupted");
    // It has woken to interrupt the task; now it waits again, or it has returned too early.
    while (closer.getState() == Thread.State.RUNNABLE) Thread.onSpinWait();
    p.open("go");
    closer.join();
    assertEquals(
        List.of("began", "closing", "interrupted", "ended", "closed, flag set"), p.events());
  }

  private static void sharedShutdown(Trial t) throws Exception {
    t.engine().shutdown();
    assertEquals(List.of(), t.engine().shutdownNow());
    assertFalse(t.engine().isShutdown());
    assertEquals("on", t.engine().submit(says("on")).get());
  }

  private static void sharedClose(Trial t) throws Exception {
    t.engine().close();
    assertFalse(t.engine().isShutdown());
    assertFalse(t.engine().isTerminated());
    assertEquals("on", t.engine().submit(says("on")).get());
  }
}
