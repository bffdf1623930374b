package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.engine.Engine;
import dev.brigade.engine.EngineThread;
import dev.brigade.engine.Job;
import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Design. A scope is a frame on its owner's stack, a counter of tasks that have not ended, a list of
 * them (see Children), and the owner's park.
 *
 * Invariants.
 *  S1 `tasks` counts what was forked and has not ended, daemons apart. Once the body has ended and
 *     `tasks` is zero, `ending` is set: from then on a fork (only a daemon could still fork) launches
 *     nothing. Then the daemons are cancelled and awaited, until both counts are zero; then the scope
 *     is finished and `closed`.
 *  S2 The owner publishes `waiting` and then reads the counter; a task counts down and then reads
 *     `waiting`. So the last one to end wakes the owner.
 *  S3 The scope's claim is its verdict: the first of child failure, body failure, deadline further
 *     out, cancel, interrupt of the waiting owner. All later failures are its losers.
 *  S4 A fork lists the task and then reads the claim; a claimer claims and then walks the list. So
 *     a task forked during a cancellation is cancelled: by the walk, or by the fork, which then
 *     launches nothing.
 *  S5 The body is interrupted only while it runs: its end sets `bodyEnded` and then reads the claim;
 *     a claimer claims and then, under the root's monitor, reads `bodyEnded`. So the claimer sends no
 *     interrupt, or the end sees the claim, waits for the monitor, and clears it.
 *  S6 A task leaves the list only when it and the thread of its own have ended, so that at the end
 *     every such thread can be awaited.
 *
 * Rejected: a supervisor thread for the body (loses ThreadLocals, locks and stack, costs a hand-over),
 * removal by the ending task (a lock on the hottest path), a latch per scope (its wait can't be
 * helped or put on virtual time).
 */
/**
 * A block in which tasks are forked, and which is left only when all of them have ended. Opened by
 * {@link Tasks#scope}, {@link Tasks#supervise} and their forms on {@link FanOut}; for "the same
 * function over many items" use {@link Tasks#map} instead.
 *
 * {@snippet :
 * Report report = Tasks.scope(s -> {
 *   Task<Sales> sales = s.fork(() -> loadSales(month));
 *   Task<Stock> stock = s.fork(() -> loadStock(month));
 *   s.daemon(this::showProgress);
 *   return new Report(sales.join(), stock.join());
 * });
 * }
 *
 * <p>The body runs on the caller's own thread. The first failure of a task cancels the other tasks
 * and interrupts the body; the scope then throws {@link TaskFailedException}. In a supervised scope
 * failures stay with their tasks. What the body throws passes unchanged and cancels the tasks.
 *
 * <p>States: open while the body runs, ending until all tasks have ended, closed. Forking is
 * allowed from the body and from the scope's own tasks, while the scope is not closed.
 *
 * <p>Ended tasks are forgotten once there are more than 256 of them and more than still run: keep
 * the handles that you need.
 *
 * <p>Memory effects: fork happens before the task's first action; a task's last action happens
 * before its join, and before the scope's call returns. Cost: a fork is one thread (on the virtual
 * engine) and about 60 bytes; closing waits for every thread.
 */
public final class TaskScope extends Frame {
  private static final int CANCEL_INLINE = 64;

  /** What the failure of a task means. */
  enum Mode {
    /** It cancels the scope, which throws a TaskFailedException. */
    OPEN,
    /** Nothing. */
    SUPERVISED,
    /** It cancels the scope, which throws the task's own exception. */
    COMBINATOR,
    /** Nothing by itself; a crew says what it means. */
    TOLD;

    /** Whether a failure beside a value is nobody else's business. */
    boolean tellsLosers() {
      return this == OPEN || this == COMBINATOR;
    }
  }

  final Engine engine;
  final TimeSource time;
  final long deadline;
  private final boolean sharesJvm;
  private final Mode mode;
  private final @Nullable String name;
  private final @Nullable Choices underPolicy;
  private final long abandonNanos;
  private final long call = Failures.callBegins();
  private final long number;
  private boolean tracked;

  private final Count tasks = new Count();
  private volatile @Nullable Count daemons;
  private volatile boolean ending;
  private final Children children = new Children();
  private int sampledTicks;
  private volatile @Nullable Thread waiting;
  private volatile boolean closed;
  private volatile boolean cut;
  private @Nullable BooleanSupplier complete;
  private volatile @Nullable Completions<?, ?> form;
  private volatile boolean abandoned;
  private volatile @Nullable Thread canceller;
  private volatile @Nullable CancelSource source;
  private volatile boolean bodyEnded;
  private boolean interrupted;
  private long giveUp = TimeSource.NEVER;
  private CancelToken.@Nullable Registration link;

