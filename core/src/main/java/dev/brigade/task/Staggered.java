package dev.brigade.task;

import dev.brigade.time.TimeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Design. The scope's body, on the caller's thread, starts the pieces and waits between them; each
 * task tells its end here. Guarded by the monitor: won, gaveUp, cancelled, value, failures, running, waiter. The win is
 * decided by the scope's claim, which the winner makes, so that a deadline comes before it or too
 * late; the body is not interrupted by it but signalled first.
 * Source: RFC 8305, Happy Eyeballs Version 2, 2017, section 5.
 */
/**
 * Pieces of work that are started one after another, a delay between them, until one succeeds; a
 * failure starts the next at once.
 */
final class Staggered<A, R> {
  private final Items<A> items;
  private final Fn<? super A, ? extends R, ?> f;
  private final long delayNanos;
  private final int width;
  private final long call = Failures.callBegins();

  private boolean won;
  private boolean gaveUp;
  private boolean cancelled;
  private @Nullable R value;
  private final List<Throwable> failures = new ArrayList<>();
  private int running;
  private @Nullable Waiter waiter;

  // The caller's own.
  private int answered;

  Staggered(Items<A> items, Fn<? super A, ? extends R, ?> f, long delayNanos, int width) {
    this.items = items;
    this.f = f;
    this.delayNanos = delayNanos;
    this.width = width;
  }

  /** The body of the scope. */
  void run(TaskScope scope) throws InterruptedException {
    Iterator<? extends A> input = items.iterator();
    if (!input.hasNext())
      throw new IllegalArgumentException("hedge needs at least 1 branch, but got 0");
    try {
      do start(scope, input.next());
      while (awaitTurn(scope) && input.hasNext());
      boolean over = false;
      while (!over) over = await(scope, TimeSource.NEVER, true);
    } catch (InterruptedException e) {
      // It is not ours: nobody here interrupts the body.
      if (giveUp()) throw e;
      Thread.currentThread().interrupt();
    }
  }

  /** False if it is decided. */
  private synchronized boolean giveUp() {
    gaveUp = !won;
    return gaveUp;
  }

  private void start(TaskScope scope, A item) {
    synchronized (this) {
      running++;
    }
    TaskNode<R> task = scope.fork(null, scope.engine, new RemoteCrew.Apply<>(f, item), 0);
    task.onDone(o -> ended(scope, o));
  }

  /** False if there is nothing more to start. */
  private boolean awaitTurn(TaskScope scope) throws InterruptedException {
    long due = scope.time.after(delayNanos);
    while (true) {
      boolean room;
      synchronized (this) {
        if (won || cancelled || scope.isCancelled()) return false;
        if (failures.size() > answered) {
          answered++;
          return true;
        }
        room = running < width;
      }
      if (room && scope.time.passed(due)) return true;
      boolean unused = await(scope, room ? due : TimeSource.NEVER, false);
    }
  }

  /** Until something has happened; true if all is over. */
  private boolean await(TaskScope scope, long until, boolean started) throws InterruptedException {
    Waiter w;
    synchronized (this) {
      if (won || started && running == 0) return true;
      if (!started && (cancelled || failures.size() > answered)) return false;
      w = waiter = new Waiter(scope.time);
    }
    scope.helpQueued();
    boolean unused = w.await("the first of " + scope, until);
    return false;
  }

  private void ended(TaskScope scope, Outcome<R> outcome) {
    boolean decides = false;
    synchronized (this) {
      running--;
      if (outcome instanceof Outcome.Success<R>(R result)) {
        decides = !won && !gaveUp;
        if (decides) value = result;
        won |= decides;
      } else if (outcome.failureOrNull() instanceof Throwable t) {
        // A cancelled piece is no reason to start another one.
        cancelled |= outcome instanceof Outcome.Cancelled;
        failures.add(t);
      }
      if (waiter != null) {
        boolean unused = waiter.signal();
      }
    }
    if (decides) scope.tryClaimQuietly(Rule.decided("another had succeeded"), true);
  }

  /** After the scope has closed. */
  <X extends Exception> R result() throws X {
    Throwable first;
    synchronized (this) {
      if (won) return Null.result(value);
      first = failures.getFirst();
      Failures.suppressAll(first, failures.subList(1, failures.size()), 0, call);
    }
    throw Failures.<X>sneaky(first);
  }

  @Override
  public String toString() {
    return "a hedge";
  }
}
