package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.engine.EngineThread;
import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import dev.brigade.time.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One wait of one thread for one signal: the building block of everything in the library that
 * blocks. Use it to write a synchroniser of your own that keeps the library's rules: it stops at
 * cancellation and deadlines, runs on virtual time, is seen in snapshots, and lets a spare thread
 * run meanwhile on the cores engine. To just wait, use {@link Task#join}, {@code Limit} or {@link
 * Guarded} instead.
 *
 * {@snippet :
 * var waiter = new Waiter();
 * synchronized (lock) { queue.add(waiter); }
 * try {
 *   if (!waiter.await(this, time.after(nanos))) synchronized (lock) { queue.remove(waiter); }
 * } catch (InterruptedException e) {
 *   synchronized (lock) { queue.remove(waiter); }
 *   throw e;
 * }
 * }
 *
 * <p>States: waiting, then either signalled or abandoned, decided by one compare-and-set, so that a
 * signal is never lost: {@link #signal} says whether it arrived, and {@link #await} returns
 * normally whenever it did, with the interrupt flag left set if an interrupt came as well.
 *
 * <p>Memory effects: what happens before {@link #signal} returns true happens before {@link #await}
 * returns true.
 */
public final class Waiter {
  private static final int WAITING = 0;
  private static final int SIGNALLED = 1;
  private static final int ABANDONED = 2;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * A line that several wait in, one after the other. What is given to {@link #await} may be one:
   * whoever waits there is not thought to be forgotten while the line moves.
   */
  public interface Line {
    /**
     * How many have had their turn so far. Asked at any time, by any thread: it must be quick and
     * must not wait.
     */
    long served();
  }

  private final Thread thread = Thread.currentThread();
  private final TimeSource time;
  private volatile int state;

  /** A wait of the current thread, on the clock of its scope. */
  public Waiter() {
    this(Frame.timeOf(Frame.current()));
  }

  /** A wait of the current thread on the given clock. */
  public Waiter(TimeSource time) {
    this.time = time;
  }

  /** The clock that this wait runs on. */
  @CheckReturnValue
  public TimeSource time() {
    return time;
  }

  /**
   * The deadline in force on the current thread, or {@link TimeSource#NEVER}: a wait that is known
   * to end later need not begin. Deadlines on other clocks than this wait's are not looked at.
   */
  public long deadlineNanos() {
    return Frame.deadlineOf(Frame.current(), time);
  }

  /**
   * Ends the wait.
   *
   * @return whether the signal arrived; false if the waiter had given up or was signalled before
   */
  @CheckReturnValue
  public boolean signal() {
    if (!STATE.compareAndSet(this, WAITING, SIGNALLED)) return false;
    time.unpark(thread);
    return true;
  }

  /** Whether the signal has arrived. */
  @CheckReturnValue
  public boolean signalled() {
    return state == SIGNALLED;
  }

  /**
   * Blocks until the signal.
   *
   * @param what is waited for, shown to people; see {@link Line}
   * @param untilNanos on this waiter's clock, or {@link TimeSource#NEVER}
   * @return true if signalled, false if the time came first
   * @throws InterruptedException if the thread is interrupted, or what it runs is being cancelled
   * @throws IllegalStateException if called by another thread than the one that made it
   */
  @CheckReturnValue
  public boolean await(Object what, long untilNanos) throws InterruptedException {
    if (Thread.currentThread() != thread)
      throw new IllegalStateException(
          "await must be called by the thread that made the waiter, " + thread);
    if (state == SIGNALLED) return true;
    CancelReason reason = Frame.pendingCancellation();
    if (reason != null) {
      if (!abandon()) return true;
      Thread.interrupted();
      throw new InterruptedException("cancelled: " + reason);
    }
    EngineThread pooled = thread instanceof EngineThread e ? e : null;
    boolean observed = Observers.present();
    if (observed) Events.emitHere(TaskEvent.Kind.WAITING, time, Events.text(what));
    if (pooled != null) pooled.beforeBlocking();
    try {
      return park(what, untilNanos);
    } finally {
      if (pooled != null) pooled.afterBlocking();
      if (observed) Events.emitHere(TaskEvent.Kind.RESUMED, time, null);
    }
  }

  private boolean park(Object what, long untilNanos) throws InterruptedException {
    while (state == WAITING) {
      if (Thread.interrupted()) {
        if (abandon()) throw new InterruptedException();
        Thread.currentThread().interrupt();
        return true;
      }
      if (time.passed(untilNanos)) return !abandon();
      time.park(what, untilNanos);
    }
    return state == SIGNALLED;
  }

  private boolean abandon() {
    return STATE.compareAndSet(this, WAITING, ABANDONED);
  }

  /** Waits for a whole time, unless interrupted. */
  static void sleep(Object what, long nanos) throws InterruptedException {
    var w = new Waiter();
    var unused = w.await(what, w.time.after(nanos));
  }

  static @Nullable CancelReason cancellation() {
    return Frame.pendingCancellation();
  }
}
