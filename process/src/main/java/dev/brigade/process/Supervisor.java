package dev.brigade.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What watches a pool's workers: timeouts of tasks, the grace after an interrupt, signs of life,
 * memory, age, tasks that are stuck behind a long one, and how many workers there are. One thread,
 * which sleeps as long as it can, and never runs code of others: what is to be killed is killed,
 * whatever a callback does.
 */
final class Supervisor implements Runnable {
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long SLOW = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long PING_EVERY = TimeUnit.SECONDS.toNanos(1);

  private static final long START_SLACK = TimeUnit.MILLISECONDS.toNanos(200);

  /** A gap in its own time: the machine slept, or this process was stopped. */
  private static final long GAP = TimeUnit.SECONDS.toNanos(1);

  private final ProcessPool pool;
  private final Map<PoolTask, Watch> watches = new ConcurrentHashMap<>();
  private volatile long wakeNanos;
  private volatile @Nullable Thread thread;
  private volatile boolean aheadWatched;
  private volatile boolean stopped;
  private long pingedNanos = System.nanoTime();
  private long lookedNanos = System.nanoTime();
  private long heardOfGap = System.nanoTime();

  /** What is to happen to a task, and when: first the interrupt, then the kill. */
  private record Watch(Lane lane, PoolTask task, boolean interrupted, long atNanos) {}

  Supervisor(ProcessPool pool) {
    this.pool = pool;
  }

  void start() {
    thread =
        Thread.ofPlatform()
            .name(pool.name() + "-supervisor")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .start(this);
  }

  boolean isMe() {
    return Thread.currentThread() == thread;
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
  }

  /** Looks at everything soon. */
  void look() {
    wakeNanos = System.nanoTime();
    LockSupport.unpark(thread);
  }

  /** A task is out on a lane; the lane's lock is held. */
  void sent(PoolTask task) {
    var timeout = task.rules.timeout();
    Lane lane = task.lane();
    if (timeout == null || lane == null) return;
    watch(new Watch(lane, task, false, task.sentNanos + timeout.toNanos()));
  }

  /** Tasks were sent ahead of others. */
  void sentAhead() {
    if (aheadWatched) return;
    aheadWatched = true;
    if (wakeNanos - System.nanoTime() > SLOW) look();
  }

  /** A running task was told to stop. */
  void interrupted(Lane lane, PoolTask task) {
    long grace = pool.options().worker().times().grace().toNanos();
    watch(new Watch(lane, task, true, System.nanoTime() + grace));
  }

  private void watch(Watch w) {
    // An interrupt stands until the kill: a later one gives no new grace.
    watches.merge(w.task, w, (old, now) -> old.interrupted && old.lane == now.lane ? old : now);
    if (wakeNanos - w.atNanos > 0) {
      wakeNanos = w.atNanos;
      LockSupport.unpark(thread);
    }
  }

  @Override
  public void run() {
    while (!stopped) {
      long now = System.nanoTime();
      long next = now + TICK;
      wakeNanos = next;
      try {
        if (now - lookedNanos > GAP) heardOfGap = now;
        lookedNanos = now;
        next = Math.min(next, tasks(now));
        workers(now);
        if (slow(now)) next = Math.min(next, now + SLOW);
        pool.adjust(now);
      } catch (Throwable t) {
        // It must not end: without it nothing is ever killed.
        Thread me = Thread.currentThread();
        me.getUncaughtExceptionHandler().uncaughtException(me, t);
      }
      if (wakeNanos - next > 0) wakeNanos = next;
      long wait = wakeNanos - System.nanoTime();
      if (wait > 0 && !stopped) LockSupport.parkNanos(this, wait);
    }
  }

