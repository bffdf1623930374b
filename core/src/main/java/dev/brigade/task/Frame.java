package dev.brigade.task;

import dev.brigade.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/*
 * Design. Each thread that is inside this library has a stack of frames: the task that it runs, the
 * scopes opened and deadlines set on it, shields. The bottom one is the root and holds the thread
 * and the top. A frame is claimed (by a deadline or a cancellation) or finished (by its own thread),
 * whichever comes first: one compare-and-set on `claim` is the linearisation point, no clock is read.
 *
 * How a thread finds its root: a virtual thread of ours has its task as its uncaught-exception
 * handler, which costs no memory and no map; every other thread has a slot in a
 * ThreadLocal, filled by the outermost frame and emptied with it.
 *
 * Invariants.
 *  F1 claim goes from null to FINISHED or to a Claim, once.
 *  F2 Only the owning thread pushes and pops. `outer` never changes while a frame is on the stack.
 *  F3 A frame's interrupt is sent only under the root's monitor, while the frame is on the stack,
 *     claimed and not settled, and no shield lies above it. Shields are pushed and popped under the
 *     same monitor. So no interrupt of a frame arrives after that frame has been left, or inside a
 *     shield.
 *  F4 A frame that was claimed is settled by its thread, under the monitor, before it is left: the
 *     flag that it caused is cleared, unless the flag was there before (a foreign interrupt) or a
 *     frame further out has been claimed too.
 *  F5 Nested scopes: the claimer claims and then reads the stack; who opens a scope pushes it and
 *     then reads the claims further out. Both sequentially consistent: one of them sees the other,
 *     so no nested scope is missed.
 *
 * Guards: outer, thread: written by the owner before the frame is published. delivered, foreign,
 * settled in Claim: the root's monitor. Lock order: root monitors are leaves; nothing is called
 * under one but TimeSource.interrupting and Thread.interrupt.
 *
 * A task that replaces its own thread's uncaught-exception handler cuts its code off from its
 * frames: it is still cancelled and awaited, but what it opens is not nested in it, and it can't
 * fork in its scope. The error message says so.
 *
 * Limit, documented in Tasks: a foreign interrupt in the same block as ours can't always be told
 * apart from it, and may be cleared with it.
 */
/** One block that can be cancelled, on the stack of the thread that runs it. */
abstract class Frame {
  static final Object FINISHED = new Object();

  /**
   * A slot for the root. An array of Objects, so that what stays on a thread pins no class of ours.
   */
  private static final ThreadLocal<Object @Nullable []> FOREIGN = new ThreadLocal<>();

  // Field updaters, not VarHandles: the same when hot, and several times faster until then.
  private static final AtomicReferenceFieldUpdater<Frame, @Nullable Object> CLAIM =
      AtomicReferenceFieldUpdater.newUpdater(Frame.class, Object.class, "claim");
  private static final AtomicReferenceFieldUpdater<Frame, @Nullable Frame> ROOT =
      AtomicReferenceFieldUpdater.newUpdater(Frame.class, Frame.class, "root");
  private static final AtomicReferenceFieldUpdater<Frame, @Nullable Frame> TOP =
      AtomicReferenceFieldUpdater.newUpdater(Frame.class, Frame.class, "top");

  volatile @Nullable Frame root;
  @Nullable Frame outer;
  volatile @Nullable Frame top;
  @Nullable Thread thread;
  volatile @Nullable Object claim;

  // ---- the stack of the current thread

  static @Nullable Frame currentRoot() {
    Thread t = Thread.currentThread();
    if (t.getUncaughtExceptionHandler() instanceof TaskNode<?> own && own.thread == t) return own;
    Object[] slot = FOREIGN.get();
    return slot == null ? null : (Frame) slot[0];
  }

  static @Nullable Frame current() {
    Frame r = currentRoot();
    return r == null ? null : r.top;
  }

  final void push() {
    Frame r = currentRoot();
    if (r == null) {
      thread = Thread.currentThread();
      top = this;
      root = this;
      slot()[0] = this;
    } else {
      outer = r.top;
      root = r;
      r.top = this;
    }
  }

  @SuppressWarnings("NullAway") // an empty slot
  private static Object[] slot() {
    Object[] slot = FOREIGN.get();
    if (slot == null) FOREIGN.set(slot = new Object[1]);
    return slot;
  }

  /**
   * As the root of a thread that will find it by itself. Followed by a compare-and-set before the
   * claim is read, so that either a claimer sees the root or the thread sees the claim.
   */
  final void pushAsThread(Thread own) {
    thread = own;
    TOP.lazySet(this, this);
    ROOT.lazySet(this, this);
  }