  private volatile @Nullable Losses losses;

  // Guarded by the monitor: the alarm of a cancellation with a grace.
  private TimeSource.@Nullable Alarm graceAlarm;
  private long graceAt;

  private LiveScopes.@Nullable Entry entry;

  private TaskScope(Choices choices, Mode mode, @Nullable Frame current) {
    this.mode = mode;
    this.engine = choices.engine();
    this.sharesJvm = engine.traits().sharesJvm();
    TimeSource chosen = choices.time();
    this.time = chosen != null ? chosen : timeOf(current);
    this.deadline = deadlineOf(current, time);
    this.name = choices.name();
    this.underPolicy = choices.hasPolicy() ? choices : null;
    this.abandonNanos = choices.abandonNanos();
    this.number = Observers.present() ? Observers.nextNumber() : 0;
  }

  // ---- opening and closing

  static TaskScope open(Choices choices, Mode mode) {
    Frame current = current();
    var scope = new TaskScope(choices, mode, current);
    if (scope.time != TimeSource.system() && trackedTimeOf(current) != scope.time) {
      scope.tracked = true;
      scope.time.ownerEntered();
    }
    scope.push();
    if (scope.number != 0) Events.scope(TaskEvent.Kind.OPENED, scope);
    if (current == null || Events.enclosing(current) == null) scope.entry = LiveScopes.add(scope);
    if (current != null && pendingCancellation() instanceof CancelReason r)
      scope.tryClaimQuietly(r.passedOn(), false);
    return scope;
  }

  /** A scope that its opener closes, with the choices that such a scope can have. */
  static TaskScope openTold(Choices choices, Items<?> items) {
    if (choices.withinNanos() >= 0) {
      var e =
          new IllegalStateException(
              "an open form can't have a deadline of its own: open it inside Tasks.within");
      items.close(e, Failures.callBegins());
      throw e;
    }
    CancelToken token = choices.token();
    if (token != null && token.reasonOrNull() instanceof CancelReason r) {
      var e = new CancelledException(r);
      items.close(e, Failures.callBegins());
      throw e;
    }
    Reporting reporting =
        choices.report() == null ? null : Reporting.begin(choices, choices.report());
    TaskScope s = open(choices, Mode.TOLD);
    if (reporting != null) s.closeWith(reporting);
    if (token == null) return s;
    CancelToken.Registration link = token.onCancel(s::cancelFromToken);
    if (reporting != null) reporting.closing(link);
    else s.closeWith(link);
    return s;
  }

  static <R, X extends Exception> R call(
      Choices choices, Mode mode, Fn<? super TaskScope, ? extends R, ? extends X> body)
      throws X, InterruptedException {
    TaskScope scope = open(choices, mode);
    R value = null;
    Throwable thrown = null;
    try {
      value = body.apply(scope);
    } catch (Throwable t) {
      thrown = t;
    }
    Throwable verdict = scope.close(thrown);
    if (verdict != null) throw Failures.<X>sneaky(verdict);
    return Null.result(value);
  }

  /**
   * Ends the scope: waits for everything, leaves the stack, and says what to throw, if anything.
   */
  @Nullable Throwable close(@Nullable Throwable thrown) {
    if (closed) return null;
    closeAbove();
    if (thrown != null) {
      Failures.seen(thrown);
      tryClaimQuietly(
          new CancelReason(CancelReason.Kind.BODY_FAILED, "the scope's body failed", thrown), true);
    }
    endBody();
    awaitZero(tasks);
    ending = true;
    if (daemons instanceof Count d) endDaemons(d);
    boolean undisturbed = tryFinish();
    closed = true;
    if (!undisturbed) awaitClaimer();
    if (!abandoned) awaitThreads();
    pop();
    if (number != 0) Events.scope(TaskEvent.Kind.CLOSED, this);
    if (entry != null) entry.scope = null;
    if (link != null) link.close();
    cancelGrace();
    if (mode == Mode.SUPERVISED && losses instanceof Losses l) l.reportUnobserved();
    if (tracked) time.ownerLeft();
    if (!undisturbed || interrupted) return verdict(thrown);
    if (losses instanceof Losses l && mode.tellsLosers()) l.reportBeside(this);
    return null;
  }

