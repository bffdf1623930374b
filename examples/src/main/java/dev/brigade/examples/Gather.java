package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.util.List;

/** Three tasks that wait for 2, 1 and 3 units, together. (Python: {@code asyncio.gather}.) */
final class Gather {
  private Gather() {}

  static void main() throws Exception {
    Examples.runHere("gather");
  }

  /** One of the two ways of running the three. */
  interface Way {
    List<String> run(Waits world) throws InterruptedException;
  }

  static List<String> together(Waits world) throws InterruptedException {
    // B ends first, and still comes second: results keep the order of the branches.
    return Tasks.all(
        List.of(
            () -> world.fetch("A", 2, "A"),
            () -> world.fetch("B", 1, "B"),
            () -> world.fetch("C", 3, "C")));
  }

  static List<String> oneByOne(Waits world) throws InterruptedException {
    return List.of(world.fetch("A", 2, "A"), world.fetch("B", 1, "B"), world.fetch("C", 3, "C"));
  }

  static void show(Report report) throws Exception {
    Waits inRow = Waits.inVain();
    oneByOne(inRow);
    report.equal("units, one by one", 6, inRow.timeline().units());
    inRow.timeline().draw(report, "One by one:");
    check(report, Waits.together(3), Gather::together);
  }

  static void check(Report report, Waits world, Way way) throws InterruptedException {
    List<String> results = way.run(world);
    report.equal("units, together", 3, world.timeline().units());
    report.equal("results", List.of("A", "B", "C"), results);
    world.timeline().draw(report, "Together:");
  }
}
