package dev.brigade.engine;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * Design. The JDK's ThreadPoolExecutor keeps the queue, the threads and the ExecutorService
 * contract; it clears stray interrupts between tasks. Added here: threads that say when they wait.
 *
 * Compensation: a thread that is about to wait in the library, or for a future of this engine,
 * raises the pool's size by one, up to `spares`; a thread starts at once if something is queued and
 * at the next submission otherwise. Afterwards the size goes down again, and a surplus thread ends
 * after its task. The thread that has waited goes on at once, so for the rest of that task one more
 * than `threads` may run.
 * Invariants, under `lock`: core size = maximum size = threads + min(blocked, spares). A submission
 * offers and then reads `blocked`; who blocks raises the size and then looks at the queue: so no
 * task stays in the queue for want of a thread while the size allows one.
 *
 * That no depth of nested scopes can dead-lock does not rest on the spares, which are capped, but on
 * the joining side: a thread in the body or at the end of a scope runs those of the scope's tasks
 * itself that have not begun, so it only ever waits for tasks that have. It runs no others: what
 * would interrupt the joiner must concern the task as well.
 */
/** Platform threads, a bounded number. */
final class PoolEngine extends AbstractExecutorService implements Engine {
  private final Traits traits;
  private final int threads;
  private final int spares;
  private final ThreadPoolExecutor pool;
  private final Object lock = new Object();
  private volatile int blocked;

  PoolEngine(String name, int threads, int spares) {
    if (threads < 1)
      throw new IllegalArgumentException("threads must be at least 1, but was " + threads);
    this.threads = threads;
    this.spares = spares;
    boolean cores = spares > 0;
    this.traits =
        new Traits(name, threads, true, false, cores, true, Traits.Delivery.AT_MOST_ONCE, false);
    var numbers = new AtomicInteger();
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            r -> new PoolThread(this, r, "brigade-" + name + "-" + numbers.incrementAndGet()));
    pool.allowCoreThreadTimeOut(true);
  }

  private static final class PoolThread extends Thread implements EngineThread {
    private final PoolEngine engine;

    PoolThread(PoolEngine engine, Runnable loop, String name) {
      super(null, loop, name, 0, false);
      this.engine = engine;
      setDaemon(true);
      setContextClassLoader(ClassLoader.getSystemClassLoader());
    }

    @Override
    public Engine engine() {
      return engine;
    }

    @Override
    public void beforeBlocking() {
      try {
        engine.resize(1);
      } catch (OutOfMemoryError e) {
        // No thread to be had: then the wait goes uncompensated.
      }
    }

    @Override
    public void afterBlocking() {
      engine.resize(-1);
    }
  }

  private void resize(int change) {
    if (spares == 0) return;
    synchronized (lock) {
      blocked += change;
      int size = threads + Math.min(blocked, spares);
      // The maximum makes a surplus thread leave after its task, not only when it is idle.
      if (size > pool.getMaximumPoolSize()) pool.setMaximumPoolSize(size);
      pool.setCorePoolSize(size);
      pool.setMaximumPoolSize(size);
    }
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public void launch(Job job) {
    execute(job);
  }

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command");
    try {
      pool.execute(command);
    } catch (RejectedExecutionException e) {
      throw new RejectedExecutionException("the engine is shut down: " + this, e);
    }
    // A thread may have blocked between the pool's look at its size and the offer to its queue.
    if (blocked > 0 && !pool.getQueue().isEmpty()) pool.prestartCoreThread();
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
    return new OwnFuture<>(callable);
  }

  @Override
  @SuppressWarnings("NullAway") // null is a legal result
  protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
    return new OwnFuture<>(Executors.callable(runnable, value));
  }

  /** A thread of this engine that waits for it says so. */
  private final class OwnFuture<T> extends FutureTask<T> {
    OwnFuture(Callable<T> callable) {
      super(callable);
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
      PoolThread own = isDone() ? null : ownThread();
      if (own == null) return super.get();
      own.beforeBlocking();
      try {
        return super.get();
      } finally {
        own.afterBlocking();
      }
    }

    @Override
    public T get(long timeout, TimeUnit unit)
        throws InterruptedException, ExecutionException, TimeoutException {
      PoolThread own = isDone() ? null : ownThread();
      if (own == null) return super.get(timeout, unit);
      own.beforeBlocking();
      try {
        return super.get(timeout, unit);
      } finally {
        own.afterBlocking();
      }
    }
  }

  private @Nullable PoolThread ownThread() {
    return Thread.currentThread() instanceof PoolThread t && t.engine == this ? t : null;
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks)
      throws InterruptedException, ExecutionException {
    PoolThread own = ownThread();
    if (own == null) return super.invokeAny(tasks);
    own.beforeBlocking();
    try {
      return super.invokeAny(tasks);
    } finally {
      own.afterBlocking();
    }
  }

  @Override
  public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    PoolThread own = ownThread();
    if (own == null) return super.invokeAny(tasks, timeout, unit);
    own.beforeBlocking();
    try {
      return super.invokeAny(tasks, timeout, unit);
    } finally {
      own.afterBlocking();
    }
  }

  @Override
  public void shutdown() {
    pool.shutdown();
  }

  /** A scope waits for its tasks, so those that will never begin must end here. */
  @Override
  public List<Runnable> shutdownNow() {
    List<Runnable> queued = pool.shutdownNow();
    for (Runnable r : queued)
      if (r instanceof Job job && job.tryStart())
        job.fail(
            new RejectedExecutionException(
                "the engine was shut down before the task began: " + this));
    return queued;
  }

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
    return traits.name() + " (" + threads + " threads)";
  }
}