  @SuppressWarnings("NullAway") // on the stack, so there is a root
  final void pop() {
    Frame r = root;
    if (r != this) TOP.lazySet(r, outer);
    else if (!(this instanceof TaskNode<?> n && n.ownsThread())) slot()[0] = null;
  }

  /** The root, of a frame that is on a stack: set once and then never again. */
  @SuppressWarnings("NullAway")
  final Frame monitor() {
    return root;
  }

  /** Leaves what was opened inside this frame and not closed. */
  final void closeAbove() {
    Frame r = root;
    if (r == null || r.top == this || !onStack(r)) return;
    while (r.top instanceof TaskScope open && open != this) open.closeAbandoned();
  }

  private boolean onStack(Frame r) {
    for (Frame f = r.top; f != null; f = f.outer) if (f == this) return true;
    return false;
  }

  // ---- claims

  final boolean tryFinish() {
    return CLAIM.compareAndSet(this, null, FINISHED);
  }

  final @Nullable Claim claimOrNull() {
    return claim instanceof Claim c ? c : null;
  }

  /**
   * Claims this frame; if that succeeds, interrupts its thread and cancels what is nested in it.
   */
  final boolean tryClaim(CancelReason reason) {
    if (claim != null) return false;
    Claim c = new Claim(reason, timeSource().nanoTime(), false);
    if (!CLAIM.compareAndSet(this, null, c)) return false;
    try {
      fireToken(reason);
      deliver(c);
    } finally {
      claimed(c);
    }
    return true;
  }

  /** Claims without an interrupt: by the frame's own thread, or by a frame further out. */
  final boolean tryClaimQuietly(CancelReason reason, boolean self) {
    if (claim != null) return false;
    Claim c = new Claim(reason, timeSource().nanoTime(), self);
    if (!CLAIM.compareAndSet(this, null, c)) return false;
    claimed(c);
    return true;
  }

  /** What a claimed frame does besides being interrupted; runs once, on the claiming thread. */
  void claimed(Claim c) {}

  /** Whether the frame's own thread is where it may be interrupted; under the root's monitor. */
  boolean interruptible() {
    return true;
  }

  boolean isShield() {
    return false;
  }

  private void deliver(Claim c) {
    Frame r = root;
    if (r == null) return;
    // Tokens first: what the interrupt ends at once takes its callbacks back.
    fireNestedTokens(r, c);
    List<Frame> nested = new ArrayList<>();
    synchronized (r) {
      boolean shielded = nestedIn(r, nested);
      if (!onStack(r) || c.settled) return;
      if (!c.delivered && !shielded && interruptible()) interrupt(r, c);
    }
    for (Frame f : nested) {
      if (f instanceof TaskScope s) s.tryClaimQuietly(c.reason.passedOn(), false);
      else f.fireToken(c.reason);
    }
  }

  private void fireNestedTokens(Frame r, Claim c) {
    List<Frame> nested = new ArrayList<>();
    synchronized (r) {
      boolean unused = nestedIn(r, nested);
      if (!onStack(r) || c.settled) return;
    }
    for (Frame f : nested) if (!(f instanceof TaskScope)) f.fireToken(c.reason);
  }

  /** Adds what is nested in this frame, down to the last shield; says whether there is one. */
  private boolean nestedIn(Frame r, List<Frame> nested) {
    boolean shielded = false;
    for (Frame f = r.top; f != null && f != this; f = f.outer) {
      if (f.isShield()) {
        shielded = true;
        nested.clear();
      } else {
        nested.add(f);
      }
    }
    return shielded;
  }

  private void interrupt(Frame r, Claim c) {
    Thread t = r.thread;
    if (t == null) return;
    c.foreign = t.isInterrupted() && flagIsForeign(r.top);
    c.delivered = true;
    try {
      timeSource().interrupting(t);
      t.interrupt();
    } catch (RuntimeException e) {
      // Somebody's own Thread, or a channel that it was blocked in: what is nested must still be
      // told.
      System.getLogger("dev.brigade").log(System.Logger.Level.ERROR, "an interrupt failed", e);
    }
  }

  /**
   * Whether a flag that is set now came from outside, or may have: nobody of ours set it, or found
   * it set.
   */
  static boolean flagIsForeign(@Nullable Frame from) {
    boolean ours = false;
    for (Frame f = from; f != null; f = f.outer) {
      if (!(f.claimOrNull() instanceof Claim c) || !c.delivered || c.settled) continue;
      if (c.foreign) return true;
      ours = true;
    }
    return !ours;
  }

