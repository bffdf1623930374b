package dev.brigade.examples;

import dev.brigade.process.ProcessOptions;
import dev.brigade.process.ProcessPool;
import dev.brigade.process.TaskRules;
import dev.brigade.process.WorkerOptions;
import dev.brigade.task.DeadlineException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** A regular expression that would take for ever is ended, though it hears no interrupt. */
final class RunawayRegex {
  private static final String PATTERN = "(.*,){12}P.*";
  private static final String HARMLESS = "1,2,3,4,5,6,7,8,9,10,11,12,Paul";
  private static final String DEADLY = "1,".repeat(40);

  private RunawayRegex() {}

  static void main() throws Exception {
    Examples.runHere("runaway-regex");
  }

  private static boolean matches(String text) {
    return Pattern.matches(PATTERN, text);
  }

  static void show(Report report) throws Exception {
    ProcessOptions options =
        ProcessOptions.of(1).withWorker(WorkerOptions.of().withGrace(Duration.ofMillis(100)));
    TaskRules atMostHalfASecond = TaskRules.plain().withTimeout(Duration.ofMillis(500));
    try (ProcessPool pool = ProcessPool.open(options)) {
      boolean found = pool.call(atMostHalfASecond, RunawayRegex::matches, HARMLESS).get();
      report.equal("a line of a table matches", true, found);
      long began = System.nanoTime();
      Throwable failure = null;
      try {
        boolean unused = pool.call(atMostHalfASecond, RunawayRegex::matches, DEADLY).get();
      } catch (ExecutionException e) {
        failure = e.getCause();
      }
      report.check(
          "one without a P",
          "is ended",
          failure == null ? "matched" : failure.getClass().getSimpleName(),
          failure instanceof DeadlineException);
      report.time("after", System.nanoTime() - began);
      report.equal(
          "the pool goes on",
          true,
          pool.call(atMostHalfASecond, RunawayRegex::matches, HARMLESS).get());
    }
  }
}
