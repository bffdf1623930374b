package dev.brigade.examples;

import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import java.util.List;

/** Failures as values. (Python: {@code return_exceptions}; JavaScript: {@code allSettled}.) */
final class Settle {
  private static final List<String> TASKS = List.of("task1", "task2", "task3", "task4");

  private Settle() {}

  static void main() throws Exception {
    Examples.runHere("settle");
  }

  static String risky(String name) {
    if (name.equals("task2") || name.equals("task4"))
      throw new IllegalStateException("Task " + name + " failed!");
    return "Task " + name + " succeeded";
  }

  static List<String> settled() throws InterruptedException {
    List<Outcome<String>> outcomes = Tasks.settle(TASKS, Settle::risky);
    return outcomes.stream().map(Settle::text).toList();
  }

  /** A plain map tells of one failure, and of no success. */
  static List<String> mapped() throws InterruptedException {
    try {
      return Tasks.map(TASKS, Settle::risky);
    } catch (IllegalStateException first) {
      return List.of(String.valueOf(first.getMessage()));
    }
  }

  private static String text(Outcome<String> outcome) {
    return switch (outcome) {
      case Outcome.Success<String>(String value) -> value;
      case Outcome.Failed<String>(Throwable failure) -> String.valueOf(failure.getMessage());
      case Outcome.Cancelled<String>(var why) -> "cancelled: " + why.reason();
    };
  }

  static void show(Report report) throws Exception {
    check(report, settled());
  }

  static void check(Report report, List<String> outcomes) {
    report.equal("outcomes", TASKS.size(), outcomes.size());
    for (int i = 0; i < Math.min(TASKS.size(), outcomes.size()); i++) {
      String how = i % 2 == 0 ? " succeeded" : " failed!";
      report.equal("of " + TASKS.get(i), "Task " + TASKS.get(i) + how, outcomes.get(i));
    }
  }
}
