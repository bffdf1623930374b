package dev.brigade.models;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A platform thread for each task, found by it as a virtual thread of the library's own is: model
 * checkers do not follow virtual threads, and this drives the same code.
 */
public final class ThreadEngine extends AbstractExecutorService implements Engine {
  private static final Traits TRAITS =
      new Traits("model", 8, true, true, false, true, Traits.Delivery.AT_MOST_ONCE, false);

  @Override
  public Traits traits() {
    return TRAITS;
  }

  @Override
  public void launch(Job job) {
    Thread t = new Thread(job);
    if (job instanceof Thread.UncaughtExceptionHandler h) t.setUncaughtExceptionHandler(h);
    t.start();
  }

  @Override
  public void execute(Runnable command) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void shutdown() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return false;
  }
}
