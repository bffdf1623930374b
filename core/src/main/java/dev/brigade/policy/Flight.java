package dev.brigade.policy;

import dev.brigade.task.CancelReason;
import dev.brigade.task.CancelSource;
import dev.brigade.task.CancelledException;
import dev.brigade.task.Context;
import dev.brigade.task.EarlierFailures;
import dev.brigade.task.Tasks;
import dev.brigade.task.Waiter;
import dev.brigade.task.Work;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/*
 * Invariants.
 *  S1 `closed` goes from false to true once: by the load's end, or by the last waiter that leaves. Who
 *     has joined before that gets the outcome, or is the one who stops the load.
 *  S2 A waiter leaves by its own hand or by being signalled with the outcome, never both: the
 *     Waiter decides.
 *  S3 Whoever stopped the load returns only after its thread has ended.
 *  S4 `waitsFor`, over all flights, has no cycle: an edge that would close one is refused.
 *
 * Guards: closed, waiters, outcome, stopper: the monitor. waitsFor: NESTED. Neither is held while the
 * other is taken, nor while anything else is called but Waiter.signal.
 */
/** One load that several callers wait for. */
final class Flight {
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final Object NESTED = new Object();

  /** The load that the current code is part of. */
  private static final ScopedValue<Flight> INSIDE = ScopedValue.newInstance();

  private static final Context.Registration INHERITED = Context.inherit(INSIDE);

  private final TimeSource clock;
  private final Label label;
  private final CancelSource stop = new CancelSource();
  private final List<Waiter> waiters = new ArrayList<>();
  private final List<Flight> waitsFor = new ArrayList<>();
  private boolean closed;
  private @Nullable Ended outcome;
  private @Nullable Waiter stopper;
  private volatile @Nullable Thread thread;

  private record Ended(@Nullable Object value, @Nullable Throwable failure) {}

  Flight(TimeSource clock, Label label) {
    this.clock = clock;
    this.label = label;
  }

  // ---- the load

  /** Starts it; on a thread of its own, since it is to outlast whoever began it. */
  void start(Work<?, ?> work, Runnable whenEnded) {
    boolean launched = false;
    try {
      Callable<Object> carried = Context.carry(() -> load(work));
      Thread t =
          Thread.ofVirtual()
              .name("brigade-flight")
              .inheritInheritableThreadLocals(false)
              .unstarted(() -> run(carried, whenEnded));
      thread = t;
      clock.taskForked();
      try {
        t.start();
        launched = true;
      } finally {
        if (!launched) clock.taskLeft();
      }
    } catch (Throwable e) {
      thread = null;
      whenEnded.run();
      end(null, e);
    }
  }

  private @Nullable Object load(Work<?, ?> work) throws Exception {
    return Tasks.named("single flight")
        .time(clock)
        .cancelledBy(stop.token())
        .<Object, Exception>scope(
            s -> ScopedValue.where(INSIDE, this).<Object, Exception>call(work::call));
  }

  private void run(Callable<?> load, Runnable whenEnded) {
    clock.taskStarted();
    Object value = null;
    Throwable failure = null;
    try {
      value = load.call();
    } catch (InterruptedException e) {
      // Nobody here has asked for that, so those who wait are not the ones who were interrupted.
      var why = new CancelReason(CancelReason.Kind.REQUESTED, "the load was interrupted", e);
      failure = new CancelledException(why);
    } catch (Throwable t) {
      failure = t;
    }
    whenEnded.run();
    end(value, failure);
    clock.taskEnded();
  }

  /** The load has ended. */
  synchronized void end(@Nullable Object value, @Nullable Throwable failure) {
    closed = true;
    if (failure != null && waiters.size() > 1) EarlierFailures.keepAsItIs(failure);
    outcome = new Ended(value, failure);
    for (Waiter w : waiters) {
      boolean unused = w.signal();
    }
    waiters.clear();
    if (stopper != null) {
      boolean unused = stopper.signal();
    }
  }

  // ---- its waiters

  /** Null if it is over, or being stopped. */
  synchronized @Nullable Waiter join() {
    if (closed) return null;
    var w = new Waiter();
    waiters.add(w);
    return w;
  }

  /** Itself, fit to be shown to whoever looks at what is waited for. */
  Flight shown() {
    label.make();
    return this;
  }

  synchronized int waiting() {
    return waiters.size();
  }

  /** After the wait was given up; true if nobody is left, and the load must be stopped. */
  synchronized boolean leave(Waiter gone) {
    waiters.remove(gone);
    if (closed || !waiters.isEmpty()) return false;
    closed = true;
    return true;
  }

  /** Stops the load, and waits until it has ended, whatever comes. */
  void stop(InterruptedException because) {
    boolean unused = stop.cancel("nobody waits for it any longer");
    boolean flag = false;
    boolean ended = false;
    while (!ended) {
      try {
        Tasks.runShielded(FOR_EVER, this::awaitEnd);
        ended = true;
      } catch (InterruptedException e) {
        flag = true;
      }
    }
    flag |= awaitThread();
    if (flag) Thread.currentThread().interrupt();
    Throwable failure = result().failure;
    if (failure != null && !(failure instanceof CancelledException)) because.addSuppressed(failure);
  }

  private void awaitEnd() throws InterruptedException {
    var w = new Waiter();
    synchronized (this) {
      if (outcome != null) return;
      stopper = w;
    }
    boolean unused = w.await(this, TimeSource.NEVER);
  }

  private boolean awaitThread() {
    Thread t = thread;
    boolean flag = false;
    while (t != null && t.isAlive()) {
      try {
        t.join();
      } catch (InterruptedException e) {
        flag = true;
      }
    }
    return flag;
  }

  private synchronized Ended result() {
    if (outcome == null) throw new IllegalStateException("not ended");
    return outcome;
  }

  /** After the signal. */
  @SuppressWarnings({"unchecked", "NullAway"}) // the same key is for the same kind of result
  <T, X extends Exception> T orThrow() throws X {
    Ended e = result();
    if (e.failure != null) throw Flight.<X>sneaky(e.failure);
    return (T) e.value;
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> X sneaky(Throwable t) throws X {
    throw (X) t;
  }

  // ---- loads that wait for loads

  /** The load that the calling code is part of, as far as one JVM knows. */
  static @Nullable Flight inside() {
    return INHERITED != null && INSIDE.isBound() ? INSIDE.get() : null;
  }

  /**
   * Notes that this load is going to wait for another one.
   *
   * @throws IllegalStateException if that one waits for this one, or is the same
   */
  void waitsFor(Flight other) {
    synchronized (NESTED) {
      if (!other.reaches(this)) {
        waitsFor.add(other);
        return;
      }
    }
    throw new IllegalStateException(
        label.make()
            + " asks for "
            + other.label.make()
            + ", which waits for it: they would wait for ever");
  }

  void waitsNoMoreFor(Flight other) {
    synchronized (NESTED) {
      waitsFor.remove(other);
    }
  }

  /** Under NESTED. Loads that share loads have few edges and many paths: each is looked at once. */
  private boolean reaches(Flight target) {
    Set<Flight> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    var open = new ArrayDeque<Flight>();
    open.add(this);
    for (Flight f = open.poll(); f != null; f = open.poll()) {
      if (f == target) return true;
      for (Flight next : f.waitsFor) if (seen.add(next)) open.add(next);
    }
    return false;
  }

  @Override
  public String toString() {
    return label.toString();
  }
}
