package dev.brigade.examples;

import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import java.util.List;

/**
 * Three awaits in a row against three at once, and how the library tells the first from the second.
 */
final class SequentialOrNot {
  private SequentialOrNot() {}

  static void main() throws Exception {
    Examples.runHere("sequential-or-not");
  }

  static void inRow(Waits world) throws InterruptedException {
    Tasks.runScope(s -> {
      s.fork(() -> world.fetch("api1", 1, "one")).join();
      s.fork(() -> world.fetch("api2", 1, "two")).join(); // late: could have run with api1
      s.fork(() -> world.fetch("api3", 1, "three")).join(); // late
    });
  }

  static void together(Waits world) throws InterruptedException {
    Tasks.runScope(s -> {
      Task<String> one = s.fork(() -> world.fetch("api1", 1, "one"));
      Task<String> two = s.fork(() -> world.fetch("api2", 1, "two"));
      Task<String> three = s.fork(() -> world.fetch("api3", 1, "three"));
      // First fork all, then join: a join between two forks takes the concurrency away.
      List.of(one.join(), two.join(), three.join());
    });
  }

  static void show(Report report) throws Exception {
    Waits bad = Waits.inVain();
    List<String> late = ForkLog.during(() -> inRow(bad)).forkedLate();
    report.equal("units, awaited in a row", 3, bad.timeline().units());
    report.check(
        "forked when all before had ended",
        "2 lines of inRow",
        late,
        late.size() == 2 && ForkLog.areLinesOf("SequentialOrNot.inRow", late));
    bad.timeline().draw(report, "Awaited in a row:");
    check(report, Waits.together(3), SequentialOrNot::together);
  }

  static void check(Report report, Waits world, Waits.Way way) throws Exception {
    List<String> late = ForkLog.during(() -> way.run(world)).forkedLate();
    report.equal("units, together", 1, world.timeline().units());
    report.equal("forked late", List.of(), late);
    world.timeline().draw(report, "Together:");
  }
}
