package dev.brigade.process;

import dev.brigade.engine.Job;
import dev.brigade.task.Work;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A job whose report holds up whoever makes it, and which counts the reports. */
final class HeldJob implements Job {
  final AtomicInteger reports = new AtomicInteger();
  private final Work<?, ?> work;
  private final CountDownLatch told;
  private final CountDownLatch goOn;

  HeldJob(Work<?, ?> work, CountDownLatch told, CountDownLatch goOn) {
    this.work = work;
    this.told = told;
    this.goOn = goOn;
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
  public boolean tryStart() {
    return true;
  }

  @Override
  public void onCancel(Consumer<? super String> action) {}

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
    told.countDown();
    boolean interrupted = false;
    while (true) {
      try {
        goOn.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }
}
