package dev.brigade.engine;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** A virtual thread for each task; the JDK's own thread-per-task executor keeps the books. */
final class VirtualEngine extends AbstractExecutorService implements Engine {
  private static final Traits TRAITS =
      new Traits("virtual", 1024, true, true, false, true, Traits.Delivery.AT_MOST_ONCE, false);
  private static final ThreadFactory UNNAMED =
      Thread.ofVirtual().inheritInheritableThreadLocals(false).factory();

  static final Engine SHARED =
      new SharedEngine(new VirtualEngine()) {
        @Override
        public void launch(Job job) {
          newThread(job).start();
        }
      };

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(VirtualEngine::newThread);

  /**
   * A job that handles its thread's uncaught exceptions finds itself through its thread that way.
   */
  private static Thread newThread(Runnable task) {
    Thread t = UNNAMED.newThread(task);
    if (task instanceof Thread.UncaughtExceptionHandler h) t.setUncaughtExceptionHandler(h);
    return t;
  }

  @Override
  public Traits traits() {
    return TRAITS;
  }

  @Override
  public void launch(Job job) {
    threads.execute(job);
  }

  @Override
  public void execute(Runnable command) {
    threads.execute(Objects.requireNonNull(command, "command"));
  }

  @Override
  public <T> List<java.util.concurrent.Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
      throws InterruptedException {
    return threads.invokeAll(tasks);
  }

  @Override
  public void shutdown() {
    threads.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return threads.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return threads.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return threads.isTerminated();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return threads.awaitTermination(timeout, unit);
  }

  @Override
  public String toString() {
    return "virtual threads";
  }
}
