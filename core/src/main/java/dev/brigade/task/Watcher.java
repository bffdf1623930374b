package dev.brigade.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** Waits for the first, the first failed, or all of some tasks. */
final class Watcher {
  private final TaskScope.Until until;
  private final Waiter waiter = new Waiter();
  private final AtomicInteger left;
  private final List<TaskNode<?>> tasks = new ArrayList<>();

  Watcher(Collection<? extends Task<?>> all, TaskScope.Until until) {
    this.until = until;
    for (Task<?> t : all) tasks.add((TaskNode<?>) t);
    this.left = new AtomicInteger(tasks.size());
  }

  private void ended(Outcome<?> outcome) {
    boolean last = left.decrementAndGet() == 0;
    boolean enough =
        switch (until) {
          case FIRST -> true;
          case FIRST_FAILURE -> outcome instanceof Outcome.Failed;
          case ALL -> false;
        };
    if (last || enough) {
      boolean unused = waiter.signal();
    }
  }

  void await(long nanos) throws InterruptedException {
    if (tasks.isEmpty()) return;
    tasks.forEach(TaskNode::refuseAncestor);
    long at = waiter.time().after(Math.max(0, nanos));
    List<Listener> listeners = new ArrayList<>();
    for (TaskNode<?> t : tasks) {
      Listener l = t.watch(this::ended);
      if (l != null) listeners.add(l);
      else ended(Objects.requireNonNull(t.peek()));
    }
    try {
      boolean unused = waiter.await("some of " + tasks.size() + " tasks", at);
    } finally {
      listeners.forEach(TaskNode::unlisten);
    }
  }
}