  private void endDaemons(Count count) {
    var ended = new CancelReason(CancelReason.Kind.SCOPE_ENDED, "the scope has ended", null);
    while (!abandoned && !(count.isZero() && tasks.isZero())) {
      children.forEach(n -> endDaemon(n, ended));
      awaitZero(count);
      awaitZero(tasks);
    }
  }

  private Count daemons() {
    Count d = daemons;
    if (d != null) return d;
    synchronized (this) {
      if (daemons == null) daemons = new Count();
      return daemons;
    }
  }

  private static void endDaemon(TaskNode<?> task, CancelReason ended) {
    if (task.isDaemon()) task.tryClaim(ended);
  }

  /** An as-completed form that was not closed, found by what encloses it. */
  void closeAbandoned() {
    tryClaimQuietly(
        new CancelReason(CancelReason.Kind.SCOPE_ENDED, "what encloses it has ended", null), true);
    Throwable unused = close(null);
    if (form instanceof Completions<?, ?> f) f.abandoned();
  }

  /** The open form that this is the scope of, which has something to do when others close it. */
  void isScopeOf(Completions<?, ?> opened) {
    form = opened;
  }

  @Nullable Completions<?, ?> formOrNull() {
    return form;
  }

  /** Ends an open form: what is left of it is not wanted. */
  @Nullable Throwable closeEarly() {
    if (!tasks.isZero())
      tryClaimQuietly(
          new CancelReason(CancelReason.Kind.DECIDED, "the rest is not wanted", null), true);
    return close(null);
  }

  private void endBody() {
    bodyEnded = true;
    if (!(claimOrNull() instanceof Claim c)) return;
    synchronized (monitor()) {
      if (!c.delivered) return;
      c.settled = true;
      if (c.foreign || outerDelivered()) Thread.currentThread().interrupt();
      else Thread.interrupted();
    }
  }

  private void awaitZero(Count count) {
    if (count.isZero()) return;
    Thread own = Thread.currentThread();
    if (!(own instanceof EngineThread pooled)) {
      parkUntilZero(count, own);
      return;
    }
    if (Thread.interrupted()) interruptedWhileWaiting();
    helpQueued();
    pooled.beforeBlocking();
    try {
      parkUntilZero(count, own);
    } finally {
      pooled.afterBlocking();
    }
  }

  private void parkUntilZero(Count count, Thread own) {
    if (own.isVirtual() && time == TimeSource.system()) Thread.yield();
    if (count.isZero()) return;
    boolean observed = Observers.present();
    if (observed) Events.emitHere(TaskEvent.Kind.WAITING, time, toString());
    waiting = own;
    while (!count.isZero()) {
      if (Thread.interrupted()) interruptedWhileWaiting();
      boolean over = ending || claim instanceof Claim;
      if (abandonNanos >= 0 && giveUp == TimeSource.NEVER && over)
        giveUp = time.after(abandonNanos);
      if (time.passed(giveUp)) {
        abandon();
        break;
      }
      time.park(this, giveUp);
    }
    waiting = null;
    if (observed) Events.emitHere(TaskEvent.Kind.RESUMED, time, null);
  }

  private void interruptedWhileWaiting() {
    interrupted = true;
    tryClaimQuietly(
        new CancelReason(CancelReason.Kind.INTERRUPTED, "the scope's thread was interrupted", null),
        true);
  }

  /** A thread of the engine that would run them runs what has not begun itself (see PoolEngine). */
  void helpQueued() {
    if (!(Thread.currentThread() instanceof EngineThread)) return;
    // What is run may fork more, in front of where the walk is.
    var helped = new boolean[1];
    do {
      helped[0] = false;
      children.forEach(n -> helped[0] |= !n.isDaemon() && n.helpIfQueued());
    } while (helped[0]);
  }

  private void abandon() {
    abandoned = true;
    children.forEach(this::abandon);
  }

  private void abandon(TaskNode<?> task) {
    if (!task.tryAbandon()) return;
    Stats.ABANDONED.increment();
    if (!task.isDaemon()) cut = true;
  }

  private void awaitThreads() {
    children.awaitThreads();
    Thread c = canceller;
    while (c != null && c.isAlive()) Thread.yield();
  }

  // ---- the verdict

