package dev.brigade.process.launch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ends worker processes by force. */
public final class Killing {
  private Killing() {}

  /**
   * Kills a worker and the processes that it started, theirs included. What it starts between the
   * look and the kill may be left.
   *
   * @return those that it had started, of which some may end a moment later
   */
  public static List<ProcessHandle> kill(Process worker) {
    // The worker goes first, so that it starts no more; its children would be nobody's by then.
    List<ProcessHandle> descendants = List.of();
    try {
      descendants = worker.descendants().toList();
    } catch (RuntimeException _) {
      // Without a list of processes only the worker itself can be killed.
    }
    worker.destroyForcibly();
    for (ProcessHandle descendant : descendants) {
      try {
        boolean unused = descendant.destroyForcibly();
      } catch (IllegalStateException _) {
        // It is this process itself, which no worker can have started.
      }
    }
    return descendants;
  }

  /**
   * The same, waiting until all are gone.
   *
   * @return whether they were within that time
   */
  public static boolean killAndWait(Process worker, Duration atMost) throws InterruptedException {
    List<ProcessHandle> descendants = kill(worker);
    long began = System.nanoTime();
    long nanos =
        atMost.compareTo(Duration.ofDays(1)) > 0 ? TimeUnit.DAYS.toNanos(1) : atMost.toNanos();
    if (!worker.waitFor(nanos, TimeUnit.NANOSECONDS)) return false;
    for (ProcessHandle descendant : descendants) {
      while (descendant.isAlive() && ProcessFacts.state(descendant.pid()) != 'Z') {
        if (System.nanoTime() - began >= nanos) return false;
        TimeUnit.MILLISECONDS.sleep(1);
      }
    }
    return true;
  }
}
