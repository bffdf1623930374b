package dev.brigade.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a scope, so that they can be cancelled, watched and awaited; newest first, in two
 * lists: what the scope's own thread forks, which nobody else adds to and which therefore needs no
 * compare-and-set, and what other threads of its tree fork.
 *
 * <p>Whoever adds a task prunes, now and then, what is gone: tasks that have ended, and whose own
 * thread has. Only interior links are cut, so a walk that stands on a cut task goes on correctly. A
 * walk sees every task whose adding happened before it began.
 */
final class Children {
  private static final int KEEP_ENDED = 256;

  @SuppressWarnings("rawtypes")
  private static final AtomicReferenceFieldUpdater<Children, @Nullable TaskNode> OWN =
      AtomicReferenceFieldUpdater.newUpdater(Children.class, TaskNode.class, "own");

  @SuppressWarnings("rawtypes")
  private static final AtomicReferenceFieldUpdater<Children, @Nullable TaskNode> OTHERS =
      AtomicReferenceFieldUpdater.newUpdater(Children.class, TaskNode.class, "others");

  private static final AtomicIntegerFieldUpdater<Children> PRUNING =
      AtomicIntegerFieldUpdater.newUpdater(Children.class, "pruning");

  private volatile @Nullable TaskNode<?> own;
  private volatile @Nullable TaskNode<?> others;

  @SuppressWarnings("UnusedVariable") // by PRUNING
  private volatile int pruning;

  private int ownSize;
  private int othersSize;

  /** By the scope's own thread; published by what the caller does next. */
  void addOwn(TaskNode<?> task, Count alive) {
    task.next = own;
    OWN.lazySet(this, task);
    if (++ownSize > KEEP_ENDED && ownSize > 2 * alive.now() + KEEP_ENDED) ownSize = prune(task);
  }

  /** By any thread. */
  void add(TaskNode<?> task, Count alive) {
    TaskNode<?> head;
    do {
      head = others;
      task.next = head;
    } while (!OTHERS.compareAndSet(this, head, task));
    // Not exact, which does no harm: it only spaces the pruning.
    if (++othersSize <= KEEP_ENDED || othersSize <= 2 * alive.now() + KEEP_ENDED) return;
    if (!PRUNING.compareAndSet(this, 0, 1)) return;
    othersSize = prune(task);
    pruning = 0;
  }

  /** Cuts out what is gone behind a task; returns how many are left, that one included. */
  private static int prune(TaskNode<?> first) {
    int kept = 1;
    TaskNode<?> above = first;
    for (TaskNode<?> n = first.next; n != null; n = n.next) {
      if (n.isGone()) continue;
      if (above.next != n) above.next = n;
      above = n;
      kept++;
    }
    if (above.next != null) above.next = null;
    return kept;
  }

  void forEach(Consumer<TaskNode<?>> action) {
    for (TaskNode<?> n = own; n != null; n = n.next) action.accept(n);
    for (TaskNode<?> n = others; n != null; n = n.next) action.accept(n);
  }

  /** Oldest first, as far as that is known. */
  List<TaskNode<?>> list() {
    var all = new ArrayList<TaskNode<?>>();
    for (TaskNode<?> n = others; n != null; n = n.next) all.add(n);
    for (TaskNode<?> n = own; n != null; n = n.next) all.add(n);
    Collections.reverse(all);
    return all;
  }

  /** Waits for the threads of all tasks, and lets go of them; the scope has ended. */
  void awaitThreads() {
    TaskNode<?> n = own;
    own = null;
    while (n != null) {
      n.awaitThread();
      n = n.unlink();
    }
    n = others;
    others = null;
    while (n != null) {
      n.awaitThread();
      n = n.unlink();
    }
  }
}
