package dev.brigade.process;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What a submitter holds. */
final class RemoteTask<T> extends FutureTask<T> implements ProcessTask<T> {
  private final ProcessPool pool;
  private final boolean valued;
  private final @Nullable T value;
  private final AtomicBoolean handedIn = new AtomicBoolean();
  final PoolTask task;

  /**
   * @param valued whether it ends with {@code value} instead of what comes back
   */
  RemoteTask(
      ProcessPool pool,
      TaskRules rules,
      int kind,
      Parcel parcel,
      boolean valued,
      @Nullable T value) {
    super(() -> {
      throw new IllegalStateException("it does not run here");
    });
    this.pool = pool;
    this.valued = valued;
    this.value = value;
    this.task = new Sent(rules, kind, parcel);
  }

  private final class Sent extends PoolTask {
    Sent(TaskRules rules, int kind, Parcel parcel) {
      super(rules, kind, parcel);
    }

    @Override
    boolean begin() {
      return !isDone();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // null is a legal result
    boolean returned(@Nullable Object result) {
      set(valued ? value : (T) result);
      return !isCancelled();
    }

    @Override
    void failed(Throwable failure) {
      setException(failure);
    }

    @Override
    void dropped() {
      boolean unused = RemoteTask.super.cancel(false);
    }

    @Override
    Runnable asRunnable() {
      return RemoteTask.this;
    }
  }

  /** Once only, as a future runs only once; again if the pool refused it. */
  void handIn() {
    if (!handedIn.compareAndSet(false, true)) return;
    boolean taken = false;
    try {
      pool.enqueue(task);
      taken = true;
    } finally {
      if (!taken) handedIn.set(false);
    }
  }

  /** Somebody wants it to run on his own thread, which then waits for it. */
  @Override
  public void run() {
    if (isDone()) return;
    handIn();
    try {
      var unused = get();
    } catch (InterruptedException e) {
      boolean unused = cancel(true);
      Thread.currentThread().interrupt();
    } catch (ExecutionException | java.util.concurrent.CancellationException e) {
      // Its holder is told.
      return;
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    if (!super.cancel(mayInterruptIfRunning)) return false;
    pool.cancel(task, mayInterruptIfRunning);
    return true;
  }

  @Override
  public long pid() {
    return task.pid();
  }

  @Override
  public @Nullable Progress progress() {
    return task.progress();
  }

  @Override
  public String toString() {
    return "task of " + pool + ", " + state();
  }
}
