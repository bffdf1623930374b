package dev.brigade.task;

import dev.brigade.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * How a task that was started with {@link TaskScope#start} says that it is ready. The first report
 * counts. What happens before the report happens before {@code start} returns.
 *
 * @param <V> what it reports, such as the port it listens on
 */
public final class Ready<V> {
  private boolean reported;
  private @Nullable V value;
  private @Nullable Waiter starter;

  Ready() {}

  /**
   * Reports; the one who waits in {@code start} goes on.
   *
   * @throws IllegalStateException on a second report
   */
  public synchronized void report(V ready) {
    if (reported)
      throw new IllegalStateException("ready was reported twice; the second was " + ready);
    reported = true;
    value = ready;
    if (starter == null) return;
    boolean unused = starter.signal();
  }

  @SuppressWarnings("NullAway") // null is a legal value
  V await(Task<Void> task) throws InterruptedException {
    var waiter = new Waiter();
    synchronized (this) {
      starter = waiter;
    }
    var node = (TaskNode<Void>) task;
    Listener watch =
        node.watch(o -> {
          boolean unused = waiter.signal();
        });
    try {
      if (watch != null && !isReported()) {
        boolean unused = waiter.await("the task to be ready", TimeSource.NEVER);
      }
    } finally {
      if (watch != null) TaskNode.unlisten(watch);
    }
    synchronized (this) {
      if (reported) return value;
    }
    task.join();
    throw new IllegalStateException("the task ended without having reported that it was ready");
  }

  private synchronized boolean isReported() {
    return reported;
  }
}
