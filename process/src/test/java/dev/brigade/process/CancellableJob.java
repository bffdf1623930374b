package dev.brigade.process;

import dev.brigade.engine.Job;
import dev.brigade.task.Work;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A job that counts its reports and forgives none that is too many. */
final class CancellableJob implements Job {
  final AtomicInteger reports = new AtomicInteger();
  final CountDownLatch ended = new CountDownLatch(1);
  private final Work<?, ?> work;
  private boolean cancelled;
  private boolean started;
  private @Nullable Consumer<? super String> onCancel;

  CancellableJob(Work<?, ?> work) {
    this.work = work;
  }

  void cancel() {
    Consumer<? super String> action;
    synchronized (this) {
      if (cancelled) return;
      cancelled = true;
      action = onCancel;
      if (!started) ended();
    }
    if (action != null) action.accept("enough");
  }

  @Override
  public void run() {
    throw new AssertionError("it is to run elsewhere");
  }

  @Override
  public Callable<?> work() {
    return work;
  }

  @Override
  public synchronized boolean tryStart() {
    if (cancelled) return false;
    started = true;
    return true;
  }

  @Override
  public void onCancel(Consumer<? super String> action) {
    boolean now;
    synchronized (this) {
      if (onCancel != null) throw new AssertionError("registered twice");
      onCancel = action;
      now = cancelled;
    }
    if (now) action.accept("enough");
  }

  @Override
  public void succeed(@Nullable Object value) {
    ended();
  }

  @Override
  public void fail(Throwable failure) {
    ended();
  }

  private void ended() {
    reports.incrementAndGet();
    ended.countDown();
  }
}
