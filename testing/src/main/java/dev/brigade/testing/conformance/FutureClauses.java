package dev.brigade.testing.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What futures promise: states, waiting, cancelling. */
final class FutureClauses {
  private FutureClauses() {}

  static List<Clause> clauses() {
    return new Concern("futures")
        .clause("a running task is not done", FutureClauses::running)
        .clause("a future that has its value is done", FutureClauses::succeeded)
        .clause("a failed future is done and gives the failure", FutureClauses::failed)
        .clause("a cancelled future is done and gives nothing", FutureClauses::cancelledStates)
        .clause("a future stays as it ended", FutureClauses::staysDone)
        .clause(
            "get returns after the task's last action", FutureClauses::lastAction, Need.SHARES_JVM)
        .clause("a timed get gives up and the task goes on", FutureClauses::timedGet)
        .clause("a timed get gives the value when there is time", FutureClauses::timedGetInTime)
        .clause("an interrupted get throws and the task goes on", FutureClauses::interruptedGet)
        .clause("everyone who waits gets the value", FutureClauses::manyWaiters)
        .clause(
            "a task cancelled before it began never runs",
            FutureClauses::cancelQueued,
            Need.BOUNDED)
        .clause(
            "cancel(true) interrupts the running task",
            FutureClauses::cancelInterrupts,
            Need.INTERRUPTIBLE)
        .clause("cancel(false) lets the running task go on", FutureClauses::cancelWithoutInterrupt)
        .clause("cancelling after the end is refused", FutureClauses::cancelLate)
        .clause("who waits is woken by a cancellation", FutureClauses::cancelWakes)
        .clause(
            "cancelling one task does not interrupt the next",
            FutureClauses::cancelDoesNotLeak,
            Need.INTERRUPTIBLE)
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

  private static void running(Trial t) throws Exception {
    Future<String> f = held(t);
    assertFalse(f.isDone());
    assertFalse(f.isCancelled());
    assertEquals(Future.State.RUNNING, f.state());
    assertThrows(IllegalStateException.class, f::resultNow);
    assertThrows(IllegalStateException.class, f::exceptionNow);
    t.probe().open("go");
    assertEquals("value", f.get());
  }

  private static void succeeded(Trial t) throws Exception {
    Future<String> f = t.submit(() -> "value");
    f.get();
    assertTrue(f.isDone());
    assertFalse(f.isCancelled());
    assertEquals(Future.State.SUCCESS, f.state());
    assertEquals("value", f.resultNow());
    assertThrows(IllegalStateException.class, f::exceptionNow);
  }

  private static String fail() {
    throw new IllegalArgumentException("wrong");
  }

  private static void failed(Trial t) throws Exception {
    Future<String> f = t.submit(FutureClauses::fail);
    Trial.failureOf(f);
    assertTrue(f.isDone());
    assertFalse(f.isCancelled());
    assertEquals(Future.State.FAILED, f.state());
    assertInstanceOf(IllegalArgumentException.class, f.exceptionNow());
    assertThrows(IllegalStateException.class, f::resultNow);
  }

  private static void cancelledStates(Trial t) throws Exception {
    Future<String> f = held(t);
    assertTrue(f.cancel(true));
    assertTrue(f.isDone());
    assertTrue(f.isCancelled());
    assertEquals(Future.State.CANCELLED, f.state());
    assertThrows(CancellationException.class, f::get);
    assertThrows(CancellationException.class, () -> f.get(1, TimeUnit.MINUTES));
    assertThrows(IllegalStateException.class, f::resultNow);
    assertThrows(IllegalStateException.class, f::exceptionNow);
  }

  private static void staysDone(Trial t) throws Exception {
    Future<String> f = held(t);
    assertTrue(f.cancel(false));
    t.probe().open("go");
    t.probe().await("ended");
    // The end of the task comes after its last mark: let another one follow it.
    assertEquals("next", t.submit(() -> "next").get());
    assertEquals(Future.State.CANCELLED, f.state());
    assertThrows(CancellationException.class, f::get);
  }

  private static void lastAction(Trial t) throws Exception {
    for (int round = 0; round < 200; round++) {
      int[] box = new int[1];
      t.engine()
          .submit(() -> {
            Thread.yield();
            for (int i = 0; i < 1000; i++) box[0]++;
          })
          .get();
      assertEquals(1000, box[0]);
    }
  }

  private static void timedGet(Trial t) throws Exception {
    Future<String> f = held(t);
    assertThrows(TimeoutException.class, () -> f.get(1, TimeUnit.MILLISECONDS));
    assertThrows(TimeoutException.class, () -> f.get(0, TimeUnit.MILLISECONDS));
    assertFalse(f.isDone());
    t.probe().open("go");
    assertEquals("value", f.get());
  }

  private static void timedGetInTime(Trial t) throws Exception {
    assertEquals("value", t.submit(() -> "value").get(1, TimeUnit.HOURS));
  }

  private static void interruptedGet(Trial t) throws Exception {
    Future<String> f = held(t);
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, f::get);
    assertFalse(Thread.interrupted());
    assertFalse(f.isDone());
    t.probe().open("go");
    assertEquals("value", f.get());
    assertEquals(0, t.probe().count("interrupted"));
  }

