package dev.brigade.process;

import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;

/** A pool with rules for what is submitted this way; its end is the pool's business. */
final class RuledEngine extends AbstractExecutorService implements Engine {
  private final ProcessPool pool;
  private final TaskRules rules;
  private final Traits traits;

  RuledEngine(ProcessPool pool, TaskRules rules) {
    this.pool = pool;
    this.rules = rules;
    Traits t = pool.traits();
    traits =
        new Traits(
            t.name(),
            t.defaultLimit(),
            t.sharesJvm(),
            t.threadPerTask(),
            // Each task has its own time, and its own second try.
            rules.timeout() == null && rules.crashRetries() == 0 && rules.progress() == null,
            t.interruptible(),
            rules.crashRetries() > 0 ? Traits.Delivery.AT_LEAST_ONCE : t.delivery(),
            t.killConfirmed());
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public void launch(Job job) {
    pool.launch(rules, job);
  }

  @Override
  public void execute(Runnable command) {
    pool.execute(rules, command);
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
    return pool.newTaskFor(rules, callable);
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
    return pool.newTaskFor(rules, runnable, value);
  }

  @Override
  public void shutdown() {}

  @Override
  public List<Runnable> shutdownNow() {
    return List.of();
  }

  @Override
  public void close() {}

  @Override
  public boolean isShutdown() {
    return pool.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return pool.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return pool.awaitTermination(timeout, unit);
  }

  @Override
  public String toString() {
    return pool + " with " + rules;
  }
}
