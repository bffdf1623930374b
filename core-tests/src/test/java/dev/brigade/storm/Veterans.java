package dev.brigade.storm;

import dev.brigade.process.ProcessOptions;
import dev.brigade.process.ProcessPool;
import dev.brigade.process.ProcessTask;
import dev.brigade.process.WorkerInfo;
import dev.brigade.process.WorkerOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Pools that live as long as the storm, opened on threads that have ended since: one whose only
 * worker must never end, and one that gives it tasks without end and a new worker for every
 * thousand.
 */
final class Veterans {
  private static final int TASKS = 2_000;
  private static final int AT_ONCE = 100;

  private final long bornNanos = System.nanoTime();
  private final ProcessPool steady;
  private final ProcessPool recycled;
  private final long pid;
  private final Set<Long> seen = new TreeSet<>();
  private long tasks;

  Veterans() throws Exception {
    var worker =
        WorkerOptions.of().withJvmOptions("-XX:TieredStopAtLevel=1").withHeapBytes(32L << 20);
    var one = ProcessOptions.of(1).withWorker(worker).withName("veteran");
    steady = opened(Thread.ofVirtual(), one);
    recycled = opened(Thread.ofPlatform(), one.withMaxTasks(1_000));
    pid = steady.call(Veterans::pid, 0).get();
  }

  private static long pid(int unused) {
    return ProcessHandle.current().pid();
  }

  private static ProcessPool opened(Thread.Builder on, ProcessOptions options) throws Exception {
    var opened = new AtomicReference<ProcessPool>();
    on.start(() -> opened.set(ProcessPool.open(options))).join();
    return opened.get();
  }

  void check() throws Exception {
    long now = steady.call(Veterans::pid, 0).get(60, TimeUnit.SECONDS);
    if (now != pid)
      throw new AssertionError("worker " + pid + " ended without a cause after " + age());
    var out = new ArrayDeque<ProcessTask<Long>>();
    for (int i = 0; i < TASKS; i++) {
      if (out.size() == AT_ONCE) seen.add(out.remove().get(60, TimeUnit.SECONDS));
      out.add(recycled.call(Veterans::pid, i));
    }
    for (var task : out) seen.add(task.get(60, TimeUnit.SECONDS));
    tasks += TASKS;
    // Each but the last has been given its thousand, of which a few may have been taken back.
    if (seen.size() > tasks / 900 + 1)
      throw new AssertionError(seen.size() + " workers for " + tasks + " tasks");
    Crowd.await(
        "the recycled pool to be at its size",
        () -> ready() == 2 && recycled.workers().size() == 2);
  }

  /** The one that works and the one that is ready to take its place. */
  private long ready() {
    return recycled.workers().stream().filter(w -> w.state() == WorkerInfo.State.READY).count();
  }

  Set<Long> pids() {
    Set<Long> all = new TreeSet<>();
    for (WorkerInfo w : steady.workers()) all.add(w.pid());
    for (WorkerInfo w : recycled.workers()) all.add(w.pid());
    return all;
  }

  private Duration age() {
    return Duration.ofSeconds(Duration.ofNanos(System.nanoTime() - bornNanos).toSeconds());
  }

  @Override
  public String toString() {
    return "a pool from a thread that ended has lived for "
        + age()
        + "; another ran "
        + tasks
        + " tasks in "
        + seen.size()
        + " workers";
  }
}
