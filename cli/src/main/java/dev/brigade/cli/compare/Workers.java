package dev.brigade.cli.compare;

import dev.brigade.process.ProcessPool;
import dev.brigade.process.WorkerInfo;
import dev.brigade.task.Tasks;
import dev.brigade.task.VoidFn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/** Worker processes for one workload, ready to run its items. */
final class Workers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ProcessPool pool;
  private final int count;
  private final double startSeconds;

  private Workers(ProcessPool pool, int count, double startSeconds) {
    this.pool = pool;
    this.count = count;
    this.startSeconds = startSeconds;
  }

  /**
   * Starts so many, and waits until they are ready.
   *
   * @throws RejectedExecutionException if they can't be started here
   */
  static Workers open(int count) throws InterruptedException {
    long start = System.nanoTime();
    ProcessPool pool = ProcessPool.open(count);
    boolean ready = false;
    try {
      ready = pool.awaitReady(PATIENCE);
      if (!ready)
        throw new RejectedExecutionException(
            "worker processes were not ready within " + PATIENCE.toSeconds() + " s");
      return new Workers(pool, count, (System.nanoTime() - start) / 1e9);
    } finally {
      if (!ready) {
        var unused = pool.shutdownNow();
        pool.close();
      }
    }
  }

  /** Runs the items, as many at once as there are workers. */
  void run(List<Integer> items, VoidFn<Integer, ?> item) throws Exception {
    Tasks.on(pool).limit(count).forEach(items, item);
  }

  /** How long it took until they were ready. */
  double startSeconds() {
    return startSeconds;
  }

  /** What their processes have resident. */
  long residentBytes() {
    return pool.workers().stream().mapToLong(WorkerInfo::residentBytes).sum();
  }

  @Override
  public void close() {
    pool.close();
  }
}
