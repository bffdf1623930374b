package dev.brigade.examples;

import dev.brigade.task.Tasks;
import dev.brigade.task.Two;
import java.util.List;

/** Two calls that don't need each other, one waiting for the other. */
final class PitfallSequentialAwaits {
  private PitfallSequentialAwaits() {}

  static void main() throws Exception {
    Examples.runHere("pitfall-sequential-awaits");
  }

  static void sequential(Waits world) throws InterruptedException {
    Tasks.runScope(s -> {
      String r1 = s.fork(() -> world.fetch("url1", 1, "one")).join();
      String r2 = s.fork(() -> world.fetch("url2", 1, "two")).join(); // late: does not need r1
      List.of(r1, r2);
    });
  }

  static void concurrent(Waits world) throws InterruptedException {
    Two<String, String> r =
        Tasks.all(() -> world.fetch("url1", 1, "one"), () -> world.fetch("url2", 1, "two"));
    List.of(r.first(), r.second());
  }

  static void show(Report report) throws Exception {
    Waits bad = Waits.inVain();
    List<String> late = ForkLog.during(() -> sequential(bad)).forkedLate();
    report.equal("units, sequential", 2, bad.timeline().units());
    report.check(
        "forked late",
        "line of the fork",
        late,
        late.size() == 1 && ForkLog.areLinesOf("PitfallSequentialAwaits.sequential", late));
    check(report, Waits.together(2), PitfallSequentialAwaits::concurrent);
  }

  static void check(Report report, Waits world, Waits.Way way) throws Exception {
    List<String> late = ForkLog.during(() -> way.run(world)).forkedLate();
    report.equal("units, concurrent", 1, world.timeline().units());
    report.equal("forked late, concurrent", List.of(), late);
  }
}
