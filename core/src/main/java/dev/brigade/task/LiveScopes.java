package dev.brigade.task;

import dev.brigade.observe.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The scopes that were opened outside any task, and the tree below them. Linked lists in stripes,
 * each guarded by its own monitor, so that opening a scope stays cheap on many threads; the tree is
 * read from the frames, which keep it anyway.
 */
final class LiveScopes {
  private static final LiveScopes[] STRIPES = new LiveScopes[16];

  static {
    for (int i = 0; i < STRIPES.length; i++) STRIPES[i] = new LiveScopes();
  }

  private @Nullable TaskScope first;

  private LiveScopes() {}

  private static LiveScopes stripe(TaskScope scope) {
    int h = System.identityHashCode(scope);
    return STRIPES[(h ^ h >>> 8) & STRIPES.length - 1];
  }

  static void add(TaskScope scope) {
    LiveScopes stripe = stripe(scope);
    synchronized (stripe) {
      scope.live = true;
      scope.liveNext = stripe.first;
      if (stripe.first != null) stripe.first.livePrevious = scope;
      stripe.first = scope;
    }
  }

  static void remove(TaskScope scope) {
    if (!scope.live) return;
    LiveScopes stripe = stripe(scope);
    synchronized (stripe) {
      TaskScope next = scope.liveNext;
      TaskScope previous = scope.livePrevious;
      if (next != null) next.livePrevious = previous;
      if (previous != null) previous.liveNext = next;
      else stripe.first = next;
      scope.liveNext = null;
      scope.livePrevious = null;
    }
  }

  static Snapshot snapshot() {
    List<TaskScope> scopes = new ArrayList<>();
    for (LiveScopes stripe : STRIPES) {
      synchronized (stripe) {
        for (TaskScope s = stripe.first; s != null; s = s.liveNext) scopes.add(s);
      }
    }
    // A scope below another root scope on the same stack is shown there.
    scopes.removeIf(s -> s.outer != null && enclosingScope(s.outer) != null);
    scopes.sort(Comparator.comparingLong(s -> s.openedNanos));
    List<Snapshot.Node> roots = new ArrayList<>();
    for (TaskScope s : scopes) roots.add(node(s));
    return new Snapshot(roots, Stats.OVERRUNS.sum(), Stats.ABANDONED.sum(), Stats.UNOBSERVED.sum());
  }

  private static @Nullable TaskScope enclosingScope(@Nullable Frame from) {
    for (Frame f = from; f != null; f = f.outer) if (f instanceof TaskScope s) return s;
    return null;
  }

  private static Snapshot.Node node(TaskScope s) {
    List<Snapshot.Node> below = new ArrayList<>();
    for (TaskNode<?> n = s.firstChild(); n != null; n = n.next)
      if (!n.isDone()) below.addFirst(node(n));
    addNested(s, below);
    Claim c = s.claimOrNull();
    Frame r = s.root;
    Thread t = r == null ? null : r.thread;
    return new Snapshot.Node(
        "scope",
        s.name(),
        s.phase(),
        Duration.ofNanos(s.time.nanoTime() - s.openedNanos),
        null,
        s.engine.traits().name(),
        t == null ? null : Events.threadName(t),
        null,
        c == null ? null : c.reason.message(),
        below);
  }

  private static Snapshot.Node node(TaskNode<?> n) {
    List<Snapshot.Node> below = new ArrayList<>();
    addNested(n, below);
    Frame r = n.root;
    Thread t = r == null ? null : r.thread;
    Object blocker = t == null ? null : LockSupport.getBlocker(t);
    Claim c = n.claimOrNull();
    String state =
        c != null
            ? "cancelling"
            : n.state() == Task.State.QUEUED ? "queued" : blocker != null ? "waiting" : "running";
    return new Snapshot.Node(
        n.isDaemon() ? "daemon" : "task",
        n.name(),
        state,
        Duration.ofNanos(Math.max(0, n.ageNanos())),
        blocker == null ? null : String.valueOf(blocker),
        n.engine().traits().name(),
        t == null ? null : Events.threadName(t),
        n.site(),
        c == null ? null : c.reason.message(),
        below);
  }

  /** The scopes that are open directly above a frame, on the frame's own thread. */
  private static void addNested(Frame below, List<Snapshot.Node> nodes) {
    Frame r = below.root;
    TaskScope nearest = null;
    for (Frame f = r == null ? null : r.top; f != null && f != below; f = f.outer) {
      if (f instanceof TaskNode<?>) nearest = null;
      else if (f instanceof TaskScope s) nearest = s;
      if (f.outer == null) return;
    }
    if (nearest != null) nodes.add(node(nearest));
  }
}