  private @Nullable Throwable verdict(@Nullable Throwable thrown) {
    Claim c = claimOrNull();
    Losses lost = losses;
    boolean isCut = complete != null ? !complete.getAsBoolean() : cut;
    Error error = lost == null || mode == Mode.SUPERVISED ? null : lost.error();
    Throwable primary = new Verdict(mode, c, thrown, isCut, error).primary();
    if (interrupted && !(primary instanceof InterruptedException))
      Thread.currentThread().interrupt();
    boolean decided = c != null && c.reason.kind() == CancelReason.Kind.DECIDED;
    // A decision interrupts nobody on this thread: it was somebody else, and the decision stands.
    if (decided && primary == null && thrown instanceof InterruptedException)
      Thread.currentThread().interrupt();
    if (primary == null) {
      if (lost != null && mode.tellsLosers() && !decided) lost.reportBeside(this);
      if (c != null && !c.self && !decided) Stats.overran(this, c);
      return null;
    }
    if (thrown != null && thrown != primary && (c == null || !Failures.isInterrupt(thrown)))
      Failures.suppress(primary, thrown, call);
    if (lost != null && mode != Mode.SUPERVISED) lost.suppressIn(primary, call);
    return primary;
  }

  Losses losses() {
    Losses l = losses;
    if (l != null) return l;
    synchronized (this) {
      if (losses == null) losses = new Losses();
      return losses;
    }
  }

  // ---- what the tasks tell

  void ended(TaskNode<?> task, Outcome<?> outcome, @Nullable Throwable thrown) {
    try {
      if (!(outcome instanceof Outcome.Success)) unsuccessful(task, outcome, thrown);
    } finally {
      if (abandonNanos >= 0 && task.countOut()) Stats.ABANDONED.decrement();
      countDown(task.isDaemon() ? daemons() : tasks);
    }
  }

  private void unsuccessful(TaskNode<?> task, Outcome<?> outcome, @Nullable Throwable thrown) {
    if (!task.isDaemon()) cut = true;
    boolean joiners =
        thrown != null && Failures.isInterrupt(thrown) && outcome instanceof Outcome.Failed;
    // Then it was meant for the thread that helps, which is the scope's own.
    if (joiners && task.isHelped()) interruptedWhileWaiting();
    else if (outcome instanceof Outcome.Failed<?>(Throwable failure)) failed(task, failure);
    else if (thrown != null && !Failures.isInterrupt(thrown)) lost(thrown);
  }

  private void countDown(Count count) {
    count.down();
    Thread w = waiting;
    if (w != null && count.isZero()) time.unpark(w);
  }

  private void failed(TaskNode<?> task, Throwable failure) {
    if (mode == Mode.TOLD) return;
    if (mode == Mode.SUPERVISED) {
      losses().add(task);
      return;
    }
    if (mode == Mode.COMBINATOR) {
      cancelForFailure(failure);
      return;
    }
    var reason = new CancelReason(CancelReason.Kind.SIBLING_FAILED, "task " + task.name(), failure);
    if (!tryClaim(reason)) lost(failure);
  }

  /** A failure that was told by other means than the end of a task. */
  void cancelForFailure(Throwable failure) {
    var reason =
        new CancelReason(CancelReason.Kind.SIBLING_FAILED, "another branch failed", failure);
    if (!tryClaim(reason)) lost(failure);
  }

  /** A failure that is not the first. */
  void lost(Throwable failure) {
    if (mode != Mode.SUPERVISED) losses().add(failure);
  }

  // ---- cancelling

  /**
   * Cancels every task, and interrupts the body unless it is the body that calls. A scope whose
   * body cancels it and returns a value returns that value; otherwise it throws {@link
   * CancelledException}.
   *
   * @return whether this was the first cancellation
   */
  public boolean cancel(String reason) {
    return cancel(CancelReason.requested(reason));
  }

  boolean cancel(CancelReason reason) {
    return onOwnBody() ? tryClaimQuietly(reason, true) : tryClaim(reason);
  }

  /**
   * Cancels the scope's token now, and the scope itself only if it is still open after {@code
   * grace}.
   *
   * @return whether the token was not cancelled before
   */
  public boolean cancel(String reason, Duration grace) {
    CancelReason why = CancelReason.requested(reason);
    long nanos = Durations.nanos(grace, "grace");
    boolean first = softly(why);
    long at = time.after(nanos);
    synchronized (this) {
      // The earliest alarm is enough, whoever asked for it.
      if (closed || graceAlarm != null && TimeSource.earlier(graceAt, at) == graceAt) return first;
      if (graceAlarm != null) graceAlarm.cancel();
      graceAlarm = time.schedule(at, () -> tryClaim(why));
      graceAt = at;
    }
    return first;
  }

