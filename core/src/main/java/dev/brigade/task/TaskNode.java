package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.engine.EngineThread;
import dev.brigade.engine.Job;
import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Design. One object for each task: handle, frame, job, and, on a virtual thread of its own, the
 * thread's root. It is kept small, since a parked task should cost little more than its thread.
 *
 * `state` is null or a chain of listeners while the task runs, and its Outcome afterwards; one
 * getAndSet ends it and takes the listeners. `bits` holds the phase and flags.
 *
 * Invariants.
 *  N1 phase: QUEUED → STARTED by whoever runs it (its thread, a joiner that helps, or a remote
 *     engine), or QUEUED → DROPPED by whoever cancels it first; so it runs at most once, and a
 *     dropped task is ended by its canceller.
 *  N2 A task whose thread is its own is never dropped once launched: its thread ends it, since a
 *     scope may not close before its threads have ended.
 *  N3 The scope is told exactly once, after the outcome can be seen and the callbacks have run, even
 *     if the library itself runs out of stack or memory; then the joiners are woken.
 *  N4 Claimed and ran: the value if it returned, the Error if it threw one, else cancelled.
 *  N5 A report from elsewhere counts only between a start elsewhere and the first report.
 */
/** A task of a scope. */
sealed class TaskNode<T> extends Frame implements Task<T>, Job, Thread.UncaughtExceptionHandler
    permits NamedTask {
  private static final int MAX_HELP = 128;
  private static final int PHASE = 3;
  private static final int QUEUED = 0;
  private static final int STARTED = 1;
  private static final int DROPPED = 2;
  private static final int OBSERVED = 4;
  private static final int OWN_THREAD = 8;
  static final int DAEMON = 16;
  private static final int REPORTED = 32;
  private static final int COUNTED_OUT = 64;
  private static final int ABANDONED = 128;
  private static final int RUNS_HERE = 256;
  private static final int UNKEPT = 512;
  private static final Outcome<?> OUT_OF_MEMORY =
      new Outcome.Failed<>(new OutOfMemoryError("no memory left to tell the outcome"));

  @SuppressWarnings("rawtypes")
  private static final AtomicReferenceFieldUpdater<TaskNode, @Nullable Object> STATE =
      AtomicReferenceFieldUpdater.newUpdater(TaskNode.class, Object.class, "state");

  @SuppressWarnings("rawtypes")
  private static final AtomicIntegerFieldUpdater<TaskNode> BITS =
      AtomicIntegerFieldUpdater.newUpdater(TaskNode.class, "bits");

  final TaskScope scope;
  private @Nullable Callable<? extends T> work;
  private volatile @Nullable Object state;
  volatile @Nullable TaskNode<?> next;
  private volatile int bits;
  private final int forkedTicks;

  TaskNode(TaskScope scope, Callable<? extends T> work, int flags) {
    this.scope = scope;
    this.work = work;
    this.bits = flags;
    this.forkedTicks = scope.forkedTicks();
  }

  // ---- running

  /**
   * For an engine in this JVM, and for a joiner that helps. Its frame is kept while the task is
   * parked, so what comes before and after the work is called in a way that can't be inlined into
   * it.
   */
  @Override
  @SuppressWarnings("NullAway") // the work is there until the end
  public final void run() {
    Edge edge = Edge.ofCurrentThread();
    if (!edge.begin(this)) return;
    Object value = null;
    Throwable thrown = null;
    try {
      value = work.call();
    } catch (Throwable e) {
      thrown = e;
    }
    edge.finish(this, value, thrown);
  }

  /** Takes the start and the place on the thread; false if there is nothing to run. */
  final boolean begin() {
    Thread t = Thread.currentThread();
    boolean own = t.getUncaughtExceptionHandler() == this;
    if (own) pushAsThread(t);
    if (!tryStart(own ? STARTED | RUNS_HERE | OWN_THREAD : STARTED | RUNS_HERE)) return false;
    try {
      if (!own) pushOnPool(t);
      if (scope.time != TimeSource.system()) scope.time.taskStarted();
      if (Observers.present()) Events.emit(TaskEvent.Kind.STARTED, this, scope.time, null, null);
      if (claim == null) return true;
    } catch (Throwable t2) {
      finish(null, t2, true);
      return false;
    }
    finish(null, null, false);
    return false;
  }

  /** What a job before has opened on this thread and left open must not be around this task. */
  private void pushOnPool(Thread t) {
    Frame below = current();
    while (t instanceof EngineThread && below instanceof TaskScope open && open != scope) {
      open.closeAbandoned();
      below = current();
    }
    push();
  }

  @SuppressWarnings("unchecked")
  final void finish(@Nullable Object value, @Nullable Throwable thrown) {
    finish((T) value, thrown, true);
  }

  private void finish(@Nullable T value, @Nullable Throwable thrown, boolean ran) {
    Throwable failed = thrown;
    try {
      closeAbove();
      if (!tryFinish() && claimOrNull() instanceof Claim c) settle(c);
      if (ownsThread()) {
        // What callbacks do is no longer part of the task.
        top = null;
      } else {
        pop();
        thread = null;
      }
    } catch (Throwable t) {
      if (failed == null) failed = t;
    }
    end(value, failed, ran);
    if (scope.time != TimeSource.system()) scope.time.taskEnded();
  }

  /**
   * A task on a thread of its own that was never a task of this library's making cannot fail here.
   */
  @Override
  public final void uncaughtException(Thread t, Throwable e) {
    System.getLogger("dev.brigade").log(System.Logger.Level.ERROR, "task " + name() + " broke", e);
  }

  @Override
  public final boolean tryStart() {
    if (!tryStart(STARTED)) return false;
    if (Observers.present()) Events.emit(TaskEvent.Kind.STARTED, this, scope.time, null, null);
    return true;
  }

  private boolean tryStart(int phase) {
    int b = bits;
    while ((b & PHASE) == QUEUED) {
      if (BITS.compareAndSet(this, b, b | phase)) return true;
      b = bits;
    }
    return false;
  }

  /** Sets a flag; returns the bits as they were. */
  private int mark(int flag) {
    int b = bits;
    while (!BITS.compareAndSet(this, b, b | flag)) b = bits;
    return b;
  }

  private boolean tryDrop() {
    return tryStart(DROPPED);
  }

  /** Ends a counted task that no engine has seen. */
  final void endUnlaunched(CancelReason reason) {
    tryClaimQuietly(reason, false);
    if (!tryDrop()) return;
    end(null, null, false);
    left();
  }

  private void left() {
    if (scope.time != TimeSource.system()) scope.time.taskLeft();
  }

  private void end(@Nullable T value, @Nullable Throwable thrown, boolean ran) {
    Outcome<T> outcome;
    try {
      if (thrown != null) Failures.seen(thrown);
      outcome = outcome(value, thrown, ran);
    } catch (Throwable t) {
      outcome = failed(thrown != null ? thrown : t);
    }
    Listener told = null;
    try {
      told = publish(outcome);
    } finally {
      try {
        scope.ended(this, outcome, thrown);
      } finally {
        // Last, so that a scope's owner who has joined its only task need not park again.
        wake(told);
      }
    }
  }

  /** Even when there is no memory left. */
  @SuppressWarnings("unchecked")
  private Outcome<T> failed(Throwable t) {
    try {
      return new Outcome.Failed<>(t);
    } catch (OutOfMemoryError e) {
      return (Outcome<T>) OUT_OF_MEMORY;
    }
  }

  private Outcome<T> outcome(@Nullable T value, @Nullable Throwable thrown, boolean ran) {
    Claim c = claimOrNull();
    if (thrown == null && ran) {
      if (c != null && c.reason.kind() != CancelReason.Kind.DECIDED) Stats.overran(this, c);
      return new Outcome.Success<>(value);
    }
    if (thrown instanceof Error || c == null)
      return thrown instanceof CancelledException e && toldSoftly(e)
          ? new Outcome.Cancelled<>(e)
          : new Outcome.Failed<>(Objects.requireNonNull(thrown));
    var why = new CancelledException(c.reason, false);
    if (thrown != null) {
      boolean unused = Failures.suppress(why, thrown);
    }
    return new Outcome.Cancelled<>(why);
  }

  /** Whether the task threw what its own token told it to. */
  private boolean toldSoftly(CancelledException e) {
    CancelSource s = sourceOrNull();
    return s != null && s.token().reasonOrNull() == e.reason();
  }

  /**
   * Makes the outcome visible and tells the listeners; returns them, since joiners are woken later.
   */
  private @Nullable Listener publish(Outcome<T> outcome) {
    if (!(outcome instanceof Outcome.Failed)) work = null;
    if (Observers.present())
      Events.emit(
          TaskEvent.Kind.ENDED,
          this,
          scope.time,
          state(outcome).name().toLowerCase(Locale.ROOT),
          outcome instanceof Outcome.Failed<T> f ? f.failure() : null);
    Listener chain = (Listener) STATE.getAndSet(this, outcome);
    return chain == null ? null : notify(chain, outcome);
  }

  @SuppressWarnings("unchecked")
  private Listener notify(Listener newest, Outcome<T> outcome) {
    Listener inOrder = null;
    // Whoever cleans up may still be at it.
    synchronized (this) {
      for (Listener l = newest; l != null; ) {
        Listener rest = l.next;
        l.next = inOrder;
        inOrder = l;
        l = rest;
      }
    }
    for (Listener l = inOrder; l != null; l = l.next) {
      if (l.gone) continue;
      switch (l) {
        case Listener.Watch w -> w.action.accept(outcome);
        case Listener.Callback<?> cb -> {
          observed();
          call((Listener.Callback<T>) cb, outcome);
        }
        // A claimer that comes from elsewhere may find the chain gone.
        case Listener.Token t when claimOrNull() instanceof Claim c -> t.source.cancel(c.reason);
        default -> {}
      }
    }
    return Objects.requireNonNull(inOrder);
  }

  private static void wake(@Nullable Listener told) {
    for (Listener l = told; l != null; l = l.next)
      if (l instanceof Listener.Joiner j && !j.gone) {
        boolean unused = j.waiter.signal();
      }
  }

  private void call(Listener.Callback<T> callback, Outcome<T> outcome) {
    try {
      callback.action.accept(outcome);
    } catch (Throwable t) {
      System.getLogger("dev.brigade")
          .log(System.Logger.Level.ERROR, "a done-callback of task " + name() + " failed", t);
    }
  }

  // ---- the engine's side

  @Override
  public final Callable<?> work() {
    Callable<? extends T> w = work;
    return w != null ? w : () -> null;
  }

  @Override
  public final void onCancel(Consumer<? super String> action) {
    Objects.requireNonNull(action, "action");
    var source = source();
    source.token().onCancel(r -> action.accept(r.message()));
    if (claimOrNull() instanceof Claim c) source.cancel(c.reason);
  }

  @Override
  @SuppressWarnings("unchecked")
  public final void succeed(@Nullable Object value) {
    endElsewhere((T) value, null);
  }

  @Override
  public final void fail(Throwable failure) {
    endElsewhere(null, Objects.requireNonNull(failure, "failure"));
  }

  /** Whether an engine has taken it elsewhere and not reported its end. */
  final boolean runsElsewhere() {
    return (bits & (PHASE | REPORTED | RUNS_HERE)) == STARTED;
  }

  private void endElsewhere(@Nullable T value, @Nullable Throwable thrown) {
    // Lost before it began, as far as this engine knows: it will not begin any more.
    tryStart();
    int before = mark(REPORTED);
    if ((before & PHASE) != STARTED || (before & (REPORTED | RUNS_HERE)) != 0) return;
    boolean unused = tryFinish();
    end(value, thrown, true);
    left();
  }

  // ---- cancelling

  @Override
  void claimed(Claim c) {
    Events.emit(TaskEvent.Kind.CANCELLED, this, scope.time, c.reason.message(), null);
    boolean own = engine().traits().threadPerTask() && engine().traits().sharesJvm();
    if (own || !tryDrop()) return;
    end(null, null, false);
    left();
  }

  @Override
  public final boolean cancel(String reason) {
    return tryClaim(CancelReason.requested(reason));
  }

  @Override
  public final boolean cancel(String reason, Duration grace) {
    CancelReason why = CancelReason.requested(reason);
    long nanos = Durations.nanos(grace, "grace");
    if (claim != null || state instanceof Outcome) return false;
    boolean first = softly(why);
    var alarm = scope.time.schedule(scope.time.after(nanos), () -> tryClaim(why));
    if (watch(o -> alarm.cancel()) == null) alarm.cancel();
    return first;
  }

  final void softlyUnlessDone(CancelReason reason) {
    if (!isDone()) softly(reason);
  }

  @Override
  final TimeSource timeSource() {
    return scope.time;
  }

  @Override
  final CancelSource source() {
    while (true) {
      Object s = state;
      if (s instanceof Outcome) return new CancelSource(scope.time);
      for (Listener l = (Listener) s; l != null; l = l.next)
        if (l instanceof Listener.Token t) return t.source;
      var token = new Listener.Token(new CancelSource(scope.time));
      if (listenAbove(s, token)) return token.source;
    }
  }

  @Override
  final @Nullable CancelSource sourceOrNull() {
    if (state instanceof Listener first)
      for (Listener l = first; l != null; l = l.next)
        if (l instanceof Listener.Token t) return t.source;
    return null;
  }

  // ---- waiting for it

  @Override
  public final T join() throws InterruptedException {
    return switch (outcome()) {
      case Outcome.Success<T>(T value) -> value;
      case Outcome.Failed<T>(Throwable failure) -> throw new TaskFailedException(name(), failure);
      case Outcome.Cancelled<T>(CancelledException why) -> throw why.again();
    };
  }

  @Override
  public final Outcome<T> outcome() throws InterruptedException {
    if (!(state instanceof Outcome)) await();
    Outcome<T> outcome = outcomeNow();
    if (!(outcome instanceof Outcome.Success)) observed();
    return outcome;
  }

  @SuppressWarnings("unchecked")
  private Outcome<T> outcomeNow() {
    return (Outcome<T>) Objects.requireNonNull(state);
  }

  @Override
  public final @Nullable Outcome<T> outcomeOrNull() {
    if (!(state instanceof Outcome)) return null;
    observed();
    return outcomeNow();
  }

  /** The outcome without counting as interest in it. */
  final @Nullable Outcome<T> peek() {
    return state instanceof Outcome ? outcomeNow() : null;
  }

  private void await() throws InterruptedException {
    refuseAncestor();
    if (Thread.interrupted()) throw new InterruptedException();
    boolean helped = helpIfQueued();
    if (helped
        && peek() instanceof Outcome.Failed<?>(Throwable failure)
        && Failures.isInterrupt(failure))
      throw new InterruptedException("interrupted while helping");
    if (state instanceof Outcome) return;
    // Often the task is next in line on this carrier, and then nobody need be parked and woken.
    if (scope.time == TimeSource.system() && Thread.currentThread().isVirtual()) {
      Thread.yield();
      if (state instanceof Outcome) return;
    }
    var joiner = new Listener.Joiner(new Waiter());
    if (!listen(joiner)) return;
    try {
      boolean unused = joiner.waiter.await(this, TimeSource.NEVER);
    } catch (InterruptedException e) {
      unlisten(joiner);
      throw e;
    }
  }

  /**
   * Adds something to be told of the end, without counting as interest in it; null if it has ended.
   */
  final @Nullable Listener watch(Consumer<? super Outcome<?>> action) {
    var w = new Listener.Watch(action);
    return listen(w) ? w : null;
  }

  private boolean listen(Listener l) {
    while (true) {
      Object s = state;
      if (s instanceof Outcome) return false;
      if (listenAbove(s, l)) return true;
    }
  }

  private boolean listenAbove(@Nullable Object seen, Listener l) {
    Listener below = (Listener) seen;
    l.next = below;
    l.depth = below == null ? 1 : below.depth + 1;
    if (!STATE.compareAndSet(this, seen, l)) return false;
    if (l.depth >= 32 && Integer.bitCount(l.depth) == 1) clean(l);
    return true;
  }

  /** Unlinks marked listeners below one that stays. */
  private synchronized void clean(Listener newest) {
    if (state instanceof Outcome) return;
    int kept = 1;
    Listener above = newest;
    for (Listener l = newest.next; l != null; l = l.next) {
      if (l.gone) continue;
      above.next = l;
      above = l;
      kept++;
    }
    above.next = null;
    newest.depth = kept;
  }

  /** Takes back a listener that is not wanted any longer. */
  static void unlisten(Listener gone) {
    gone.gone = true;
  }

  @Override
  public final void onDone(Consumer<? super Outcome<T>> callback) {
    var l = new Listener.Callback<T>(Objects.requireNonNull(callback, "callback"));
    if (listen(l)) return;
    observed();
    call(l, outcomeNow());
  }

  /**
   * Runs this task on the current thread if it has not begun, the thread belongs to the engine that
   * would run it, and the thread is directly in the body or at the end of the task's scope: then
   * whatever may interrupt the thread cancels the task as well, and nothing is mixed.
   */
  final boolean helpIfQueued() {
    if ((bits & PHASE) != QUEUED
        || !(Thread.currentThread() instanceof EngineThread e)
        || e.engine().traits() != engine().traits()
        || current() != scope) return false;
    if (helpDepth() > MAX_HELP) {
      if (!engine().traits().chunked()) scope.cancelForFailure(tooDeep());
      return false;
    }
    boolean flag = Thread.interrupted();
    run();
    if (flag) Thread.currentThread().interrupt();
    return true;
  }

  /** How many helped tasks are on this thread's stack, which is not endless. */
  private int helpDepth() {
    int n = 0;
    for (Frame f = scope; f != null; f = f.outer) if (f instanceof TaskNode<?>) n++;
    return n;
  }

  private IllegalStateException tooDeep() {
    return new IllegalStateException(
        "scopes are nested more than "
            + MAX_HELP
            + " deep on one thread of "
            + engine()
            + ", which has no spare threads; use Engine.cores() or virtual threads");
  }

  /** Whether it runs on the thread of its scope, which helps. */
  final boolean isHelped() {
    return !ownsThread() && scope.onThread();
  }

  final void refuseAncestor() {
    for (TaskNode<?> n = Events.enclosing(current()); n != null; n = n.scope.owner())
      if (n == this)
        throw new IllegalStateException(
            "task "
                + name()
                + " can't be joined by itself or by what it runs: it would wait for ever");
  }

  // ---- what the scope and the snapshots ask

  final void observed() {
    if ((bits & OBSERVED) != 0) return;
    int before = mark(OBSERVED);
    if ((before & (OBSERVED | UNKEPT)) == UNKEPT) scope.losses().foundOne();
  }

  /** Marks a failed task that is only counted; false if somebody has looked at it. */
  final boolean markUnkept() {
    return (mark(UNKEPT) & OBSERVED) == 0;
  }

  final boolean wasObserved() {
    return (bits & OBSERVED) != 0;
  }

  final boolean isDaemon() {
    return (bits & DAEMON) != 0;
  }

  final boolean ownsThread() {
    return (bits & OWN_THREAD) != 0;
  }

  /** Marks a task whose scope stops waiting for it; false if it has been counted out. */
  final boolean tryAbandon() {
    return (mark(ABANDONED) & (COUNTED_OUT | ABANDONED)) == 0;
  }

  /** Marks the end; true if the scope had stopped waiting. */
  final boolean countOut() {
    return (mark(COUNTED_OUT) & ABANDONED) != 0;
  }

  /** Whether the task has ended and so has its thread, if it had one to itself. */
  final boolean isGone() {
    if (!(state instanceof Outcome)) return false;
    Thread t = thread;
    return !ownsThread() || t == null || !t.isAlive();
  }

  /** After the scope has closed, a handle that is kept keeps no siblings. */
  final @Nullable TaskNode<?> unlink() {
    TaskNode<?> rest = next;
    next = null;
    return rest;
  }

  final void awaitThread() {
    Thread t = thread;
    if (!ownsThread() || t == null) return;
    for (int i = 0; i < 16 && t.isAlive(); i++) Thread.yield();
    boolean flag = false;
    while (t.isAlive()) {
      try {
        t.join();
      } catch (InterruptedException e) {
        flag = true;
      }
    }
    if (flag) Thread.currentThread().interrupt();
  }

  /** Time in units of 2^24 ns, 17 ms, which fit an int for more than two years. */
  static int ticks(long nanos) {
    return (int) (nanos >> 24);
  }

  final long ageNanos() {
    return Integer.toUnsignedLong(ticks(scope.time.nanoTime()) - forkedTicks) << 24;
  }

  Engine engine() {
    return scope.engine;
  }

  long number() {
    return 0;
  }

  @Override
  public String name() {
    return site();
  }

  String site() {
    Callable<? extends T> w = work;
    return w == null ? "a task" : ForkSite.of(w);
  }

  @Override
  public final State state() {
    if (state instanceof Outcome<?> o) return state(o);
    return (bits & PHASE) == QUEUED ? State.QUEUED : State.RUNNING;
  }

  private static State state(Outcome<?> outcome) {
    return switch (outcome) {
      case Outcome.Success<?> s -> State.SUCCESS;
      case Outcome.Failed<?> f -> State.FAILED;
      case Outcome.Cancelled<?> c -> State.CANCELLED;
    };
  }

  @Override
  public String toString() {
    return "task " + name() + " (" + state().name().toLowerCase(Locale.ROOT) + ")";
  }
}
