package dev.brigade.testing;

import dev.brigade.engine.Engine;
import dev.brigade.engine.EngineThread;
import dev.brigade.engine.Traits;
import dev.brigade.task.TaskScope;
import dev.brigade.testing.Strand.Timer;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * Design. The library tells the clock which threads run tracked work (tasks, and bodies of scopes)
 * and when they wait. One driver thread moves the time, fires what is due, one event after the
 * other, and watches for what holds it up; it is started by need and ends when nobody waits.
 *
 * Invariants, all under `lock`.
 *  V1 running = strands with depth > 0 that are not parked. queued = tasks forked and not begun.
 *  V2 Who wakes a strand counts it as running before it can run: at unpark, at the timer, and at
 *     `interrupting`. So between a wake-up and the woken thread's next wait the clock is not quiet.
 *  V3 In the automatic mode time moves only while quiet: running == 0, queued == 0, somebody is
 *     parked. Each event is fired alone and the clock becomes quiet again before the next, so
 *     what happens at one instant happens in the order of scheduling.
 *  V4 A strand that is told of an interrupt stays in its real park until the interrupt has come:
 *     otherwise it would look at its flag too early and park again.
 *  V5 Once stalled, the clock never moves again. Waits fail; a scope that awaits its tasks goes on
 *     waiting, since it may not leave them, and fails when it has ended.
 *
 * Two cases rest on real time, since the clock cannot know: queued tasks of a bounded engine whose
 * threads all wait (they never begin, so time must go on), and threads that block elsewhere.
 */
/**
 * A clock for tests: an hour of waiting takes milliseconds. Time stands still while any task of the
 * scopes on this clock runs, and jumps to the next deadline, sleep or alarm as soon as all of them
 * wait in the library. For programs use {@link TimeSource#system()}.
 *
 * {@snippet :
 * var clock = new VirtualClock();
 * Tasks.time(clock).runScope(s -> {
 *   s.run(() -> Tasks.sleep(Duration.ofHours(1)));
 * });
 * assertEquals(Duration.ofHours(1), clock.now());
 * }
 *
 * <p>What is tracked: the body of a scope opened with {@code time(clock)}, its tasks, and all that
 * they fork. Other threads that wait on the clock are woken by it, but do not hold it up while they
 * run. Things that happen at the same instant happen in the order in which they were scheduled,
 * each after the consequences of the one before.
 *
 * <p>A tracked task that blocks elsewhere ({@code Thread.sleep}, a JDK queue) would hold the time
 * for ever. After a grace of real time it is interrupted, what waits on the clock fails with {@link
 * StalledClockException}, and so does the outermost scope, with the thread and its stack in the
 * message. The same happens when everybody waits and nothing is scheduled. A task that computes is
 * not a block, however long it takes.
 *
 * <p>In the {@linkplain #manual() manual} mode time moves by {@link #advance} alone, and nobody is
 * reported but by it.
 *
 * <p>Tasks on an engine that runs them outside this JVM count as about to begin; they hold the time
 * for half a second of real time after anything last happened. On a bounded engine whose threads
 * all wait, tasks that have not begun hold it for 20 milliseconds, 200 where spare threads may
 * come.
 *
 * <p>Memory effects: those of {@link TimeSource}. Cost: a monitor entry for each wait, and a
 * hand-over between two threads for each step of time.
 */
