package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Traits;
import dev.brigade.observe.Observers;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The workers of one fan-out: at most `width` tasks of one scope, each of which takes item after
 * item. How they get them is what the subclasses differ in.
 *
 * <p>Invariants: at most `width` items are in progress; an item runs once; no item begins after the
 * scope was claimed; what an item leaves in its thread's interrupt flag does not reach the next
 * item.
 */
abstract class Crew<A, R> {
  final TaskScope scope;
  final Engine engine;
  final Fn<? super A, ? extends R, ?> f;
  final Rule<A, R> rule;
  final int width;

  Crew(TaskScope scope, Fn<? super A, ? extends R, ?> f, Rule<A, R> rule, int width) {
    this(scope, scope.engine, f, rule, width);
  }

  /** On another engine than the scope's. */
  Crew(
      TaskScope scope, Engine engine, Fn<? super A, ? extends R, ?> f, Rule<A, R> rule, int width) {
    this.scope = scope;
    this.engine = engine;
    this.f = f;
    this.rule = rule;
    this.width = width;
  }

  static <A, R> Crew<A, R> of(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      Choices choices) {
    int width = choices.width();
    Traits traits = scope.engine.traits();
    if (!traits.sharesJvm())
      return traits.chunked() && rule.allowsBatches()
          ? new BatchCrew<>(scope, items, f, rule, choices.batchesOut())
          : new RemoteCrew<>(scope, items, f, rule, width);
    if (items.known() == null) return new PullingCrew<>(scope, items, f, rule, width);
    int n = Math.min(width, items.size());
    return traits.chunked()
        ? new ChunkingCrew<>(scope, items, f, rule, n)
        : new IndexedCrew<>(scope, items, f, rule, n);
  }

  /** Starts the work, on the caller's thread, as the scope's body. */
  abstract void run() throws InterruptedException;

  /** Counted once for each worker, when it ends. */
  final AtomicInteger ended = new AtomicInteger();

  final void fork(Worker worker) {
    fork(engine, worker);
  }

  final void fork(Engine on, Worker worker) {
    var unused = scope.fork(null, on, worker, 0);
  }

  final boolean stopped() {
    return scope.claim != null;
  }

  /** How many items have ended; after the last worker has. */
  int done() {
    return ended.get();
  }

  /** Whether every item has ended: asked when all workers have, if the scope was claimed. */
  abstract boolean complete();

  /** Runs one item on the current thread. */
  final void item(int index, A item) throws Exception {
    item(f, index, item);
  }

  /** As {@link #item(int, Object)}, by the function or what is around it. */
  final void item(Fn<? super A, ? extends R, ?> by, int index, A item) throws Exception {
    long number = 0;
    if (Observers.present()) {
      number = Observers.nextNumber();
      Events.itemStarted(scope, number, index);
    }
    Throwable failed = null;
    boolean cancelled = false;
    try {
      R value = by.apply(item);
      clearLeftover();
      rule.success(index, value, scope);
    } catch (Throwable t) {
      failed = t;
      cancelled = Frame.pendingCancellation() != null || isJoinersInterrupt(t);
      if (cancelled) throw t;
      Failures.seen(t);
      if (rule.failure(index, t, scope)) throw t;
      clearLeftover();
    } finally {
      leaveItem();
      if (number != 0) Events.itemEnded(scope, number, index, failed, cancelled);
    }
  }

  /** On a thread that only helps, an interrupt was meant for whoever joins there. */
  private static boolean isJoinersInterrupt(Throwable thrown) {
    if (!Failures.isInterrupt(thrown)) return false;
    TaskNode<?> worker = Events.enclosing(Frame.current());
    return worker != null && worker.isHelped();
  }

  /** Closes what an item has opened and not closed, so that it is not around the next item. */
  private static void leaveItem() {
    Frame top = Frame.current();
    if (top == null || top instanceof TaskNode<?>) return;
    TaskNode<?> worker = Events.enclosing(top);
    if (worker != null) worker.closeAbove();
  }

  /**
   * A flag that an item leaves is not the next item's. But on a thread that only helps, with the
   * joiner below, it may be meant for the joiner: then the work stops as if it was interrupted.
   */
  private static void clearLeftover() throws InterruptedException {
    if (!Thread.currentThread().isInterrupted() || Frame.pendingCancellation() != null) return;
    TaskNode<?> worker = Events.enclosing(Frame.current());
    if (worker != null && worker.isHelped())
      throw new InterruptedException("interrupted while helping");
    Thread.interrupted();
  }

  /** A worker's task; it is described by the function it applies. */
  abstract class Worker implements Callable<@Nullable Void>, ForkSite.Wrapper {
    @Override
    public @Nullable Void call() throws Exception {
      work();
      return null;
    }

    abstract void work() throws Exception;

    @Override
    public final Object wrapped() {
      return f;
    }
  }
}
