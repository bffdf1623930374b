package dev.brigade.process;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches the worker processes that belong to no pool, on one thread, which is there as long as
 * there are any. It never runs code of others.
 */
final class LoneWorkers {
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);

  /** A gap in its own time: the machine slept, or this process was stopped. */
  private static final long GAP = TimeUnit.SECONDS.toNanos(1);

  private static final List<LoneWorker> ALL = new ArrayList<>();
  private static boolean watched;

  private LoneWorkers() {}

  static synchronized void add(LoneWorker worker) {
    ALL.add(worker);
    if (watched) return;
    watched = true;
    Thread unused =
        Thread.ofPlatform()
            .name("brigade-worker-watch")
            .daemon()
            .inheritInheritableThreadLocals(false)
            .start(LoneWorkers::watch);
  }

  static synchronized void remove(LoneWorker worker) {
    boolean unused = ALL.remove(worker);
  }

  private static synchronized List<LoneWorker> all() {
    if (ALL.isEmpty()) watched = false;
    return List.copyOf(ALL);
  }

  private static void watch() {
    long looked = System.nanoTime();
    long gap = looked;
    for (List<LoneWorker> all = all(); !all.isEmpty(); all = all()) {
      long now = System.nanoTime();
      if (now - looked > GAP) gap = now;
      looked = now;
      for (LoneWorker w : all) look(w, now, gap);
      LockSupport.parkNanos(LoneWorkers.class, TICK);
    }
  }

  private static void look(LoneWorker worker, long now, long gap) {
    try {
      worker.look(now, gap);
    } catch (Throwable t) {
      // The watch must not end: without it nothing is ever killed.
      Thread me = Thread.currentThread();
      me.getUncaughtExceptionHandler().uncaughtException(me, t);
    }
  }
}