public final class VirtualClock implements TimeSource {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);
  private static final long SAMPLE_MILLIS = 50;
  private static final long FULL_ENGINE_MILLIS = 20;
  private static final long ALMOST_FULL_ENGINE_MILLIS = 200;
  private static final long NOT_BEGUN_MILLIS = 500;
  private static final long IDLE_MILLIS = 200;
  private static final long INTERRUPT_WAIT_NANOS = 50_000_000;

  private final Object lock = new Object();
  private final boolean automatic;
  private final long graceNanos;
  private final Timetable timetable = new Timetable();
  private final Map<Thread, Strand> strands = new HashMap<>();
  private volatile long now;
  private int running;
  private int queued;
  private int parked;
  private long changes;
  private int advancing;
  private long target = Long.MIN_VALUE;
  private @Nullable Runnable firing;
  private @Nullable Thread driver;
  private @Nullable String stalled;

  /** A clock at zero that moves by itself. */
  public VirtualClock() {
    this(true, DEFAULT_GRACE);
  }

  /**
   * A clock at zero that moves by itself.
   *
   * @param grace how long, in real time, a tracked task may block outside the library before it is
   *     reported; more than zero
   */
  public VirtualClock(Duration grace) {
    this(true, grace);
  }

  private VirtualClock(boolean automatic, Duration grace) {
    if (grace.isZero() || grace.isNegative())
      throw new IllegalArgumentException("grace must be more than zero, but was " + grace);
    this.automatic = automatic;
    this.graceNanos = grace.toNanos();
  }

  /** A clock at zero that moves only by {@link #advance}. */
  public static VirtualClock manual() {
    return new VirtualClock(false, DEFAULT_GRACE);
  }

  /**
   * A clock at zero that moves only by {@link #advance}, with a grace for what blocks elsewhere.
   */
  public static VirtualClock manual(Duration grace) {
    return new VirtualClock(false, grace);
  }

  // ---- reading and moving it

  @Override
  public long nanoTime() {
    return now;
  }

  /** How much time has passed on this clock since it was made. */
  public Duration now() {
    return Duration.ofNanos(now);
  }

  /** How many alarms and timed waits are pending. */
  public int pendingAlarms() {
    synchronized (lock) {
      return timetable.size();
    }
  }

  /** How many threads wait on this clock, with or without a time. */
  public int waiting() {
    synchronized (lock) {
      return parked;
    }
  }

  /**
   * Moves the time on by {@code time}, through everything that is due until then, and returns when
   * all tracked tasks wait again. The calling thread counts as waiting meanwhile.
   *
   * @param time zero to fire only what is due already; not negative
   * @throws StalledClockException if a task blocks outside the library
   * @throws InterruptedException if interrupted; the time then stays where it is
   */
  public void advance(Duration time) throws InterruptedException {
    long nanos = time.toNanos();
    if (nanos < 0) throw new IllegalArgumentException("time must not be negative, but was " + time);
    synchronized (lock) {
      Strand self = strands.get(Thread.currentThread());
      if (self != null && self.depth == 0) self = null;
      if (self != null) {
        running--;
        self.advancing = true;
      }
      advancing++;
      try {
        long until = Math.max(now, target) + nanos;
        target = until;
        changed();
        while (stalled == null
            && (now < until || timetable.due(until) || firing != null || !settled())) {
          startDriver();
          lock.wait();
        }
        if (stalled != null) throw new StalledClockException(stalled);
      } finally {
        if (--advancing == 0) target = now;
        if (self != null) {
          running++;
          self.advancing = false;
        }
        changed();
      }
    }
  }

  // ---- what the library tells

  @Override
  public Alarm schedule(long atNanos, Runnable action) {
    Objects.requireNonNull(action, "action");
    synchronized (lock) {
      Timer timer = timetable.add(atNanos, action, null);
      if (atNanos <= now) {
        startDriver();
        changed();
      }
      return new Alarm() {
        @Override
        public void cancel() {
          synchronized (lock) {
            timetable.cancel(timer);
          }
        }
      };
    }
  }

  @Override
  public void park(Object blocker, long untilNanos) {
    Thread me = Thread.currentThread();
    Strand s;
    synchronized (lock) {
      s = strands.computeIfAbsent(me, Strand::new);
      if (s.permit) {
        s.permit = false;
        return;
      }
      boolean interrupted = me.isInterrupted();
      if (interrupted) s.interruptComing = false;
      if (interrupted || passed(untilNanos)) {
        forgetIfStrange(s);
        return;
      }
      if (stalled != null && !(blocker instanceof TaskScope))
        throw new StalledClockException(stalled);
      if (!s.interruptComing) enter(s, blocker, untilNanos);
    }
    if (s.interruptComing) awaitInterrupt(s, blocker);
    else awaitWake(s, blocker);
  }

  private void enter(Strand s, Object blocker, long untilNanos) {
    s.blocker = blocker;
    s.parked = true;
    parked++;
    if (s.depth > 0) running--;
    if (untilNanos != NEVER) s.timer = timetable.add(untilNanos, null, s);
    startDriver();
    changed();
  }

  private void awaitWake(Strand s, Object blocker) {
    while (s.parked || s.interruptComing) {
      if (s.thread.isInterrupted()) break;
      LockSupport.park(blocker);
    }
    boolean failed;
    synchronized (lock) {
      if (s.parked) wake(s);
      s.interruptComing = false;
      failed = s.failed;
      s.failed = false;
      forgetIfStrange(s);
    }
    if (failed) throw new StalledClockException(Objects.requireNonNull(stalled));
  }

  /** It was told of, but may have come and been seen already: then nothing more will come. */
  private void awaitInterrupt(Strand s, Object blocker) {
    long end = System.nanoTime() + INTERRUPT_WAIT_NANOS;
    long left = INTERRUPT_WAIT_NANOS;
    while (left > 0 && !s.thread.isInterrupted() && !s.permit) {
      LockSupport.parkNanos(blocker, left);
      left = end - System.nanoTime();
    }
    synchronized (lock) {
      s.interruptComing = false;
      s.permit = false;
    }
  }

  private void forgetIfStrange(Strand s) {
    if (s.depth == 0 && !s.parked && !s.permit) strands.remove(s.thread);
  }

  @Override
  public void unpark(Thread thread) {
    synchronized (lock) {
      Strand s = strands.computeIfAbsent(thread, Strand::new);
      if (s.parked) wake(s);
      else s.permit = true;
      LockSupport.unpark(thread);
    }
  }

  /** Counts a parked strand as running; under the lock. */
  private void wake(Strand s) {
    s.parked = false;
    parked--;
    if (s.depth > 0) running++;
    if (s.timer != null) timetable.cancel(s.timer);
    s.timer = null;
    s.blocker = null;
    changed();
  }

  @Override
  public void interrupting(Thread thread) {
    synchronized (lock) {
      Strand s = strands.get(thread);
      if (s == null) return;
      s.interruptComing = true;
      if (s.parked) wake(s);
    }
  }

  @Override
  public void taskForked() {
    synchronized (lock) {
      queued++;
      changed();
    }
  }

  @Override
  public void taskStarted() {
    synchronized (lock) {
      queued--;
      enterWork();
    }
  }

  @Override
  public void taskEnded() {
    synchronized (lock) {
      Strand unused = leaveWork();
    }
  }

  @Override
  public void taskLeft() {
    synchronized (lock) {
      queued--;
      changed();
    }
  }

  @Override
  public void ownerEntered() {
    synchronized (lock) {
      enterWork();
    }
  }

  @Override
  public void ownerLeft() {
    String why;
    synchronized (lock) {
      Strand s = leaveWork();
      why = stalled;
      // The interrupt was the clock's: a scope takes it for a stranger's and leaves it set.
      if (s.struck && s.depth == 0) {
        boolean unused = Thread.interrupted();
      }
    }
    if (why != null) throw new StalledClockException(why);
  }

  private void enterWork() {
    Strand s = strands.computeIfAbsent(Thread.currentThread(), Strand::new);
    if (s.depth++ == 0) running++;
    changed();
  }

  private Strand leaveWork() {
    Strand s = Objects.requireNonNull(strands.get(Thread.currentThread()));
    if (--s.depth == 0) {
      running--;
      strands.remove(s.thread);
    }
    changed();
    return s;
  }

  private void changed() {
    changes++;
    lock.notifyAll();
  }

  private boolean settled() {
    return running == 0 && queued == 0;
  }

  // ---- the driver

  private void startDriver() {
    if (driver != null) return;
    Thread t = new Thread(null, this::drive, "brigade-virtual-clock", 0, false);
    t.setDaemon(true);
    driver = t;
    t.start();
  }

  private void drive() {
    while (true) {
      Runnable action;
      synchronized (lock) {
        if (!goesOn()) {
          driver = null;
          return;
        }
        action = firing;
      }
      if (action == null) continue;
      run(action);
      synchronized (lock) {
        firing = null;
        changed();
      }
    }
  }

  /** Without the lock, since it may wake and interrupt others. */
  private static void run(Runnable action) {
    try {
      action.run();
    } catch (Throwable t) {
      System.getLogger("dev.brigade").log(System.Logger.Level.ERROR, "an alarm failed", t);
    }
  }

  private boolean goesOn() {
    try {
      return step();
    } catch (InterruptedException e) {
      // Nobody has this thread, so nobody means it.
      return true;
    }
  }

  /** Does what can be done now, or waits for a change; false when the driver is not needed. */
  private boolean step() throws InterruptedException {
    if (stalled != null) return false;
    if (timetable.due(now)) {
      fire(now);
      return true;
    }
    boolean wanted = advancing > 0 || automatic && parked > 0;
    if (!wanted) {
      boolean idle = stays(IDLE_MILLIS);
      strands.values().removeIf(s -> s.depth == 0 && !s.parked && !s.thread.isAlive());
      return !idle;
    }
    if (running > 0) watch();
    else if (queued == 0 || stays(holdMillis()) && carriersAreFree()) move();
    return true;
  }

  /**
   * Whether a virtual thread begins to run, and nothing else changes meanwhile: then what waits to
   * begin does not wait for a carrier.
   */
  private boolean carriersAreFree() throws InterruptedException {
    long seen = changes;
    var ran = new AtomicBoolean();
    Thread unused =
        Thread.startVirtualThread(() -> {
          synchronized (lock) {
            ran.set(true);
            lock.notifyAll();
          }
        });
    while (!ran.get() && seen == changes) lock.wait();
    return seen == changes && stays(SAMPLE_MILLIS);
  }

  private void move() throws InterruptedException {
    if (advancing > 0 && now < target) {
      if (timetable.due(target)) {
        fire(timetable.firstAt());
      } else {
        now = target;
        changed();
      }
    } else if (automatic && timetable.size() > 0) {
      fire(timetable.firstAt());
    } else if (automatic && anyTrackedWaits()) {
      if (stays(graceNanos / 1_000_000 + 1)) stall(deadlock());
    } else {
      boolean unused = stays(IDLE_MILLIS);
    }
  }

  /** Of threads that are not tracked it cannot be said whether others will wake them. */
  private boolean anyTrackedWaits() {
    for (Strand s : strands.values()) if (s.parked && s.depth > 0) return true;
    return false;
  }

  private void fire(long at) {
    Timer timer = timetable.takeFirst();
    now = Math.max(now, at);
    Strand s = timer.strand;
    if (s != null) {
      s.timer = null;
      wake(s);
      LockSupport.unpark(s.thread);
      return;
    }
    firing = timer.action;
  }

  /** Whether nothing changes for a while of real time. */
  private boolean stays(long millis) throws InterruptedException {
    long seen = changes;
    long end = System.nanoTime() + millis * 1_000_000;
    for (long left = millis; left > 0 && seen == changes; ) {
      lock.wait(left);
      left = (end - System.nanoTime() + 999_999) / 1_000_000;
    }
    return seen == changes;
  }

  /** How long tasks that have not begun hold the time. */
  private long holdMillis() {
    Map<Engine, Integer> waiting = new HashMap<>();
    for (Strand s : strands.values())
      if (s.parked && s.thread instanceof EngineThread e)
        waiting.merge(e.engine(), 1, Integer::sum);
    long hold = NOT_BEGUN_MILLIS;
    for (var e : waiting.entrySet()) {
      Traits traits = e.getKey().traits();
      if (e.getValue() >= traits.defaultLimit())
        hold = Math.min(hold, traits.chunked() ? ALMOST_FULL_ENGINE_MILLIS : FULL_ENGINE_MILLIS);
    }
    return hold;
  }

  /** Waits while tracked threads run; reports them if all are seen blocked for the whole grace. */
  private void watch() throws InterruptedException {
    long began = System.nanoTime();
    // Several looks at least: a thread may wait for a moment, as for a class being loaded.
    while (stays(Math.max(1, Math.min(SAMPLE_MILLIS, graceNanos / 5_000_000)))) {
      List<Strand> blocked = new ArrayList<>();
      for (Strand s : strands.values())
        if (s.depth > 0 && !s.parked && !s.advancing) blocked.add(s);
      blocked.removeIf(s -> s.thread.getState() == Thread.State.RUNNABLE);
      if (blocked.isEmpty() || blocked.size() < running) return;
      if (System.nanoTime() - began < graceNanos) continue;
      String report = foreignBlock(blocked);
      stall(report);
      for (Strand s : blocked) {
        s.struck = true;
        s.thread.interrupt();
      }
      return;
    }
  }

  private void stall(String report) {
    stalled = report;
    System.getLogger("dev.brigade").log(System.Logger.Level.ERROR, report);
    for (Strand s : new ArrayList<>(strands.values())) {
      if (!s.parked || s.blocker instanceof TaskScope) continue;
      s.failed = true;
      wake(s);
      LockSupport.unpark(s.thread);
    }
    changed();
  }

  // ---- reports

  private String foreignBlock(List<Strand> blocked) {
    var out = new StringBuilder("time stands still, because ");
    out.append(blocked.size() == 1 ? "a tracked task waits" : "tracked tasks wait");
    out.append(" outside the library:");
    for (Strand s : blocked) Stalls.describe(s.thread, out);
    out.append("\nLet it wait by Tasks.sleep, Task.join, Limit, Guarded or Waiter.");
    return waiters(out);
  }

  private String deadlock() {
    return waiters(
        new StringBuilder("every tracked task waits, and nothing is scheduled: a deadlock."));
  }

  private String waiters(StringBuilder out) {
    for (Strand s : strands.values())
      if (s.parked)
        out.append("\n").append(Stalls.name(s.thread)).append(" waits for ").append(s.blocker);
    return out.toString();
  }

  @Override
  public String toString() {
    synchronized (lock) {
      return "virtual time " + now() + " (" + running + " running, " + parked + " waiting)";
    }
  }
}