  private static void manyWaiters(Trial t) throws Exception {
    Future<String> f = held(t);
    var seen = new ConcurrentLinkedQueue<String>();
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < 4; i++) waiters.add(Thread.ofVirtual().start(() -> seen.add(valueOf(f))));
    t.probe().open("go");
    for (Thread w : waiters) w.join();
    assertEquals(List.of("value", "value", "value", "value"), List.copyOf(seen));
    assertEquals("value", f.get());
  }

  private static String valueOf(Future<String> f) {
    try {
      return String.valueOf(f.get());
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static void cancelQueued(Trial t) throws Exception {
    Probe p = t.probe();
    t.fill();
    Future<String> f = t.submit(() -> hold(p));
    assertTrue(f.cancel(false));
    assertThrows(CancellationException.class, f::get);
    p.open("go");
    t.release();
    // All places have been free in turn once as many others have run.
    for (int i = 0; i < 4 * t.bound(); i++) assertEquals("next", t.submit(() -> "next").get());
    assertEquals(0, p.count("began"));
  }

  private static void cancelInterrupts(Trial t) throws Exception {
    Future<String> f = held(t);
    assertTrue(f.cancel(true));
    t.probe().await("interrupted");
    assertEquals(0, t.probe().count("ended"));
  }

  private static void cancelWithoutInterrupt(Trial t) throws Exception {
    Future<String> f = held(t);
    assertTrue(f.cancel(false));
    assertTrue(f.isCancelled());
    t.probe().open("go");
    t.probe().await("ended");
    assertEquals(0, t.probe().count("interrupted"));
  }

  private static void cancelLate(Trial t) throws Exception {
    Future<String> f = t.submit(() -> "value");
    f.get();
    assertFalse(f.cancel(true));
    assertFalse(f.isCancelled());
    assertEquals("value", f.get());
  }

  private static void cancelWakes(Trial t) throws Exception {
    Future<String> f = held(t);
    var seen = new ConcurrentLinkedQueue<String>();
    Thread waiter = Thread.ofPlatform().start(() -> seen.add(valueOf(f)));
    while (waiter.getState() == Thread.State.RUNNABLE || waiter.getState() == Thread.State.NEW)
      Thread.onSpinWait();
    assertTrue(f.cancel(true));
    waiter.join();
    assertTrue(String.valueOf(seen.peek()).contains("CancellationException"), seen.toString());
  }

  private static void cancelDoesNotLeak(Trial t) throws Exception {
    Probe p = t.probe();
    for (int i = 1; i <= 20; i++) {
      Future<String> f = t.submit(() -> hold(p));
      p.await("began", i);
      f.cancel(true);
      assertEquals(false, t.submit(() -> Thread.currentThread().isInterrupted()).get());
    }
  }
}
