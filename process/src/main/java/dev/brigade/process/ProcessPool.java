package dev.brigade.process;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import dev.brigade.task.Fn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** Worker JVMs that run tasks. */
public final class ProcessPool extends AbstractExecutorService implements Engine {
  private ProcessPool() {}

  /** As many workers as there are cores. */
  @CheckReturnValue
  public static ProcessPool open() {
    return open(ProcessOptions.of(Runtime.getRuntime().availableProcessors()));
  }

  /** So many workers. */
  @CheckReturnValue
  public static ProcessPool open(int workers) {
    return open(ProcessOptions.of(workers));
  }

  /** A pool of this kind. */
  @CheckReturnValue
  public static ProcessPool open(ProcessOptions options) {
    throw new UnsupportedOperationException("" + options);
  }

  /** The function, applied to the argument in a worker; both travel. */
  public <A, R> ProcessTask<R> call(Fn<? super A, ? extends R, ?> function, A argument) {
    throw new UnsupportedOperationException("" + function + argument);
  }

  /** The same pool with these rules for what is submitted through it; closing it does nothing. */
  public Engine with(TaskRules rules) {
    throw new UnsupportedOperationException("" + rules);
  }

  /** The same under rules. */
  public <A, R> ProcessTask<R> call(
      TaskRules rules, Fn<? super A, ? extends R, ?> function, A argument) {
    throw new UnsupportedOperationException("" + rules + function + argument);
  }

  /**
   * Waits until as many workers are ready as are always kept.
   *
   * @return false if the time ran out
   */
  public boolean awaitReady(Duration atMost) throws InterruptedException {
    throw new UnsupportedOperationException("" + atMost);
  }

  /** All live workers. */
  public List<WorkerInfo> workers() {
    throw new UnsupportedOperationException();
  }

  /** The threads of each live worker with their stacks, by process id. */
  public Map<Long, String> threadDumps() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Traits traits() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void launch(Job job) {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isTerminated() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }
}
