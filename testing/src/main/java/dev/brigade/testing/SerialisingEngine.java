package dev.brigade.testing;

import dev.brigade.engine.Batch;
import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.Serial;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An engine that treats its tasks as if they ran in another process, without one: function,
 * arguments, result and exception are serialised and read back, so nothing is shared. Use it in
 * tests of code that is to run on worker processes or a cluster; what cannot travel is rejected at
 * submission, naming the class and the way to it.
 *
 * {@snippet :
 * try (Engine elsewhere = SerialisingEngine.open()) {
 *   List<Integer> sizes = Tasks.on(elsewhere).map(files, Scan::size);
 * }
 * }
 *
 * <p>Tasks run on virtual threads of its own, without a bound. A cancelled task is interrupted. An
 * exception arrives as an equivalent copy, or as a {@link dev.brigade.task.RemoteFailureException}
 * with its text and trace if it cannot travel. Closing waits for the tasks.
 */
public final class SerialisingEngine extends AbstractExecutorService implements Engine {
  private static final Traits SINGLY = traits(false);
  private static final Traits CHUNKED = traits(true);

  private final Traits traits;
  private volatile boolean stopping;

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofVirtual()
              .name("brigade-serialising")
              .inheritInheritableThreadLocals(false)
              .factory());

  private SerialisingEngine(Traits traits) {
    this.traits = traits;
  }

  private static Traits traits(boolean chunked) {
    return new Traits(
        "serialising", 64, false, false, chunked, true, Traits.Delivery.AT_MOST_ONCE, false);
  }

  /** Opens one; it is to be closed. */
  public static Engine open() {
    return new SerialisingEngine(SINGLY);
  }

  /**
   * Opens one that takes several items of a map at a time, as worker processes do; it is to be
   * closed. Each item is copied by itself, the function once for all that travel together.
   */
  public static Engine openChunked() {
    return new SerialisingEngine(CHUNKED);
  }

  @Override
  public Traits traits() {
    return traits;
  }

  // ---- jobs of scopes

  @Override
  public void launch(Job job) {
    if (job instanceof Batch batch) {
      execute0(new SerialisedBatch(batch, loaderOf(batch.function()), () -> stopping));
      return;
    }
    Callable<?> work = job.work();
    Parcel parcel = pack(work);
    ClassLoader loader = loaderOf(work);
    execute0(() -> run(job, parcel, loader));
  }

  private static void run(Job job, Parcel parcel, ClassLoader loader) {
    if (!job.tryStart()) return;
    var runner = new AtomicReference<@Nullable Thread>(Thread.currentThread());
    job.onCancel(reason -> interrupt(runner));
    Object result = null;
    Throwable failure = null;
    try {
      result = call(parcel, loader);
    } catch (Throwable e) {
      failure = Parcel.copyOf(e, loader);
    }
    // After this no interrupt of the job comes any more, so none can hit what reports it.
    synchronized (runner) {
      runner.set(null);
      boolean unused = Thread.interrupted();
    }
    if (failure != null) job.fail(failure);
    else succeed(job, result);
  }

  @SuppressWarnings("NullAway") // null is a legal result
  private static void succeed(Job job, @Nullable Object result) {
    job.succeed(result);
  }

  private static void interrupt(AtomicReference<@Nullable Thread> runner) {
    synchronized (runner) {
      Thread t = runner.get();
      if (t != null) t.interrupt();
    }
  }

  /** The copy's work, and the copy of its result. */
  private static Object call(Parcel parcel, ClassLoader loader) throws Exception {
    Callable<?> copy = (Callable<?>) parcel.open(loader);
    return copyOf(copy.call(), loader);
  }

  /** A result as it arrives. */
  static Object copyOf(@Nullable Object result, ClassLoader loader)
      throws IOException, ClassNotFoundException {
    try {
      return Parcel.pack(result).open(loader);
    } catch (NotSerializableException e) {
      throw new IllegalStateException("the result can't travel: " + e.getMessage());
    }
  }

  private static Parcel pack(Object work) {
    try {
      return Parcel.pack(work);
    } catch (NotSerializableException e) {
      throw new RejectedExecutionException("the task can't travel: " + e.getMessage(), e);
    }
  }

  private static ClassLoader loaderOf(Object work) {
    ClassLoader own = work.getClass().getClassLoader();
    return own != null ? own : SerialisingEngine.class.getClassLoader();
  }

  // ---- the ExecutorService

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command");
    if (isPacked(command)) {
      execute0(command);
      return;
    }
    Parcel parcel = pack(new Command(command));
    ClassLoader loader = loaderOf(command);
    execute0(() -> Ticket.runUnticketed(parcel, loader));
  }

  /** A completion service, which invokeAny uses, wraps what newTaskFor gave it. */
  private static boolean isPacked(Runnable command) {
    return command instanceof Ticket
        || command.getClass().getEnclosingClass() == ExecutorCompletionService.class;
  }

  private void execute0(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      throw new RejectedExecutionException("the engine is shut down: " + this, e);
    }
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
    return new Ticket<>(pack(callable), loaderOf(callable), null, false);
  }

  @Override
  @SuppressWarnings("NullAway") // null is a legal result
  protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
    return new Ticket<>(pack(new Command(runnable)), loaderOf(runnable), value, true);
  }

  /** A command as work. */
  private record Command(Runnable command) implements Callable<Boolean>, Serializable {
    @Serial private static final long serialVersionUID = 1L;

    @Override
    public Boolean call() {
      command.run();
      return true;
    }
  }

  /** What a submitter holds while the copy runs. */
  private static final class Ticket<T> extends FutureTask<T> {
    Ticket(Parcel parcel, ClassLoader loader, @Nullable T value, boolean valued) {
      super(() -> travel(parcel, loader, value, valued));
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // null is a legal result
    private static <T> T travel(
        Parcel parcel, ClassLoader loader, @Nullable T value, boolean valued) throws Exception {
      try {
        T result = (T) SerialisingEngine.call(parcel, loader);
        return valued ? value : result;
      } catch (Throwable e) {
        throw Ticket.<Exception>sneaky(Parcel.copyOf(e, loader));
      }
    }

    static void runUnticketed(Parcel parcel, ClassLoader loader) {
      try {
        SerialisingEngine.call(parcel, loader);
      } catch (Throwable e) {
        throw Ticket.<RuntimeException>sneaky(Parcel.copyOf(e, loader));
      }
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> X sneaky(Throwable e) throws X {
      throw (X) e;
    }
  }

  @Override
  public void shutdown() {
    threads.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    stopping = true;
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
    return "serialising engine";
  }
}
