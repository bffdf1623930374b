package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.process.ProcessPool;
import dev.brigade.task.Fn;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Cooks who share one stove gain nothing; with stoves of their own they do. (Python: the global
 * interpreter lock, threads and processes.)
 */
final class OneStove {
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int DISH = 60_000_000;
  private static final Lock STOVE = new ReentrantLock();

  /** The same in CPython: seconds one by one, on threads, on processes. */
  private static final String PYTHON =
      """
      import sys, time
      from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor
      def dish(n):
          s = 0
          for i in range(n): s += i * i
          return s
      def timed(work):
          t = time.perf_counter(); work(); return time.perf_counter() - t
      n, cores = 2_000_000, int(sys.argv[1])
      if __name__ == "__main__":
          with ThreadPoolExecutor(cores) as t, ProcessPoolExecutor(cores) as p:
              list(p.map(dish, [1] * cores))
              one = timed(lambda: [dish(n) for _ in range(cores)])
              threads = timed(lambda: list(t.map(dish, [n] * cores)))
              processes = timed(lambda: list(p.map(dish, [n] * cores)))
              print(f"{one / threads:.2f} {one / processes:.2f}")
      """;

  private OneStove() {}

  static void main() throws Exception {
    Examples.runHere("one-stove");
  }

  private static long onTheOneStove(int dish) throws InterruptedException {
    STOVE.lockInterruptibly();
    try {
      return Squares.sum(dish);
    } finally {
      STOVE.unlock();
    }
  }

  private static long onTheOneStove(Timeline timeline, int dish) throws InterruptedException {
    STOVE.lockInterruptibly();
    try (var _ = timeline.busy("dish")) {
      return Squares.sum(dish);
    } finally {
      STOVE.unlock();
    }
  }

  private static long cook(Timeline timeline, Meeting meeting, int dish)
      throws InterruptedException {
    try (var _ = timeline.busy("dish")) {
      meeting.arrive();
      return Squares.sum(dish);
    }
  }

  static void show(Report report) throws Exception {
    List<Integer> dishes = Collections.nCopies(CORES, DISH);
    Squares.sum(DISH); // the first run would measure the compiler
    long one = timed(() -> dishes.forEach(Squares::sum));
    var inTurns = new Timeline();
    long locked =
        timed(
            () -> use(Tasks.on(Engine.cores()).map(dishes, dish -> onTheOneStove(inTurns, dish))));
    report.equal("threads, one stove: cooking at once", 1, inTurns.peak());
    report.info("threads, one stove: gain", gain(one, locked));

    var timeline = new Timeline();
    Meeting meeting = Meeting.of(CORES);
    long threads =
        timed(
            () -> use(Tasks.on(Engine.cores()).map(dishes, dish -> cook(timeline, meeting, dish))));
    report.equal("threads, a stove each: cooking at once", CORES, timeline.peak());
    report.info("threads, a stove each: gain", gain(one, threads));
    processes(report, dishes, one);
    python(report);
  }

  private static void processes(Report report, List<Integer> dishes, long one) throws Exception {
    Gathering gathering = Gathering.of(CORES);
    try (ProcessPool pool = ProcessPool.open(CORES)) {
      List<Boolean> together = Tasks.on(pool).map(dishes, dish -> gathering.arrive());
      report.equal(
          "processes: cooking at once", CORES, (int) together.stream().filter(b -> b).count());
      Fn<Integer, Long, RuntimeException> cook = Squares::sum;
      use(Tasks.on(pool).map(dishes, cook));
      report.info("processes: gain", gain(one, timed(() -> use(Tasks.on(pool).map(dishes, cook)))));
      // Each has a stove of its own: a lock in one process is none in another.
      Fn<Integer, Long, InterruptedException> locked = OneStove::onTheOneStove;
      report.info(
          "processes, the same lock in each: gain",
          gain(one, timed(() -> use(Tasks.on(pool).map(dishes, locked)))));
    } finally {
      gathering.close();
    }
  }

  private static void python(Report report) throws InterruptedException {
    try {
      Process python =
          new ProcessBuilder("python3", "-c", PYTHON, Integer.toString(CORES))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String said =
          new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      if (!python.waitFor(30, TimeUnit.SECONDS) || python.exitValue() != 0) {
        report.info("CPython here", "did not run this");
        return;
      }
      String[] gains = said.split(" ", 2);
      report.info("CPython here: threads, processes: gain", gains[0] + ", " + gains[1]);
    } catch (IOException e) {
      report.info("CPython", "not found here");
    }
  }

  @FunctionalInterface
  private interface Cooking {
    void run() throws Exception;
  }

  private static void use(List<Long> results) {
    if (results.size() != CORES) throw new AssertionError(results);
  }

  private static long timed(Cooking cooking) throws Exception {
    long began = System.nanoTime();
    cooking.run();
    return System.nanoTime() - began;
  }

  private static String gain(long one, long other) {
    return String.format(Locale.ROOT, "%.2f", (double) one / other);
  }
}
