package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.stream.IntStream;

/** Ten waits one by one, on ten threads, on virtual threads; and ten computations. */
final class TenSleeps {
  private static final List<Integer> TEN = IntStream.range(0, 10).boxed().toList();

  private TenSleeps() {}

  static void main() throws Exception {
    Examples.runHere("ten-sleeps");
  }

  static void sequential(Waits world) throws InterruptedException {
    for (int i : TEN) world.call("wait " + i, 1);
  }

  static void onThreads(Waits world) throws InterruptedException {
    try (Engine ten = Engine.openThreads(10)) {
      Tasks.on(ten).forEach(TEN, i -> world.call("wait " + i, 1));
    }
  }

  static void onVirtualThreads(Waits world) throws InterruptedException {
    Tasks.forEach(TEN, i -> world.call("wait " + i, 1));
  }

  /** Computing is bound by the cores: as many at once as there are, however many tasks. */
  static int computedAtOnce(int cores) throws InterruptedException {
    var timeline = new Timeline();
    var meeting = Meeting.of(Math.min(cores, TEN.size()));
    Tasks.on(Engine.cores())
        .forEach(
            TEN,
            i -> {
              try (var _ = timeline.busy("computation " + i)) {
                meeting.arrive();
                Squares.sum(1_000_000 + i);
              }
            });
    return timeline.peak();
  }

  static void show(Report report) throws Exception {
    check(report, "sequential", 10, Waits.inVain(), TenSleeps::sequential);
    check(report, "10 threads", 1, Waits.together(10), TenSleeps::onThreads);
    check(report, "virtual threads", 1, Waits.together(10), TenSleeps::onVirtualThreads);
    int cores = Runtime.getRuntime().availableProcessors();
    report.equal("computed at once", Math.min(cores, TEN.size()), computedAtOnce(cores));
  }

  static void check(Report report, String what, int units, Waits world, Waits.Way way)
      throws Exception {
    way.run(world);
    report.equal("units, " + what, units, world.timeline().units());
    report.time("time, " + what, world.timeline().nanos());
  }
}
