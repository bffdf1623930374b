package dev.brigade.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An engine of everybody's: shutting it down or closing it does nothing, as with the common pool.
 */
class SharedEngine implements Engine {
  private final Engine engine;

  SharedEngine(Engine engine) {
    this.engine = engine;
  }

  @Override
  public Traits traits() {
    return engine.traits();
  }

  @Override
  public void launch(Job job) {
    engine.launch(job);
  }

  @Override
  public void execute(Runnable command) {
    engine.execute(Objects.requireNonNull(command, "command"));
  }

  @Override
  public Future<?> submit(Runnable task) {
    return engine.submit(task);
  }

  @Override
  public <T> Future<T> submit(Runnable task, T result) {
    return engine.submit(task, result);
  }

  @Override
  public <T> Future<T> submit(Callable<T> task) {
    return engine.submit(task);
  }

  @Override
  public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return engine.invokeAll(tasks);
  }

  @Override
  public <T> List<Future<T>> invokeAll(
      Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException {
    return engine.invokeAll(tasks, timeout, unit);
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    return engine.invokeAny(tasks);
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return engine.invokeAny(tasks, timeout, unit);
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return new ArrayList<>();
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  /** Waits out the time: a shared engine never ends. */
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    unit.sleep(timeout);
    return false;
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "shared " + engine;
  }
}
