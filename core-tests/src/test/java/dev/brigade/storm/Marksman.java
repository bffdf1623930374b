package dev.brigade.storm;

import dev.brigade.process.ProcessPool;
import dev.brigade.process.WorkerInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** Sends signals to the workers of a pool, whatever they do at the moment. */
final class Marksman {
  private final ProcessPool pool;
  private final RandomGenerator random;
  private final int pauseMillis;
  private final boolean gentle;
  private final AtomicBoolean ceased = new AtomicBoolean();
  private final Map<String, Integer> hits = new TreeMap<>();
  private final Map<Long, Long> stopped = new ConcurrentHashMap<>();
  private int readyAtLastStartHit = -1;

  /**
   * @param pauseMillis between two signals, on average
   */
  Marksman(ProcessPool pool, RandomGenerator random, int pauseMillis) {
    this.pool = pool;
    this.random = random;
    this.pauseMillis = pauseMillis;
    this.gentle = random.nextInt(4) == 0;
  }

  /** On a slow machine workers would be shot for ever before they have done anything. */
  void run(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    while (!ceased.get() && System.nanoTime() - until < 0) {
      Thread.sleep(random.nextInt(2 * pauseMillis), random.nextInt(1_000_000));
      goOn(false);
      shoot();
    }
    goOn(true);
  }

  boolean hasCeased() {
    return ceased.get();
  }

  void cease() {
    ceased.set(true);
  }

  private void shoot() {
    List<WorkerInfo> all = new ArrayList<>(pool.workers());
    int newest = -1;
    for (WorkerInfo w : all)
      if (w.state() == WorkerInfo.State.READY) newest = Math.max(newest, w.number());
    all.removeIf(w -> w.pid() <= 0 || w.state() == WorkerInfo.State.DEAD);
    if (all.isEmpty()) return;
    WorkerInfo target = all.get(random.nextInt(all.size()));
    boolean starting = target.state().compareTo(WorkerInfo.State.READY) < 0;
    int dice = random.nextInt(20);
    if (dice < 3) {
      stop(target, random.nextInt(300));
    } else if (dice < 4 && !starting) {
      // For ever: the pool must find out.
      hit(target, Native.SIGSTOP, "stopped for good");
    } else {
      // A pool none of whose workers gets ready is broken, and says so: that is another test.
      if (starting && newest <= readyAtLastStartHit) return;
      if (starting) readyAtLastStartHit = Math.max(newest, target.number());
      boolean term = gentle && dice < 12;
      String state = target.state().name().toLowerCase(java.util.Locale.ROOT);
      hit(
          target,
          term ? Native.SIGTERM : Native.SIGKILL,
          (term ? "terminated " : "killed ")
              + (state.equals("ready") ? target.running() > 0 ? "running" : "idle" : state));
    }
  }

  private void stop(WorkerInfo target, int millis) {
    if (hit(target, Native.SIGSTOP, "stopped for a while")) {
      Long unused =
          stopped.put(target.pid(), System.nanoTime() + Duration.ofMillis(millis).toNanos());
    }
  }

  private void goOn(boolean all) {
    stopped.forEach((pid, until) -> {
      if (!all && System.nanoTime() - until < 0) return;
      boolean unused = Native.signalChild(pid, Native.SIGCONT);
      stopped.remove(pid, until);
    });
  }

  private boolean hit(WorkerInfo target, int signal, String what) {
    if (!Native.signalChild(target.pid(), signal)) return false;
    synchronized (hits) {
      int unused = hits.merge(what, 1, Integer::sum);
    }
    return true;
  }

  void addTo(Map<String, Integer> sum) {
    synchronized (hits) {
      hits.forEach((what, count) -> sum.merge(what, count, Integer::sum));
    }
  }
}
