package dev.brigade.examples;

import dev.brigade.task.Tasks;

/** Two tasks that wait for 2 and 1 units. (Python: {@code Thread}, start and join.) */
final class TwoThreads {
  private TwoThreads() {}

  static void main() throws Exception {
    Examples.runHere("two-threads");
  }

  static void together(Waits world) throws InterruptedException {
    Tasks.runScope(s -> {
      s.run("Task1", () -> world.call("Task1", 2));
      s.run("Task2", () -> world.call("Task2", 1));
    }); // The block is left when both have ended: there is no join to forget.
  }

  static void oneAfterTheOther(Waits world) throws InterruptedException {
    world.call("Task1", 2);
    world.call("Task2", 1);
  }

  static void show(Report report) throws Exception {
    Waits inRow = Waits.inVain();
    oneAfterTheOther(inRow);
    report.equal("units, one after the other", 3, inRow.timeline().units());
    check(report, Waits.together(2), TwoThreads::together);
  }

  static void check(Report report, Waits world, Waits.Way way) throws Exception {
    way.run(world);
    report.equal("tasks done", 2, world.timeline().count());
    report.equal("units, both started", 2, world.timeline().units());
    world.timeline().draw(report, "Both started:");
  }
}
