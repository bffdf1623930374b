package dev.brigade.storm;

import dev.brigade.engine.Engine;
import dev.brigade.policy.Limit;
import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;

/**
 * Nested submissions, to bounded engines, with cancellations and a shutdown in the middle. Nothing
 * hangs, every future and task ends, and where nothing was disturbed every result is right.
 */
final class EngineStorm implements Storm.Weather {
  private static final int HAND_OVERS = 500;
  private long futuresEnded;

  @Override
  public void round(RandomGenerator random) throws Exception {
    for (boolean cores : new boolean[] {true, false}) {
      undisturbed(open(cores, random), random, cores ? 6 : 1);
      disturbed(open(cores, random), random, cores ? 5 : 1);
      scopes(open(cores, random), random);
    }
    handOver(random);
  }

  private static Engine open(boolean cores, RandomGenerator random) {
    int threads = 1 + random.nextInt(3);
    return cores ? Engine.openCores(threads) : Engine.openThreads(threads);
  }

  // ---- futures

  /** Nested only on cores: a strict pool may rightly run out of threads. */
  private void undisturbed(Engine engine, RandomGenerator random, int deepest) {
    Queue<Future<Integer>> all = new ConcurrentLinkedQueue<>();
    try (var crowd = new Crowd()) {
      for (int i = 0; i < 3; i++) {
        var own = new SplittableRandom(random.nextLong());
        crowd.start(() -> {
          for (int n = 0; n < 20; n++) {
            int depth = 1 + own.nextInt(deepest);
            int sum = submit(engine, all, own.split(), depth).get();
            if (sum != depth) throw new AssertionError("sum " + sum + ", not " + depth);
          }
        });
      }
    }
    close(engine, all);
  }

  /** The result is the depth: each level adds one to what one of its children says. */
  private static Future<Integer> submit(
      Engine engine, Queue<Future<Integer>> all, SplittableRandom random, int depth) {
    Future<Integer> f =
        engine.submit(() -> {
          if (depth == 1) return 1;
          Future<Integer> one = submit(engine, all, random.split(), depth - 1);
          Future<Integer> other = submit(engine, all, random.split(), depth - 1);
          return 1 + Math.max(one.get(), other.get());
        });
    all.add(f);
    return f;
  }

  private void disturbed(Engine engine, RandomGenerator random, int deepest) {
    Queue<Future<Integer>> all = new ConcurrentLinkedQueue<>();
    try (var crowd = new Crowd()) {
      for (int i = 0; i < 2; i++) {
        var own = new SplittableRandom(random.nextLong());
        crowd.start(() -> {
          try {
            for (int n = 0; n < 50; n++) {
              submit(engine, all, own.split(), 1 + own.nextInt(deepest));
            }
          } catch (RejectedExecutionException e) {
            if (!engine.isShutdown()) throw e;
          }
        });
      }
      var own = new SplittableRandom(random.nextLong());
      crowd.start(() -> {
        for (int n = 0; n < 30; n++) {
          for (Future<Integer> f : all) if (own.nextInt(10) == 0) f.cancel(own.nextBoolean());
          Thread.yield();
        }
        if (own.nextBoolean()) stop(engine);
      });
    }
    close(engine, all);
  }

  /** What never began is the caller's, by the JDK's contract. */
  private static void stop(Engine engine) {
    for (Runnable r : engine.shutdownNow()) if (r instanceof Future<?> f) f.cancel(false);
  }

  private void close(Engine engine, Queue<Future<Integer>> all) {
    try (var crowd = new Crowd()) {
      crowd.start(engine::close);
    }
    for (Future<Integer> f : all) {
      Crowd.await("a future to end on " + engine, f::isDone);
      try {
        f.get();
      } catch (InterruptedException e) {
        throw new AssertionError("the storm itself was interrupted", e);
      } catch (ExecutionException | CancellationException e) {
        // Only the disturbed ones get here with failures: the others have been asked already.
        futuresEnded++;
        continue;
      }
      futuresEnded++;
    }
  }

  // ---- tasks

  private static void scopes(Engine engine, RandomGenerator random) {
    Queue<Task<Integer>> all = new ConcurrentLinkedQueue<>();
    try (var crowd = new Crowd()) {
      for (int i = 0; i < 3; i++) {
        var own = new SplittableRandom(random.nextLong());
        crowd.start(() -> {
          try {
            for (int n = 0; n < 10; n++) tree(engine, all, own.split(), 1 + own.nextInt(4));
          } catch (RejectedExecutionException e) {
            if (!engine.isShutdown()) throw e;
          }
        });
      }
      var own = new SplittableRandom(random.nextLong());
      boolean stop = own.nextBoolean();
      crowd.start(() -> {
        for (int n = own.nextInt(5_000); n > 0; n--) Thread.onSpinWait();
        for (Task<Integer> t : all) if (own.nextInt(4) == 0) t.cancel("the storm");
        if (stop) stop(engine);
      });
    }
    for (Task<Integer> t : all) if (!t.isDone()) throw new AssertionError(t + " has not ended");
    try (var crowd = new Crowd()) {
      crowd.start(engine::close);
    }
  }

  private static int tree(
      Engine engine, Queue<Task<Integer>> all, SplittableRandom random, int depth)
      throws InterruptedException {
    return Tasks.on(engine)
        .supervise(s -> {
          for (int i = 1 + random.nextInt(3); i > 0; i--) {
            var own = random.split();
            Task<Integer> t = s.fork(() -> depth == 1 ? 1 : 1 + tree(engine, all, own, depth - 1));
            all.add(t);
            if (random.nextBoolean()) t.outcome();
          }
          return depth;
        });
  }

  // ---- waits that need a spare thread

  /** The only thread waits for a permit that a task behind it in the queue gives back. */
  private static void handOver(RandomGenerator random) throws Exception {
    try (Engine engine = Engine.openCores(1)) {
      for (int i = 0; i < HAND_OVERS; i++) {
        Limit limit = Limit.of(1);
        var permit = limit.acquire();
        Future<?> waiter = engine.submit(() -> limit.call(() -> 1));
        for (int n = random.nextInt(1_000); n > 0; n--) Thread.onSpinWait();
        engine.execute(permit::close);
        try {
          Crowd.await("a spare thread to give the permit back", waiter::isDone);
        } finally {
          permit.close();
        }
        waiter.get();
      }
    }
  }

  @Override
  public String report() {
    return futuresEnded + " futures";
  }
}