  void softlyChildren(CancelReason reason) {
    children.forEach(n -> n.softlyUnlessDone(reason));
  }

  private synchronized void cancelGrace() {
    if (graceAlarm != null) graceAlarm.cancel();
  }

  private boolean onOwnBody() {
    if (bodyEnded || !onThread()) return false;
    for (Frame f = current(); f != null && f != this; f = f.outer)
      if (f instanceof TaskNode<?>) return false;
    return true;
  }

  /**
   * Says whether all work was done although the scope was claimed, for crews, who know it exactly.
   */
  void completeWhen(BooleanSupplier done) {
    complete = done;
  }

  /** Takes the link to a token back when the scope closes. */
  void closeWith(CancelToken.Registration registration) {
    link = registration;
  }

  void cancelFromToken(CancelReason reason) {
    var why = new CancelReason(CancelReason.Kind.REQUESTED, reason.message(), reason.cause());
    boolean unused = tryClaim(why);
  }

  @Override
  void claimed(Claim c) {
    fireToken(c.reason);
    boolean onAlarm = !onThread() && c.reason.kind() == CancelReason.Kind.OUTER;
    if (onAlarm && tasks.now() > CANCEL_INLINE) {
      canceller = Thread.ofVirtual().name("brigade-cancel").unstarted(() -> cancelApart(c));
      if (time != TimeSource.system()) time.taskForked();
      try {
        canceller.start();
        return;
      } catch (Throwable t) {
        canceller = null;
        if (time != TimeSource.system()) time.taskLeft();
      }
    }
    cancelChildren(c);
  }

  /** Spares the alarm thread a long walk. */
  private void cancelApart(Claim c) {
    if (time != TimeSource.system()) time.taskStarted();
    cancelChildren(c);
    if (time != TimeSource.system()) time.taskEnded();
  }

  boolean onThread() {
    Frame r = root;
    return r != null && r.thread == Thread.currentThread();
  }

  private void cancelChildren(Claim c) {
    try {
      children.forEach(n -> cancelChild(n, c.reason));
    } finally {
      c.told = true;
      Thread w = waiting;
      if (w != null) time.unpark(w);
    }
  }

  private static void cancelChild(TaskNode<?> task, CancelReason reason) {
    try {
      task.tryClaim(reason);
    } catch (RuntimeException e) {
      System.getLogger("dev.brigade")
          .log(System.Logger.Level.ERROR, "cancelling task " + task.name() + " failed", e);
    }
  }

  /** Nobody may still be walking over the children of a closed scope. */
  private void awaitClaimer() {
    waiting = Thread.currentThread();
    boolean flag = false;
    while (claim instanceof Claim c && !c.told) {
      if (Thread.interrupted()) flag = true;
      time.park(this, TimeSource.NEVER);
    }
    waiting = null;
    if (flag) Thread.currentThread().interrupt();
  }

  @Override
  boolean interruptible() {
    return !bodyEnded;
  }

  @Override
  boolean stopsBody() {
    return !bodyEnded;
  }

  /** Whether the scope is being cancelled, for whichever reason. */
  @CheckReturnValue
  public boolean isCancelled() {
    return claim instanceof Claim;
  }

  @Override
  TimeSource timeSource() {
    return time;
  }

  @Override
  CancelSource source() {
    CancelSource s = source;
    if (s != null) return s;
    synchronized (this) {
      s = source;
      if (s == null) source = s = new CancelSource(time);
      return s;
    }
  }

  @Override
  @Nullable CancelSource sourceOrNull() {
    return source;
  }

  // ---- forking

  /**
   * Forks a task on the scope's engine. (A {@link Callable} is given as {@code callable::call}, a
   * {@link Runnable} to {@link #run} as {@code runnable::run}.)
   *
   * @throws IllegalStateException if the scope is closed, or the caller is not part of it
   * @throws RejectedExecutionException if the engine does not take it
   */
  public <T> Task<T> fork(Work<T, ?> work) {
    return fork(null, engine, Objects.requireNonNull(work, "work"), 0);
  }

  /** Forks a task with a name; otherwise as {@link #fork(Work)}. */
  public <T> Task<T> fork(String name, Work<T, ?> work) {
    return fork(checked(name), engine, Objects.requireNonNull(work, "work"), 0);
  }