  /** Tasks whose time has come; returns when the next one's does. */
  private long tasks(long now) {
    long next = now + TICK;
    for (Watch w : watches.values()) {
      if (!w.lane.has(w.task)) {
        // Ended, or taken back: sent again it is watched again.
        boolean unused = watches.remove(w.task, w);
        continue;
      }
      if (w.atNanos - now > 0) {
        next = Math.min(next, w.atNanos);
        continue;
      }
      if (w.interrupted) {
        boolean unused = watches.remove(w.task, w);
        w.lane.worker.kill(
            new WorkerEnd(
                WorkerDiedException.Cause.KILLED,
                "a task did not end within the grace after its interrupt"));
      } else {
        next = Math.min(next, timedOut(w, now));
      }
    }
    return next;
  }

  private long timedOut(Watch w, long now) {
    var timeout = w.task.rules.timeout();
    long limit = timeout == null ? 0 : timeout.toNanos();
    long began = w.lane.beganNanos(w.task);
    // It has waited in the worker behind another: its time counts from its beginning.
    long at = began == 0 ? now + Math.min(limit, TimeUnit.MILLISECONDS.toNanos(10)) : began + limit;
    if (at - now > 0) {
      boolean unused = watches.replace(w.task, w, new Watch(w.lane, w.task, false, at));
      return at;
    }
    pool.timedOut(w.task);
    return now + TICK;
  }

  private void workers(long now) {
    var times = pool.options().worker().times();
    long silence = times.silence().toNanos();
    boolean ping = now - pingedNanos >= PING_EVERY;
    if (ping) pingedNanos = now;
    for (LiveWorker w : new ArrayList<>(pool.live())) {
      w.lookForExit(now, GAP);
      long by = w.retireByNanos();
      if (by != 0 && now - by > 0) {
        w.kill(
            new WorkerEnd(
                WorkerDiedException.Cause.KILLED,
                "it did not end when it was told or had said to"));
        continue;
      }
      if (w.state().compareTo(WorkerInfo.State.READY) < 0) {
        // A start that can't go on gives up by itself and says more, unless it is stuck.
        if (w.ageNanos() - times.start().toNanos() > START_SLACK)
          w.kill(
              new WorkerEnd(
                  WorkerDiedException.Cause.KILLED,
                  "it was not ready within " + times.start().toMillis() + " ms"));
        continue;
      }
      if (w.state() == WorkerInfo.State.DEAD) continue;
      if (ping) w.ping();
      if (!w.active()) w.prepare();
      long heard = Math.max(w.heardNanos() - now, heardOfGap - now) + now;
      if (silence > 0 && now - heard > silence) {
        w.kill(
            new WorkerEnd(
                WorkerDiedException.Cause.SILENT,
                "it gave no sign of life for " + times.silence().toMillis() + " ms"));
        continue;
      }
      if (silence > 0 && now - heardOfGap > silence && stuck(w, now, silence)) {
        w.kill(
            new WorkerEnd(
                WorkerDiedException.Cause.SILENT,
                "it did not begin what it was given for " + times.silence().toMillis() + " ms"));
        continue;
      }
      long cap = pool.options().worker().caps().residentBytes();
      if (cap > 0) {
        long resident = w.residentBytes();
        if (resident > cap) {
          w.kill(
              new WorkerEnd(
                  WorkerDiedException.Cause.MEMORY_CAP,
                  "it took " + resident + " bytes, and may take " + cap));
        }
      }
    }
  }

  private static boolean stuck(LiveWorker worker, long now, long patience) {
    for (Lane lane : worker.lanes()) if (lane.isStuck(now, patience)) return true;
    return false;
  }

  /** Looks at lanes with tasks sent ahead; whether there are any. */
  private boolean slow(long now) {
    if (!aheadWatched) return false;
    boolean any = false;
    List<Lane> lanes = new ArrayList<>();
    for (LiveWorker w : pool.live()) lanes.addAll(w.lanes());
    for (Lane lane : lanes) {
      lane.recallIfSlow(now, SLOW);
      any |= lane.sentAhead();
    }
    aheadWatched = any;
    return any;
  }
}
