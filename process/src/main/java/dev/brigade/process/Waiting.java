package dev.brigade.process;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait for a worker, in their order, and how much they are. Under the pool's lock.
 */
final class Waiting {
  private final ProcessOptions.Queue bounds;
  private final TreeSet<PoolTask> tasks = new TreeSet<>();
  private long bytes;
  private long lastOrder;
  private long firstOrder;

  Waiting(ProcessOptions.Queue bounds) {
    this.bounds = bounds;
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  int size() {
    return tasks.size();
  }

  long bytes() {
    return bytes;
  }

  boolean contains(PoolTask task) {
    return tasks.contains(task);
  }

  /** Whether there is no room for this one; alone it may be as big as it is. */
  boolean full(PoolTask task) {
    return tasks.size() >= bounds.tasks()
        || !tasks.isEmpty() && bytes + task.bytes() > bounds.bytes();
  }

  /** Behind all of its priority. */
  void add(PoolTask task) {
    task.order = ++lastOrder;
    restore(task);
  }

  /** Before all of its priority. */
  void addFirst(PoolTask task) {
    task.order = --firstOrder;
    restore(task);
  }

  /** Where it was. */
  void restore(PoolTask task) {
    boolean unused = tasks.add(task);
    bytes += task.bytes();
  }

  boolean remove(PoolTask task) {
    if (!tasks.remove(task)) return false;
    bytes -= task.bytes();
    return true;
  }

  /** The next one, which waits no more; null if there is none. */
  @Nullable PoolTask poll() {
    PoolTask first = tasks.pollFirst();
    if (first != null) bytes -= first.bytes();
    return first;
  }

  /** Not one that is to run again: to call that rejected would say that it never ran. */
  @Nullable PoolTask oldestUnbegun() {
    PoolTask oldest = null;
    for (PoolTask t : tasks)
      if (t.crashes == 0 && (oldest == null || t.order < oldest.order)) oldest = t;
    return oldest;
  }

  /** All of them, which wait no more. */
  List<PoolTask> clear() {
    List<PoolTask> all = List.copyOf(tasks);
    tasks.clear();
    bytes = 0;
    return all;
  }
}