  /** Forks a task on another engine than the scope's; otherwise as {@link #fork(Work)}. */
  public <T> Task<T> fork(Engine on, Work<T, ?> work) {
    Objects.requireNonNull(on, "engine");
    return fork(null, on, Objects.requireNonNull(work, "work"), 0);
  }

  /** Forks a task with a name on another engine; otherwise as {@link #fork(Work)}. */
  public <T> Task<T> fork(String name, Engine on, Work<T, ?> work) {
    Objects.requireNonNull(on, "engine");
    return fork(checked(name), on, Objects.requireNonNull(work, "work"), 0);
  }

  /** Forks work without a result; otherwise as {@link #fork(Work)}. */
  public Task<Void> run(VoidWork<?> work) {
    return fork(null, engine, new VoidCall(Objects.requireNonNull(work, "work")), 0);
  }

  /** Forks named work without a result; otherwise as {@link #fork(Work)}. */
  public Task<Void> run(String name, VoidWork<?> work) {
    return fork(checked(name), engine, new VoidCall(Objects.requireNonNull(work, "work")), 0);
  }

  /**
   * Forks a daemon: work that serves the others and is cancelled when they and the body have ended.
   * Its failure counts like any other's.
   */
  public Task<Void> daemon(VoidWork<?> work) {
    var call = new VoidCall(Objects.requireNonNull(work, "work"));
    return fork(null, engine, call, TaskNode.DAEMON);
  }

  /** Forks a named daemon; otherwise as {@link #daemon(VoidWork)}. */
  public Task<Void> daemon(String name, VoidWork<?> work) {
    var call = new VoidCall(Objects.requireNonNull(work, "work"));
    return fork(checked(name), engine, call, TaskNode.DAEMON);
  }

  /**
   * Forks work as a daemon and waits until it reports that it is ready: a server that listens, a
   * connection that stands.
   *
   * {@snippet :
   * int port = s.start(ready -> { var server = listen(); ready.report(server.port()); server.serve(); });
   * }
   *
   * @return what the work reported
   * @throws TaskFailedException if it failed before it was ready
   * @throws IllegalStateException if it ended without having reported
   */
  public <V> V start(VoidFn<? super Ready<V>, ?> work) throws InterruptedException {
    Objects.requireNonNull(work, "work");
    var ready = new Ready<V>();
    return ready.await(fork(null, engine, new VoidCall.Start<>(work, ready), TaskNode.DAEMON));
  }

  private static String checked(String name) {
    return Objects.requireNonNull(name, "name");
  }

  <T> TaskNode<T> fork(@Nullable String name, Engine on, Callable<? extends T> work, int flags) {
    if (underPolicy == null || flags == TaskNode.DAEMON) return launch(name, on, work, flags);
    UnderPolicy.Call<T> call = UnderPolicy.call(underPolicy, on, work);
    return launch(name, call.here(), call, flags);
  }

  /** Forks several items as one task, on any thread that the body waits for. */
  void fork(BatchTask<?, ?> batch, Engine on) {
    var unused = launch(null, on, batch, 0);
  }

  private <T> TaskNode<T> launch(
      @Nullable String name, Engine on, Callable<? extends T> work, int flags) {
    BatchTask<?, ?> batch = work instanceof BatchTask<?, ?> b ? b : null;
    if (batch == null) refuseStrangers();
    boolean here = on == engine ? sharesJvm : on.traits().sharesJvm();
    Callable<? extends T> carried = here ? Context.carry(work) : work;
    boolean plain = name == null && on == engine && !Observers.present();
    TaskNode<T> task =
        plain
            ? new TaskNode<>(this, carried, flags)
            : new NamedTask<>(this, carried, flags, name, on);
    Job job = batch == null ? task : batch.carriedBy(task);
    if (time != TimeSource.system()) time.taskForked();
    // Counted after it is listed, on the own thread: the count is the fence before the claim is
    // read.
    Count count = flags == 0 ? tasks : daemons();
    if (onThread()) {
      children.addOwn(task, count);
      count.up();
    } else {
      count.up();
      children.add(task, count);
    }
    if (!plain) Events.emit(TaskEvent.Kind.FORKED, task, time, null, null);
    CancelReason refused = refusal();
    if (refused != null) {
      task.endUnlaunched(refused);
      return task;
    }
    try {
      on.launch(job);
    } catch (Throwable t) {
      task.endUnlaunched(new CancelReason(CancelReason.Kind.REQUESTED, "the engine refused it", t));
      throw t;
    }
    return task;
  }

