package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The same computations on 1 to 4 times as many workers as cores. (Python: {@code cpu_count}.) */
final class WorkerCount {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  /** Processor time and time come from different clocks. */
  private static final double TOLERANCE = 1.1;

  private WorkerCount() {}

  static void main() throws Exception {
    Examples.runHere("worker-count");
  }

  /**
   * What so many workers achieved.
   *
   * @param atOnce the most computations in progress at once
   * @param busyCores processor time over time: the cores that really worked
   */
  record Run(int workers, int atOnce, double busyCores, long nanos, long sum) {}

  static Run on(int workers) throws InterruptedException {
    var cpu = ManagementFactory.getThreadMXBean();
    var cpuNanos = new LongAdder();
    var timeline = new Timeline();
    var meeting = Meeting.of(workers);
    List<Integer> items = IntStream.range(0, 8 * CORES).boxed().toList();
    try (Engine pool = Engine.openThreads(workers)) {
      List<Long> sums =
          Tasks.on(pool)
              .map(
                  items,
                  item -> {
                    try (var _ = timeline.busy("item " + item)) {
                      meeting.arrive();
                      long before = cpu.getCurrentThreadCpuTime();
                      long sum = Squares.sum(5_000_000 + item);
                      cpuNanos.add(cpu.getCurrentThreadCpuTime() - before);
                      return sum;
                    }
                  });
      long nanos = timeline.nanos();
      long sum = sums.stream().mapToLong(Long::longValue).sum();
      return new Run(workers, timeline.peak(), cpuNanos.sum() / (double) nanos, nanos, sum);
    }
  }

  static void show(Report report) throws Exception {
    on(CORES); // The first run would measure the compiler.
    Run one = on(1);
    report.info("cores here", CORES);
    for (int workers : Stream.of(1, CORES, 2 * CORES, 4 * CORES).distinct().toList())
      check(report, one, on(workers));
  }

  static void check(Report report, Run one, Run run) {
    String with = run.workers() + (run.workers() == 1 ? " worker: " : " workers: ");
    double speedUp = (double) one.nanos() / run.nanos();
    int most = Math.min(run.workers(), CORES);
    report.equal(with + "same results", true, run.sum() == one.sum());
    report.equal(with + "in progress at once", run.workers(), run.atOnce());
    report.check(
        with + "busy cores",
        "at most " + most,
        String.format(Locale.ROOT, "%.2f", run.busyCores()),
        run.busyCores() <= most * TOLERANCE);
    report.info(with + "speed-up", String.format(Locale.ROOT, "%.2f", speedUp));
    // More workers than cores don't compute more: they take turns.
    report.info(with + "waiting for a core", "at least " + Math.max(0, run.atOnce() - CORES));
  }
}
