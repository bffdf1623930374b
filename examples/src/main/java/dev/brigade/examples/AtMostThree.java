package dev.brigade.examples;

import dev.brigade.policy.Limit;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.stream.IntStream;

/** Ten tasks, at most three inside. (Python: {@code asyncio.Semaphore}.) */
final class AtMostThree {
  private static final List<Integer> TEN = IntStream.range(0, 10).boxed().toList();

  private AtMostThree() {}

  static void main() throws Exception {
    Examples.runHere("semaphore");
  }

  static void limited(Waits world) throws InterruptedException {
    // A bound that several places can share. For one map alone, Tasks.limit(3) is shorter.
    Limit fittingRoom = Limit.of(3);
    Tasks.forEach(TEN, i -> fittingRoom.run(() -> world.call("Task-" + i, 1)));
  }

  static void unlimited(Waits world) throws InterruptedException {
    Tasks.forEach(TEN, i -> world.call("Task-" + i, 1));
  }

  static void show(Report report) throws Exception {
    Waits all = Waits.together(10);
    unlimited(all);
    report.equal("at once, without a limit", 10, all.timeline().peak());
    check(report, Waits.together(3), AtMostThree::limited);
  }

  static void check(Report report, Waits world, Waits.Way way) throws Exception {
    way.run(world);
    report.equal("tasks done", 10, world.timeline().count());
    report.equal("at once, limited to three", 3, world.timeline().peak());
    world.timeline().draw(report, "Limited to three:");
  }
}
