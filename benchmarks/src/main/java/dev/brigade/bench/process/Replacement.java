package dev.brigade.bench.process;

import dev.brigade.bench.Rounds;
import dev.brigade.process.ProcessOptions;
import dev.brigade.process.ProcessPool;
import dev.brigade.process.ProcessTask;
import dev.brigade.process.WorkerInfo;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * A pool of one worker, which is busy, and one spare: from the kill of the busy one until a task
 * that waited for it has been answered by the spare.
 */
final class Replacement implements Rounds.Sampler, AutoCloseable {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int LONG_MILLIS = 20_000;

  private final ProcessPool pool = ProcessPool.open(ProcessOptions.of(1).withSpare(1));

  @Override
  public double[] sample() throws Exception {
    await(() -> ready() == 2, "a worker and a spare that are ready");
    // A spare has mostly been there for a while.
    Thread.sleep(500);
    ProcessTask<Integer> busy = pool.call(Replacement::sleep, LONG_MILLIS);
    await(() -> busy.pid() > 0, "the worker to be busy");
    ProcessTask<Integer> waiting = pool.call(Mapped::increment, 1);
    Thread.sleep(100);
    var worker = ProcessHandle.of(busy.pid()).orElseThrow();
    long start = System.nanoTime();
    worker.destroyForcibly();
    int two = waiting.get(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    double[] took = StartAndDeath.millisSince(start);
    try {
      throw new IllegalStateException("the killed task returned " + busy.get());
    } catch (ExecutionException died) {
      if (two == 2 && waiting.pid() != busy.pid()) return took;
      throw new IllegalStateException("a wrong answer", died);
    }
  }

  private long ready() {
    return pool.workers().stream().filter(w -> w.state() == WorkerInfo.State.READY).count();
  }

  private static Integer sleep(Integer millis) throws InterruptedException {
    Thread.sleep(millis);
    return millis;
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition, String what) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.holds()) {
      if (System.nanoTime() - start > PATIENCE_NANOS)
        throw new IllegalStateException("waited in vain for " + what);
      Thread.sleep(1);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
