package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.io.PrintStream;
import java.time.Duration;

/**
 * A construct that the guides teach, as a small program that measures whether what they claim of it
 * holds here.
 *
 * @param name unique, as typed after {@code ./brigade example}
 * @param theme what it is about
 * @param guide the guides that teach it, by number, separated by commas
 * @param claim what they say, in one line
 * @param body the program
 */
public record Example(String name, Theme theme, String guide, String claim, Body body) {
  /** What an example does: shows the construct at work, and tells the report what it measured. */
  @FunctionalInterface
  public interface Body {
    /**
     * Runs the program.
     *
     * @param report takes the measurements
     * @throws Exception if it can't be run here
     */
    void show(Report report) throws Exception;
  }

  /**
   * Runs it, and prints the claim and what was measured, side by side.
   *
   * @param out where to print
   * @return whether the claim holds, and every measurement behind that
   * @throws Exception if the program can't be run here
   */
  public Verdict run(PrintStream out) throws Exception {
    out.println(name + " (guide " + guide + "), " + theme.title());
    out.println("  The guide: " + claim);
    // So that pictures and times don't show how the library is loaded.
    Tasks.run(() -> Tasks.sleep(Duration.ofMillis(1)));
    var report = new Report(out);
    body.show(report);
    Verdict verdict = report.verdict(name);
    verdict.print(out);
    return verdict;
  }
}
