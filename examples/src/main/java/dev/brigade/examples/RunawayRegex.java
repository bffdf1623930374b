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
  private static final String PATTERN = "(([a-z])+.)+[A-Z]([a-z])+";
  private static final String HARMLESS = "someWord";
  private static final String DEADLY = "a".repeat(60);

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
      report.equal("a harmless text matches", true, found);
      long began = System.nanoTime();
      Throwable failure = null;
      try {
        boolean unused = pool.call(atMostHalfASecond, RunawayRegex::matches, DEADLY).get();
      } catch (ExecutionException e) {
        failure = e.getCause();
      }
      report.check(
          "a deadly one",
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
