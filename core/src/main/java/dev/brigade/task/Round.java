package dev.brigade.task;

import dev.brigade.observe.Finding;
import dev.brigade.observe.Finding.Kind;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * Design. A round walks over the live scopes and looks at each thread once: its state, whether it
 * has a carrier, what it is parked on, its claims. All of that is read while it changes, so a look
 * proves nothing; a streak of looks that all agree does (see Streak). Stacks are dear, so they are
 * taken only of threads that have kept a carrier for half the time already, of which there are no
 * more than carriers, and once for each finding.
 *
 * What is looked at: a task that is topmost on its thread, so that a task which helps another one
 * is not blamed for it; and the body of a scope that was opened outside any task.
 *
 * Not a hog: whoever is runnable without a carrier (it queues), and whoever is mostly seen in a
 * native method (it reads a file; the JDK compensates that).
 * Not forgotten: who waits with a bound, or with a deadline around it; who waits for other tasks,
 * or has some of its own that it may wait for, since they are looked at themselves; who waits in a
 * line that moves; daemons; who sleeps or waits in the JDK's I/O, where there is no blocker.
 */
/** One look of the watchdog at everything. */
final class Round {
  private final Watchdog.Options options;
  private final Streak.Table streaks;
  private final Map<Group, Case> cases = new LinkedHashMap<>();
  private final ArrayDeque<TaskScope> toVisit = new ArrayDeque<>();
  private final Circle circle = new Circle();
  private boolean onlyPins;
  private int running;

  private record Group(Kind kind, TaskScope scope, String site) {}

  Round(Watchdog.Options options, Streak.Table streaks) {
    this.options = options;
    this.streaks = streaks;
  }

  List<Finding> look() {
    streaks.beginRound(options.time().nanoTime());
    walk();
    if (Carriers.hold(running)) {
      onlyPins = true;
      walk();
    }
    for (List<Frame> around : circle.find()) deadlock(around);
    streaks.endRound();
    var found = new ArrayList<Finding>();
    for (Case c : cases.values()) found.add(c.finding());
    return found;
  }

  // ---- walking

  private void walk() {
    LiveScopes.forEach(this::visitRoot);
    for (TaskScope s = toVisit.poll(); s != null; s = toVisit.poll()) visit(s);
  }

  private void visitRoot(TaskScope s) {
    Frame r = s.root;
    if (r == null) return;
    if (nearestScope(r.top) == s) judge(s, s, r.thread);
    toVisit.add(s);
  }

  private static @Nullable TaskScope nearestScope(@Nullable Frame from) {
    for (Frame f = from; f != null && !(f instanceof TaskNode<?>); f = f.outer)
      if (f instanceof TaskScope s) return s;
    return null;
  }

  private void visit(TaskScope s) {
    if (!onlyPins) judgeForm(s);
    s.forEachChild(this::visit);
  }

  private void visit(TaskNode<?> n) {
    if (n.isDone()) return;
    Frame r = n.root;
    if (r == null) {
      // Elsewhere, or not begun; a claimed one that has not begun has ended.
      if (!onlyPins && n.state() == Task.State.RUNNING && n.claimOrNull() instanceof Claim c)
        slow(n, n.scope, null, c);
      return;
    }
    if (Events.enclosing(r.top) == n) judge(n, n.scope, r.thread);
    int before = toVisit.size();
    for (Frame f = r.top; f != null && f != n; f = f.outer) {
      if (f instanceof TaskNode<?>) while (toVisit.size() > before) toVisit.removeLast();
      else if (f instanceof TaskScope nested) toVisit.addLast(nested);
    }
  }

  // ---- judging

  private void judge(Frame f, TaskScope scope, @Nullable Thread t) {
    if (t == null) return;
    Thread.State state = t.getState();
    boolean waits =
        state == Thread.State.WAITING
            || state == Thread.State.TIMED_WAITING
            || state == Thread.State.BLOCKED;
    if (waits && t.isVirtual()) judgePin(f, scope, t);
    if (onlyPins) return;
    if (state == Thread.State.RUNNABLE && t.isVirtual()) judgeRunning(f, scope, t);
    Claim c = claimInForce(f);
    if (c != null) {
      Object blocker = waits ? LockSupport.getBlocker(t) : null;
      // Its tasks are what does not end, or a clean-up has its own budget.
      if (!(blocker instanceof TaskScope) && !(blocker instanceof Apart<?>)) slow(f, scope, t, c);
    } else if (state == Thread.State.WAITING) {
      Object blocker = LockSupport.getBlocker(t);
      if (blocker == null) return;
      circle.note(f, t, blocker);
      judgeWaiting(f, scope, t, blocker);
    }
  }

  private void judgeRunning(Frame f, TaskScope scope, Thread t) {
    if (!Stacks.isMounted(t)) return;
    running++;
    long needed = nanos(options.hogAfter());
    Streak s = streaks.seen(Kind.HOG, f, t, needed);
    if (s.isReported() || s.nanos() < needed / 2) return;
    List<StackTraceElement> frames = Stacks.of(t);
    if (t.getState() != Thread.State.RUNNABLE || frames.isEmpty()) return;
    s.addStack(frames);
    if (s.nanos() >= needed && s.computes()) add(Kind.HOG, f, scope, s, t, null);
  }

