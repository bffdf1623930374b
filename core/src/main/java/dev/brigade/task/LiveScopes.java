package dev.brigade.task;

import dev.brigade.observe.Meters;
import dev.brigade.observe.Snapshot;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The scopes that were opened outside any task, and the tree below them, which is read from the
 * frames that keep it anyway.
 *
 * <p>Entries hang on lock-free stacks, one for each of several groups of threads. A scope that
 * closes clears its entry; whoever adds one drops cleared entries from the top, and sweeps the
 * inside now and then, alone. So opening and closing costs one compare-and-set, and what is kept is
 * at most a few dozen empty entries, or twice what lives.
 */
final class LiveScopes {
  private static final LiveScopes[] STRIPES = new LiveScopes[16];
  private static final int SWEEP_AFTER = 64;
  private static final VarHandle TOP;
  private static final VarHandle SWEEPING;

  static {
    try {
      var lookup = MethodHandles.lookup();
      TOP = lookup.findVarHandle(LiveScopes.class, "top", Entry.class);
      SWEEPING = lookup.findVarHandle(LiveScopes.class, "sweeping", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
    for (int i = 0; i < STRIPES.length; i++) STRIPES[i] = new LiveScopes();
  }

  private volatile @Nullable Entry top;

  @SuppressWarnings("UnusedVariable") // by SWEEPING
  private volatile boolean sweeping;

  private int sweepIn = SWEEP_AFTER;

  private LiveScopes() {}

  /** A scope's place; cleared by the scope when it closes. */
  static final class Entry {
    volatile @Nullable TaskScope scope;
    volatile @Nullable Entry next;

    Entry(TaskScope scope) {
      this.scope = scope;
    }
  }

  static Entry add(TaskScope scope) {
    LiveScopes stripe = STRIPES[(int) Thread.currentThread().threadId() & STRIPES.length - 1];
    var entry = new Entry(scope);
    Entry seen;
    do {
      seen = stripe.top;
      Entry below = seen;
      while (below != null && below.scope == null) below = below.next;
      entry.next = below;
    } while (!TOP.compareAndSet(stripe, seen, entry));
    // Not exact, which does no harm: it only spaces the sweeps.
    if (--stripe.sweepIn < 0) stripe.sweep();
    return entry;
  }

  private void sweep() {
    if (!SWEEPING.compareAndSet(this, false, true)) return;
    int live = 0;
    Entry above = top;
    while (above != null) {
      live++;
      Entry next = above.next;
      while (next != null && next.scope == null) next = next.next;
      above.next = next;
      above = next;
    }
    sweepIn = SWEEP_AFTER + live;
    SWEEPING.setVolatile(this, false);
  }

  /** All that were opened outside any task; several of them may be on one stack. */
  static void forEach(Consumer<TaskScope> action) {
    for (LiveScopes stripe : STRIPES) {
      for (Entry e = stripe.top; e != null; e = e.next) {
        TaskScope s = e.scope;
        if (s != null) action.accept(s);
      }
    }
  }

  static Snapshot snapshot() {
    List<TaskScope> scopes = new ArrayList<>();
    forEach(scopes::add);
    // A scope below another root scope on the same stack is shown there.
    scopes.removeIf(s -> s.outer != null && enclosingScope(s.outer) != null);
    scopes.sort(Comparator.comparingLong(TaskScope::ageNanos).reversed());
    List<Snapshot.Node> roots = new ArrayList<>();
    for (TaskScope s : scopes) roots.add(node(s));
    return new Snapshot(
        roots,
        Stats.OVERRUNS.sum(),
        Stats.ABANDONED.sum(),
        Stats.UNOBSERVED.sum(),
        Meters.readings());
  }

  private static @Nullable TaskScope enclosingScope(@Nullable Frame from) {
    for (Frame f = from; f != null; f = f.outer) if (f instanceof TaskScope s) return s;
    return null;
  }

  private static Snapshot.Node node(TaskScope s) {
    List<Snapshot.Node> below = new ArrayList<>();
    for (TaskNode<?> n : s.childList()) if (!n.isDone()) below.add(node(n));
    addNested(s, below);
    Claim c = s.claimOrNull();
    Frame r = s.root;
    Thread t = r == null ? null : r.thread;
    return new Snapshot.Node(
        "scope",
        s.name(),
        s.phase(),
        Duration.ofNanos(s.ageNanos()),
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
    String state = c != null ? "cancelling" : state(n, t);
    return new Snapshot.Node(
        n.isDaemon() ? "daemon" : "task",
        n.name(),
        state,
        Duration.ofNanos(n.ageNanos()),
        blocker == null ? null : Events.text(blocker),
        n.engine().traits().name(),
        t == null ? null : Events.threadName(t),
        n.site(),
        c == null ? null : c.reason.message(),
        below);
  }

  private static String state(TaskNode<?> n, @Nullable Thread t) {
    if (n.state() == Task.State.QUEUED) return "queued";
    return switch (t == null ? Thread.State.RUNNABLE : t.getState()) {
      case WAITING, TIMED_WAITING, BLOCKED -> "waiting";
      default -> "running";
    };
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
