package dev.brigade.process;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends results that a worker's lanes have kept back to send them together, when a long task keeps
 * the lane from it: within about a millisecond. Sleeps while there are none.
 */
final class Flusher implements Runnable {
  private static final long EVERY = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int QUIET_ROUNDS = 20;

  private final List<WorkerLane> lanes = new CopyOnWriteArrayList<>();
  private volatile boolean asleep = true;
  private volatile @Nullable Thread thread;

  void add(WorkerLane lane) {
    lanes.add(lane);
  }

  /** A lane keeps something back and begins a task. */
  void awake() {
    if (!asleep) return;
    asleep = false;
    Thread t = thread;
    if (t == null) t = start();
    LockSupport.unpark(t);
  }

  private synchronized Thread start() {
    Thread t = thread;
    if (t == null) {
      t = Thread.ofPlatform().name("brigade-flusher").daemon().start(this);
      thread = t;
    }
    return t;
  }

  @Override
  public void run() {
    int quiet = 0;
    while (true) {
      LockSupport.parkNanos(this, EVERY);
      boolean any = false;
      for (WorkerLane lane : lanes) any |= lane.flushKept();
      quiet = any ? 0 : quiet + 1;
      if (quiet < QUIET_ROUNDS) continue;
      asleep = true;
      // Looked at once more: a lane may have seen it awake just before.
      for (WorkerLane lane : lanes) any |= lane.flushKept();
      while (asleep && !any) LockSupport.park(this);
      asleep = false;
      quiet = 0;
    }
  }
}