  /** Parked, and on a carrier all the same. */
  private void judgePin(Frame f, TaskScope scope, Thread t) {
    if (!onlyPins && streaks.lasting(Kind.PINNED, f) == null) return;
    if (!Stacks.isMounted(t)) return;
    if (!onlyPins) running++;
    long needed = nanos(options.hogAfter());
    Streak s = streaks.seen(Kind.PINNED, f, t, needed);
    if (s.nanos() >= needed) add(Kind.PINNED, f, scope, s, t, null);
  }

  private void slow(Frame f, TaskScope scope, @Nullable Thread t, Claim c) {
    long needed = nanos(options.slowCancelAfter());
    Streak s = streaks.seen(Kind.SLOW_TO_END, f, c, needed);
    if (s.nanos() >= needed) add(Kind.SLOW_TO_END, f, scope, s, t, c);
  }

  /** Why the code that runs above a frame should have stopped by now, or null. */
  private static @Nullable Claim claimInForce(Frame f) {
    Frame r = f.root;
    for (Frame g = r == null ? null : r.top; g != null; g = g.outer) {
      if (g.isShield()) return null;
      if (g.claimOrNull() instanceof Claim c && !c.self && g.stopsBody()) return c;
      if (g == f) return null;
    }
    return null;
  }

  /** All of them are one finding. */
  private void deadlock(List<Frame> around) {
    long needed = nanos(options.hogAfter());
    boolean due = true;
    for (Frame f : around) {
      Frame r = f.root;
      Thread t = r == null ? null : r.thread;
      Object blocker = t == null ? null : LockSupport.getBlocker(t);
      if (blocker == null) return;
      Streak s = streaks.seen(Kind.DEADLOCK, f, blocker, needed);
      due &= s.nanos() >= needed && !s.isReported();
    }
    if (!due) return;
    Frame first = around.getFirst();
    Frame r = first.root;
    for (Frame f : around) {
      Streak s = streaks.lasting(Kind.DEADLOCK, f);
      if (s == null || !s.tryReport() || f != first || r == null) continue;
      TaskScope scope = f instanceof TaskNode<?> n ? n.scope : (TaskScope) f;
      var found = new Case(Kind.DEADLOCK, f, s, r.thread, Circle.text(around));
      cases.put(new Group(Kind.DEADLOCK, scope, Circle.name(f)), found);
    }
  }

  private void judgeWaiting(Frame f, TaskScope scope, Thread t, Object blocker) {
    long needed = nanos(options.forgottenAfter());
    if (f instanceof TaskNode<?> n && (n.isDaemon() || n.ageNanos() < needed / 8)) return;
    if (blocker instanceof TaskScope || blocker instanceof TaskNode<?>) return;
    Frame r = f.root;
    if (r == null || Frame.deadlineOf(r.top, scope.time) != TimeSource.NEVER) return;
    TaskScope own = nearestScope(r.top);
    if (own != null && own.hasLiveTasks()) return;
    Object evidence = blocker instanceof Waiter.Line l ? place(l) : blocker;
    Streak s = streaks.seen(Kind.FORGOTTEN, f, evidence, needed);
    if (s.nanos() >= needed) add(Kind.FORGOTTEN, f, scope, s, t, blocker);
  }

  private static Object place(Waiter.Line line) {
    try {
      return new Streak.Place(line, line.served());
    } catch (RuntimeException e) {
      // Anybody's code: a line that can't tell is one that does not move.
      return line;
    }
  }

  /** An open form whose opener has ended, or which has had nothing left to do for long. */
  private void judgeForm(TaskScope s) {
    if (s.formOrNull() == null || !s.isOpen() || s.isCancelled()) return;
    Frame r = s.root;
    Thread opener = r == null ? null : r.thread;
    if (opener == null) return;
    boolean gone = !opener.isAlive();
    if (!gone && s.hasLiveTasks()) return;
    long needed = nanos(options.forgottenAfter());
    Object progress = gone ? opener : Integer.valueOf(s.forksEver());
    Streak streak = streaks.seen(Kind.UNCLOSED, s, progress, needed);
    if (gone || streak.nanos() >= needed) add(Kind.UNCLOSED, s, s, streak, opener, null);
  }

  private void add(
      Kind kind,
      Frame f,
      TaskScope scope,
      Streak streak,
      @Nullable Thread t,
      @Nullable Object detail) {
    if (!streak.tryReport()) return;
    var group = new Group(kind, scope, f instanceof TaskNode<?> n ? n.site() : "");
    Case first = cases.putIfAbsent(group, new Case(kind, f, streak, t, detail));
    if (first != null) first.more();
  }

  private static long nanos(Duration d) {
    return Durations.nanos(d, "duration");
  }
}
