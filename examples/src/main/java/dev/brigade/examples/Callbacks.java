package dev.brigade.examples;

import dev.brigade.task.Outcome;
import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A callback on a task that may fail. (Python: {@code add_done_callback}.) */
final class Callbacks {
  private Callbacks() {}

  static void main() throws Exception {
    Examples.runHere("callbacks");
  }

  /** Adds the callback to a task. */
  interface Way {
    void add(Task<String> task, List<String> log);
  }

  static void once(Task<String> task, List<String> log) {
    // Both ways to end are cases of one value: the callback can't forget the failure.
    task.onDone(outcome -> log.add(text(outcome)));
  }

  private static String text(Outcome<String> outcome) {
    return switch (outcome) {
      case Outcome.Success<String>(String url) -> "completed: " + url;
      case Outcome.Failed<String>(Throwable failure) -> "failed: " + failure.getMessage();
      case Outcome.Cancelled<String>(var why) -> "cancelled: " + why.reason();
    };
  }

  static void show(Report report) throws Exception {
    check(report, Callbacks::once);
  }

  static void check(Report report, Way way) throws InterruptedException {
    var good = new CopyOnWriteArrayList<String>();
    var bad = new CopyOnWriteArrayList<String>();
    // Supervised: the failure of the one task is its own affair, and the other goes on.
    Tasks.runSupervised(s -> {
      way.add(s.fork(() -> "http://api.com"), good);
      way.add(s.fork(Callbacks::unreachable), bad);
    });
    report.equal("calls for the success", List.of("completed: http://api.com"), good);
    report.equal("calls for the failure", List.of("failed: no route"), bad);
  }

  private static String unreachable() throws IOException {
    throw new IOException("no route");
  }
}
