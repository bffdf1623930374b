package dev.brigade.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The workers of a pool, which of their lanes have nothing to do, and how many there ought to be:
 * those that may be given tasks ("active"), spare ones, those that come and those that leave. Under
 * the pool's lock.
 */
final class Staff {
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  final List<LiveWorker> workers = new ArrayList<>();
  final ArrayDeque<Lane> idle = new ArrayDeque<>();
  private final ProcessOptions options;

  Staff(ProcessOptions options) {
    this.options = options;
  }

  /** How many to start: up to the size that is wanted, spare ones included. */
  int missing(int waiting) {
    int active = 0;
    int coming = 0;
    for (LiveWorker w : workers) {
      switch (w.state()) {
        case STARTING, INITIALISING -> coming++;
        case READY -> {
          if (isSpare(w) || w.active && !worn(w)) active++;
        }
        default -> {}
      }
    }
    int busy = workersWanted(waiting);
    return Math.max(0, busy + sparesWanted() - active - coming);
  }

  int sparesWanted() {
    return Math.max(options.size().spare(), options.recycling().maxTasks() > 0 ? 1 : 0);
  }

  /** How many may work now: the minimum, and more as long as tasks wait. */
  int workersWanted(int waiting) {
    var size = options.size();
    int active = 0;
    for (LiveWorker w : workers) if (w.active && w.state() == WorkerInfo.State.READY) active++;
    int needed = (waiting + options.size().concurrency() - 1) / options.size().concurrency();
    return Math.min(size.max(), Math.max(size.min(), Math.max(active, active + needed)));
  }

  /** Whether a worker is to be replaced. */
  boolean worn(LiveWorker w) {
    var r = options.recycling();
    return quota(w) <= 0
        || w.spoiled()
        || r.maxAge() != null && w.ageNanos() > r.maxAge().toNanos()
        || r.maxResidentBytes() > 0 && w.residentBytes() > r.maxResidentBytes();
  }

  static boolean isSpare(LiveWorker w) {
    return !w.active && !w.leaving && w.state() == WorkerInfo.State.READY;
  }

  void leave(LiveWorker w) {
    w.active = false;
    w.leaving = true;
    idle.removeIf(l -> l.worker == w);
  }

  /** Worn workers go when another one is ready in their place, or at once if they can't go on. */
  void recycle(List<LiveWorker> retiring) {
    for (LiveWorker w : List.copyOf(workers)) {
      if (w.state() != WorkerInfo.State.READY) continue;
      if (w.leaving && w.tasks() + w.returned >= w.assigned) retiring.add(w);
      if (!w.active || !worn(w)) continue;
      LiveWorker next = null;
      for (LiveWorker other : workers) {
        if (next == null && isSpare(other)) next = other;
      }
      if (next == null && quota(w) > 0) continue;
      leave(w);
      // One that has had all its tasks runs them first: some may not have come to it yet.
      if (quota(w) > 0 || w.spoiled()) retiring.add(w);
      if (next != null) activate(next);
    }
  }

  void shrink(long now, List<LiveWorker> retiring) {
    int active = 0;
    for (LiveWorker w : workers) if (w.active) active++;
    for (LiveWorker w : List.copyOf(workers)) {
      if (active <= options.size().min()) return;
      if (!w.active || now - w.idleSinceNanos < IDLE_NANOS) continue;
      boolean rests = true;
      for (Lane l : w.lanes()) rests &= idle.contains(l);
      if (!rests) continue;
      leave(w);
      retiring.add(w);
      active--;
    }
  }

  /** One that is ready need not be waited for; the next one takes its place as the spare one. */
  boolean useSpare(int waiting) {
    int active = 0;
    LiveWorker spare = null;
    for (LiveWorker w : workers) {
      if (w.active) active++;
      else if (isSpare(w)) spare = w;
    }
    if (spare == null || active >= workersWanted(waiting)) return false;
    activate(spare);
    return true;
  }

  /** A spare worker takes the place of another. */
  void activate(LiveWorker spare) {
    spare.active = true;
    spare.idleSinceNanos = System.nanoTime();
    for (Lane lane : spare.lanes()) idle.push(lane);
  }

  int quota(LiveWorker worker) {
    long max = options.recycling().maxTasks();
    return max == 0 ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, max - worker.assigned);
  }
}
