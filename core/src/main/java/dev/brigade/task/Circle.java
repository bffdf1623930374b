package dev.brigade.task;

import dev.brigade.time.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * Design. The threads of one round that wait without a bound for a task, for the end of a scope, or
 * for a guarded value are the nodes; an edge leads to a thread without which the wait can't end: the
 * task's, each of the scope's tasks, the value's owner. All must come, so a thread that can be
 * reached from itself never goes on. Found by one depth-first walk with three colours, which looks
 * at each node and edge once. A circle has at least one edge that is not the end of a scope, since
 * scopes form a tree; so the walk begins at those.
 */
/** Finds who waits for itself, by way of others. */
final class Circle {
  private final Map<Thread, Frame> waiting = new LinkedHashMap<>();
  private boolean mayBe;

  /** Takes note of a thread, if it waits for others. */
  void note(Frame f, Thread t, Object blocker) {
    boolean joins = blocker instanceof TaskNode<?> || blocker instanceof Guarded<?>;
    if (!joins && !(blocker instanceof TaskScope)) return;
    waiting.put(t, f);
    mayBe |= joins;
  }

  /** The frames that wait for one another, each for the next and the last for the first. */
  List<List<Frame>> find() {
    var found = new ArrayList<List<Frame>>();
    if (!mayBe) return found;
    // False while it is on the path, true afterwards.
    var seen = new HashMap<Thread, Boolean>();
    for (Thread t : waiting.keySet())
      if (!(blocker(t) instanceof TaskScope) && !seen.containsKey(t)) walk(t, seen, found);
    return found;
  }

  private void walk(Thread start, Map<Thread, Boolean> seen, List<List<Frame>> found) {
    var path = new ArrayList<Thread>();
    var next = new ArrayDeque<Iterator<Thread>>();
    path.add(start);
    next.push(needed(start).iterator());
    seen.put(start, false);
    while (!path.isEmpty()) {
      if (!next.element().hasNext()) {
        next.pop();
        seen.put(path.removeLast(), true);
        continue;
      }
      Thread t = next.element().next();
      Boolean through = seen.get(t);
      if (through == null) {
        path.add(t);
        next.push(needed(t).iterator());
        seen.put(t, false);
      } else if (!through) {
        found.add(path.subList(path.indexOf(t), path.size()).stream().map(this::frame).toList());
      }
    }
  }

  @SuppressWarnings("NullAway") // who is on the path was noted
  private Frame frame(Thread t) {
    return waiting.get(t);
  }

  /** Without which its wait can't end, as far as they wait as well. */
  private List<Thread> needed(Thread t) {
    var all = new ArrayList<Thread>();
    switch (blocker(t)) {
      case TaskNode<?> n when !n.isDone() -> add(threadOf(n), all);
      case TaskScope s -> s.forEachChild(n -> add(n.isDone() ? null : threadOf(n), all));
      case Guarded<?> g -> add(g.ownerOrNull(), all);
      case null, default -> {}
    }
    return all;
  }

  private void add(@Nullable Thread t, List<Thread> to) {
    if (t != null && waiting.containsKey(t)) to.add(t);
  }

  private static @Nullable Thread threadOf(TaskNode<?> n) {
    Frame r = n.root;
    return r == null ? null : r.thread;
  }

  /** What a thread waits for now, if nothing will end its wait by itself. */
  private @Nullable Object blocker(Thread t) {
    if (t.getState() != Thread.State.WAITING) return null;
    Frame r = frame(t).root;
    if (r == null) return null;
    Frame top = r.top;
    if (Frame.deadlineOf(top, Frame.timeOf(top)) != TimeSource.NEVER) return null;
    return LockSupport.getBlocker(t);
  }

  /** Who waits for what and where, all around. */
  static String text(List<Frame> circle) {
    var text = new StringBuilder();
    for (Frame f : circle) {
      Frame r = f.root;
      Thread t = r == null ? null : r.thread;
      Object blocker = t == null ? null : LockSupport.getBlocker(t);
      StackTraceElement where = t == null ? null : Stacks.users(Stacks.of(t));
      text.append(text.isEmpty() ? "" : "; ").append(name(f));
      if (blocker != null) text.append(" waits for ").append(Events.text(blocker));
      if (where != null) text.append(" at ").append(where);
    }
    return text.toString();
  }

  static String name(Frame f) {
    return f instanceof TaskNode<?> n ? n.name() : f instanceof TaskScope s ? s.name() : "a block";
  }
}
