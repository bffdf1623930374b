package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.util.List;

/** Three tasks that wait for 2, 1 and 3 units, together. (Python: {@code asyncio.gather}.) */
final class Gather {
  private Gather() {}

  static void main() throws Exception {
    Examples.runHere("gather");
  }

  static void show(Report report) throws Exception {
    report.equal("units, one by one", 6, units(Waits.inVain(), Gather::oneByOne, report));
    report.equal("units, together", 3, units(Waits.together(3), Gather::together, report));
  }

  /** One of the two ways of running the three. */
  interface Way {
    List<String> run(Waits world) throws InterruptedException;
  }

  static int units(Waits world, Way way, Report report) throws InterruptedException {
    List<String> results = way.run(world);
    report.equal("results", List.of("A", "B", "C"), results);
    world.timeline().draw(report);
    return world.timeline().units();
  }

  static List<String> oneByOne(Waits world) throws InterruptedException {
    return List.of(world.fetch("A", 2, "A"), world.fetch("B", 1, "B"), world.fetch("C", 3, "C"));
  }

  static List<String> together(Waits world) throws InterruptedException {
    // B ends first and A starts first: the results come in the order of the branches all the same.
    return Tasks.all(
        List.of(
            () -> world.fetch("A", 2, "A"),
            () -> world.fetch("B", 1, "B"),
            () -> world.fetch("C", 3, "C")));
  }
}
