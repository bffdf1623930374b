package dev.brigade.storm;

import dev.brigade.process.WorkerDiedException;
import dev.brigade.task.CancelledException;
import dev.brigade.task.DeadlineException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One task of a storm over a pool of processes, as its submitter sees it. */
final class Errand {
  final Order order;
  final @Nullable Duration timeout;
  final boolean again;

  /** Whether its value is the submitter's and never travels. */
  volatile boolean command;

  volatile boolean cancelled;
  volatile @Nullable Future<?> future;
  volatile @Nullable Object value;
  volatile @Nullable Throwable failure;
  volatile long endNanos;
  private volatile boolean ended;

  Errand(Order order, @Nullable Duration timeout, boolean again) {
    this.order = order;
    this.timeout = timeout;
    this.again = again;
  }

  synchronized void end(@Nullable Object result, @Nullable Throwable thrown) {
    if (ended) throw new AssertionError("errand " + order.id() + " ended twice");
    value = result;
    failure = thrown;
    endNanos = System.nanoTime();
    ended = true;
  }

  /** Looks whether it has ended. */
  synchronized boolean hasEnded() {
    if (ended) return true;
    Future<?> f = future;
    if (f == null || !f.isDone()) return false;
    // Not by get(): it asks the failure for its text, and some throw at that.
    switch (f.state()) {
      case SUCCESS -> end(f.resultNow(), null);
      case FAILED -> end(null, f.exceptionNow());
      default -> end(null, new CancellationException());
    }
    return true;
  }

  boolean died() {
    return failure instanceof WorkerDiedException;
  }

  /** Whether it ended as it may, given how often it began. */
  void check(List<Starts.Start> begun, boolean stopping) {
    int most = again ? 2 : 1;
    if (begun.size() > most) throw new AssertionError("began " + begun.size() + " times: " + this);
    Throwable t = failure;
    Mischief m = order.mischief();
    if (t == null) {
      if (begun.isEmpty()) throw new AssertionError("ended but never began: " + this);
      if (!m.mayReturn() && !command) throw new AssertionError("returned " + value + ": " + this);
      checkValue(m);
      return;
    }
    boolean meant =
        switch (t) {
          case WorkerDiedException e -> true;
          case DeadlineException e -> timeout != null;
          case CancellationException e -> cancelled || stopping;
          case CancelledException e -> cancelled || stopping;
          case RejectedExecutionException e -> begun.isEmpty();
          case InterruptedException e -> cancelled || stopping || timeout != null;
          case TimeoutException e -> false;
          default -> m.mayFail();
        };
    if (!meant) throw new AssertionError("ended in a way that nobody meant: " + this, t);
  }

  private void checkValue(Mischief m) {
    int id = order.id();
    boolean right =
        command
            ? Integer.valueOf(id).equals(value)
            : switch (m) {
              case BIG_RESULT ->
                  value instanceof byte[] b
                      && b.length == (1 << 18 | id & 0xFFFFF)
                      && b[0] == (byte) id
                      && b[b.length - 1] == (byte) id;
              case DEEP_RESULT -> value instanceof Hostile.Shell;
              case STACK -> false;
              default -> Integer.valueOf(id).equals(value);
            };
    if (!right) throw new AssertionError("wrong value " + value + ": " + this);
  }

  @Override
  public String toString() {
    Throwable t = failure;
    return "errand "
        + order.id()
        + " "
        + order.mischief()
        + (again ? ", twice if need be" : "")
        + (timeout == null ? "" : ", within " + timeout)
        + (cancelled ? ", cancelled" : "")
        + (t == null ? "" : ", failed: " + t.getClass().getName());
  }
}
