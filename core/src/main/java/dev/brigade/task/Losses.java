package dev.brigade.task;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The failures of one scope that are not what it throws: losers beside a verdict, or, in a
 * supervised scope, tasks whose failure stays with them. Made when there is a first one; guarded by
 * its monitor.
 */
final class Losses {
  private static final int MAX_KEPT = 1000;

  private final List<Throwable> losers = new ArrayList<>();
  private final List<TaskNode<?>> failedTasks = new ArrayList<>();
  private int more;

  synchronized void add(Throwable failure) {
    if (losers.size() < MAX_KEPT) losers.add(failure);
    else more++;
  }

  synchronized void add(TaskNode<?> failed) {
    if (failedTasks.size() >= MAX_KEPT) failedTasks.removeIf(TaskNode::wasObserved);
    if (failedTasks.size() < MAX_KEPT) failedTasks.add(failed);
    else if (failed.markUnkept()) more++;
  }

  /** Somebody has looked at a failed task that was only counted. */
  synchronized void foundOne() {
    more--;
  }

  /** An Error among the losers: it is never swallowed. */
  synchronized @Nullable Error error() {
    for (Throwable t : losers) if (t instanceof Error e) return e;
    return null;
  }

  synchronized void suppressIn(Throwable primary, long call) {
    Failures.suppressAll(primary, losers, more, call);
  }

  /** Failures beside a value, which there is nothing to suppress them in. */
  synchronized void reportBeside(TaskScope scope) {
    for (Throwable t : losers) Stats.lost(scope, t);
  }

  /** Failed tasks that nobody has looked at; the scope has closed. */
  synchronized void reportUnobserved() {
    for (TaskNode<?> task : failedTasks)
      if (!task.wasObserved() && task.peek() instanceof Outcome.Failed<?>(Throwable failure))
        Stats.unobserved(task, failure, task.site());
    if (more > 0) Stats.moreUnobserved(more);
  }
}
