package dev.brigade.process;

import dev.brigade.task.TaskFailedException;
import dev.brigade.task.Work;
import java.io.Serializable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One work in a process of its own, begun by {@link WorkerProcess#run}. (Python: {@code Process}.)
 * For more than a few use a {@link ProcessPool}, whose processes are used again.
 *
 * <p>As a {@link Future}: its failure is what the work threw, or {@link WorkerDiedException}.
 *
 * @param <T> the result
 */
public final class ProcessRun<T> implements Future<T> {
  private final WorkerProcess<Serializable, Result> process;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  /** What came out; a message can't be null. */
  record Result(@Nullable Object value) implements Serializable {}

  /** The main program of such a process. */
  record Once<T>(Work<? extends T, ?> work) implements WorkerProcess.Loop<Serializable, Result> {
    @Override
    public void run(MessagePort<Result, Serializable> port) throws Exception {
      port.send(new Result(work.call()));
    }
  }

  ProcessRun(WorkerProcess<Serializable, Result> process) {
    this.process = process;
    Thread unused = Thread.ofVirtual().name("brigade-run").start(this::await);
  }

  @SuppressWarnings("unchecked") // it is what the work returned
  private void await() {
    try {
      boolean unused = result.complete((T) process.receive().value());
    } catch (TaskFailedException e) {
      boolean unused = result.completeExceptionally(e.getCause());
    } catch (Throwable t) {
      boolean unused = result.completeExceptionally(t);
    }
  }

  /** Its process, or -1 if none could be started. */
  public long pid() {
    return process.pid();
  }

  /** Whether its process has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Waits for the end of the process: 0 if the work returned, 1 if it threw, else its exit code.
   */
  public int exitCode() throws InterruptedException {
    try {
      return process.onExit().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Completed with the exit code when the process has ended. */
  public CompletableFuture<Integer> onExit() {
    return process.onExit();
  }

  /** Kills the process, and waits until it has gone. */
  public void terminate() {
    process.terminate();
  }

  /**
   * Cancels the work if it has not ended: its process is killed and gone when this returns.
   *
   * @param mayInterruptIfRunning false leaves the process alone, and only forgets the result
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = result.cancel(mayInterruptIfRunning);
    if (cancelled && mayInterruptIfRunning) process.terminate();
    return cancelled;
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    return result.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    return result.get(timeout, unit);
  }

  @Override
  public boolean isCancelled() {
    return result.isCancelled();
  }

  @Override
  public boolean isDone() {
    return result.isDone();
  }
}
