package dev.brigade.cli.compare;

import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import dev.brigade.observe.TaskEvent.Kind;
import dev.brigade.task.Tasks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs items one after the other, without the library; and tells observers, if there are any, what
 * a fan-out would tell them.
 */
final class PlainLoop {
  private static final String NAME = "a plain loop";

  private final long scope;

  private PlainLoop(long scope) {
    this.scope = scope;
  }

  static void run(List<Integer> items, Workload work) throws Exception {
    if (!Observers.present()) {
      for (int item : items) {
        Tasks.checkCancelled();
        work.run(item);
      }
      return;
    }
    new PlainLoop(Observers.nextNumber()).runWatched(items, work);
  }

  private void runWatched(List<Integer> items, Workload work) throws Exception {
    tell(Kind.OPENED, scope, 0, NAME, null, null);
    try {
      for (int item : items) {
        Tasks.checkCancelled();
        runWatched(item, work);
      }
    } finally {
      tell(Kind.CLOSED, scope, 0, NAME, null, null);
    }
  }

  private void runWatched(int item, Workload work) throws Exception {
    long number = Observers.nextNumber();
    tell(Kind.STARTED, number, scope, "item " + item, null, null);
    Throwable failure = null;
    try {
      work.run(item);
    } catch (Throwable t) {
      failure = t;
      throw t;
    } finally {
      tell(
          Kind.ENDED,
          number,
          scope,
          "item " + item,
          failure == null ? "success" : "failed",
          failure);
    }
  }

  private static void tell(
      Kind kind,
      long task,
      long parent,
      String name,
      @Nullable String detail,
      @Nullable Throwable failure) {
    String thread = Thread.currentThread().getName();
    if (thread.isEmpty()) thread = "#" + Thread.currentThread().threadId();
    Observers.emit(
        new TaskEvent(
            kind, System.nanoTime(), task, parent, name, "loop", thread, null, detail, failure));
  }
}