  private @Nullable CancelReason refusal() {
    if (claim instanceof Claim c) return c.reason;
    if (!ending) return null;
    return new CancelReason(CancelReason.Kind.SCOPE_ENDED, "the scope has ended", null);
  }

  /** Only the scope's own tree may fork: the body, the tasks, and what they run. */
  private void refuseStrangers() {
    if (!bodyEnded && onThread()) return;
    if (closed)
      throw new IllegalStateException(
          "fork in a closed scope: " + this + "; fork while its body runs");
    for (Frame f = current(); f != null; f = f.outer) {
      if (f == this) return;
      if (f instanceof TaskNode<?> n) {
        if (n.scope == this) return;
        f = n.scope;
        if (f == this) return;
      }
    }
    throw new IllegalStateException(
        "fork from outside the scope "
            + this
            + ": fork from its body, its tasks, or what they run, not from "
            + Thread.currentThread()
            + " (a task must not replace its thread's uncaught-exception handler)");
  }

  /** The first eight tasks are dated exactly, later ones by every eighth: the clock is dear. */
  int forkedTicks() {
    int n = tasks.ever();
    if (n < 8 || (n & 7) == 0) sampledTicks = TaskNode.ticks(time.nanoTime());
    return sampledTicks;
  }

  // ---- waiting for several

  /** How far {@link #await} waits. */
  public enum Until {
    /** Until one has ended. */
    FIRST,
    /** Until one has failed, or all have ended. */
    FIRST_FAILURE,
    /** Until all have ended. */
    ALL
  }

  /**
   * Which of some tasks have ended and which have not.
   *
   * @param <K> their type
   * @param done in the order given
   * @param running queued ones included, in the order given
   */
  public record Awaited<K extends Task<?>>(List<K> done, List<K> running) {}

  /**
   * Waits for the scope's tasks, daemons excepted, and cancels nothing. Meant for supervised
   * scopes: in others the first failure interrupts the wait.
   *
   * @throws IllegalStateException if the caller is one of them
   */
  public Awaited<Task<?>> await(Until until, Duration timeout) throws InterruptedException {
    var tasks = new ArrayList<Task<?>>();
    for (TaskNode<?> n : children.list()) if (!n.isDaemon()) tasks.add(n);
    return this.<Task<?>>await(tasks, until, timeout);
  }

  /**
   * Waits for some tasks, and cancels nothing. The timeout ends the wait, not the tasks. (Python:
   * {@code asyncio.wait}.)
   *
   * @throws IllegalStateException if the caller is one of them
   */
  public <K extends Task<?>> Awaited<K> await(
      Collection<? extends K> tasks, Until until, Duration timeout) throws InterruptedException {
    Objects.requireNonNull(until, "until");
    new Watcher(tasks, until).await(Durations.nanos(timeout, "timeout"));
    var done = new ArrayList<K>();
    var running = new ArrayList<K>();
    for (K t : tasks) (t.isDone() ? done : running).add(t);
    return new Awaited<>(done, running);
  }

  // ---- for snapshots

  @Nullable TaskNode<?> owner() {
    return Events.enclosing(outer);
  }

  List<TaskNode<?>> childList() {
    return children.list();
  }

  void forEachChild(Consumer<TaskNode<?>> action) {
    children.forEach(action);
  }

  /** Changes with every fork. */
  int forksEver() {
    return tasks.ever();
  }

  boolean hasLiveTasks() {
    return !tasks.isZero();
  }

  boolean isOpen() {
    return !bodyEnded && !closed;
  }

  /** Since the first of the tasks that it still knows was forked. */
  long ageNanos() {
    List<TaskNode<?>> all = children.list();
    return all.isEmpty() ? 0 : all.getFirst().ageNanos();
  }

  long number() {
    return number;
  }

  String name() {
    return name != null ? name : mode.compareTo(Mode.COMBINATOR) >= 0 ? "fan-out" : "scope";
  }

  String phase() {
    if (closed) return "closed";
    if (claim instanceof Claim) return "cancelling";
    return bodyEnded ? "ending" : "open";
  }

  @Override
  public String toString() {
    return name() + " (" + phase() + ", " + tasks.now() + " tasks)";
  }
}
