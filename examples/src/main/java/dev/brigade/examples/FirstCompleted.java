package dev.brigade.examples;

import dev.brigade.task.Task;
import dev.brigade.task.TaskScope.Until;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Wait for the first of three, look, then for the rest. (Python: {@code FIRST_COMPLETED}.) */
final class FirstCompleted {
  private static final Duration HOUR = Duration.ofHours(1);

  private FirstCompleted() {}

  static void main() throws Exception {
    Examples.runHere("first-completed");
  }

  static void show(Report report) throws Exception {
    check(report, Until.FIRST, new CountDownLatch(1));
  }

  static void check(Report report, Until until, CountDownLatch looked) throws InterruptedException {
    Tasks.runSupervised(s -> {
      Task<String> quick = s.fork("quick", () -> "api1");
      Task<String> slow = s.fork("slow", () -> after(looked, "api2"));
      Task<String> slower = s.fork("slower", () -> after(looked, "api3"));
      List<Task<String>> all = List.of(quick, slow, slower);

      var first = s.await(all, until, HOUR);
      report.equal("done", List.of("quick"), names(first.done()));
      report.equal("pending", List.of("slow", "slower"), names(first.running()));
      // The wait cancelled nothing: the two still run, and end when they would have.
      boolean running = first.running().stream().noneMatch(Task::isDone);
      report.equal("the pending ones still run", true, running);
      looked.countDown();

      var rest = s.await(all, Until.ALL, HOUR);
      report.equal("done in the end", List.of("quick", "slow", "slower"), names(rest.done()));
      report.equal("results", "api1 api2 api3", results(all));
    });
  }

  private static String after(CountDownLatch looked, String result) throws InterruptedException {
    looked.await();
    return result;
  }

  private static String results(List<Task<String>> tasks) throws InterruptedException {
    var results = new StringBuilder();
    for (Task<String> t : tasks) results.append(t.join()).append(' ');
    return results.toString().strip();
  }

  private static List<String> names(List<Task<String>> tasks) {
    return tasks.stream().map(Task::name).toList();
  }
}