  /** Ends the time in which this claimed frame may be interrupted, and clears its own interrupt. */
  final void settle(Claim c) {
    synchronized (monitor()) {
      if (c.settled) return;
      c.settled = true;
      if (!c.delivered) return;
      if (c.foreign || outerDelivered()) Thread.currentThread().interrupt();
      else Thread.interrupted();
    }
  }

  /** Whether a frame further out has interrupted this thread and still wants it to stop. */
  final boolean outerDelivered() {
    for (Frame f = outer; f != null; f = f.outer) {
      if (f.claimOrNull() instanceof Claim c && c.delivered && !c.settled) return true;
      if (f.isShield()) return false;
    }
    return false;
  }

  /**
   * Why the current thread should stop, or null: cancellation is a level, not an edge, so a block
   * that has swallowed its interrupt is told again at its next wait.
   */
  static @Nullable CancelReason pendingCancellation() {
    for (Frame f = current(); f != null; f = f.outer) {
      if (f.claimOrNull() instanceof Claim c && !c.self && f.stopsBody()) return c.reason;
      if (f instanceof TaskNode<?> || f.isShield()) return null;
    }
    return null;
  }

  /** Whether a claim of this frame concerns the code that runs above it. */
  boolean stopsBody() {
    return true;
  }

  // ---- what is inherited

  /** The clock of the innermost scope. */
  TimeSource timeSource() {
    return timeOf(outer);
  }

  static TimeSource timeOf(@Nullable Frame from) {
    for (Frame f = from; f != null; f = f.outer) {
      if (f instanceof TaskScope s) return s.time;
      if (f instanceof TaskNode<?> n) return n.scope.time;
      if (f instanceof DeadlineFrame d) return d.time;
    }
    return TimeSource.system();
  }

  /** The clock that counts the current thread among those it waits for. */
  static TimeSource trackedTimeOf(@Nullable Frame from) {
    for (Frame f = from; f != null; f = f.outer) {
      if (f instanceof TaskScope s) return s.time;
      if (f instanceof TaskNode<?> n) return n.scope.time;
    }
    return TimeSource.system();
  }

  /**
   * The deadline in force for code that runs directly above {@code from}, as far as it is on this
   * clock: times of different clocks can't be compared, and each strikes by itself.
   */
  static long deadlineOf(@Nullable Frame from, TimeSource clock) {
    for (Frame f = from; f != null; f = f.outer) {
      if (f instanceof DeadlineFrame d && d.time == clock) return d.at;
      if (f instanceof TaskScope s && s.time == clock) return s.deadline;
      if (f instanceof TaskNode<?> n)
        return n.scope.time == clock ? n.scope.deadline : TimeSource.NEVER;
    }
    return TimeSource.NEVER;
  }

  // ---- tokens

  /** The soft signal of this frame; made on demand. */
  abstract CancelSource source();

  abstract @Nullable CancelSource sourceOrNull();

  final void fireToken(CancelReason reason) {
    CancelSource s = sourceOrNull();
    if (s != null) s.cancel(reason);
  }

  /**
   * The token of this frame, cancelled already if something further out is: signals that came
   * before the token was asked for are looked up here, later ones come down by {@link #deliver} and
   * {@link #softly}.
   */
  final CancelToken token() {
    CancelSource s = source();
    Frame f = this;
    while (f != null) {
      if (f.claimOrNull() instanceof Claim c && !c.self) s.cancel(c.reason);
      CancelSource o = f.sourceOrNull();
      if (o != null && o != s && o.token().reasonOrNull() instanceof CancelReason r) s.cancel(r);
      if (f.isShield()) break;
      f = f instanceof TaskNode<?> n ? n.scope : f.outer;
    }
    return s.token();
  }

  /** Cancels the tokens of this frame and of what is nested in it, and interrupts nobody. */
  final boolean softly(CancelReason reason) {
    boolean first = source().cancel(reason);
    for (Frame f : nested()) {
      if (f != this) f.fireToken(reason);
      if (f instanceof TaskScope s) s.softlyChildren(reason);
    }
    return first;
  }

  /** The frames above this one that no shield protects, and this one. */
  private List<Frame> nested() {
    List<Frame> nested = new ArrayList<>();
    Frame r = root;
    if (r == null) {
      nested.add(this);
      return nested;
    }
    synchronized (r) {
      for (Frame f = r.top; f != null; f = f.outer) {
        if (f.isShield() && f != this) nested.clear();
        else nested.add(f);
        if (f == this) return nested;
      }
    }
    return List.of(this);
  }
}
