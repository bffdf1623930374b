package dev.brigade.testing.conformance;

import dev.brigade.engine.Job;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A job that counts what an engine does to it, and forgives nothing. */
final class TestJob implements Job {
  final AtomicInteger starts = new AtomicInteger();
  final AtomicInteger reports = new AtomicInteger();
  final CountDownLatch ended = new CountDownLatch(1);
  private final Callable<?> work;
  private final boolean mayStart;
  private boolean cancelled;
  private @Nullable Consumer<? super String> onCancel;
  volatile @Nullable Object value;
  volatile @Nullable Throwable failure;
  volatile @Nullable Thread starter;
  volatile @Nullable Thread reporter;

  TestJob(Callable<?> work, boolean mayStart) {
    this.work = work;
    this.mayStart = mayStart;
  }

  @Override
  public void run() {
    if (!tryStart()) return;
    try {
      succeed(work.call());
    } catch (Throwable e) {
      fail(e);
    }
  }

  @Override
  public Callable<?> work() {
    return work;
  }

  @Override
  public boolean tryStart() {
    starter = Thread.currentThread();
    starts.incrementAndGet();
    return mayStart;
  }

  @Override
  public void onCancel(Consumer<? super String> action) {
    boolean now;
    synchronized (this) {
      onCancel = action;
      now = cancelled;
    }
    if (now) action.accept("enough");
  }

  void cancel() {
    Consumer<? super String> action;
    synchronized (this) {
      cancelled = true;
      action = onCancel;
    }
    if (action != null) action.accept("enough");
  }

  @Override
  public void succeed(@Nullable Object result) {
    value = result;
    ended();
  }

  @Override
  public void fail(Throwable thrown) {
    failure = thrown;
    ended();
  }

  private void ended() {
    reporter = Thread.currentThread();
    reports.incrementAndGet();
    ended.countDown();
  }
}
