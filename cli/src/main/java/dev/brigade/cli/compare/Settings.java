package dev.brigade.cli.compare;

import dev.brigade.cli.terminal.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to measure.
 *
 * @param minRounds how often each way runs and is timed at least; the median counts
 * @param maxRounds how often at most: rounds go on until {@code budgetSeconds} have passed
 * @param budgetSeconds how long the rounds of one kind of work should take together
 * @param warmUp whether each way runs once before, on a quarter of the items, untimed
 * @param cores how many cores the machine has
 * @param recorded whether what runs when is recorded, for a page
 */
public record Settings(
    int minRounds,
    int maxRounds,
    double budgetSeconds,
    boolean warmUp,
    int cores,
    boolean recorded) {

  /** For built-in work: short work is repeated more often. */
  public static Settings repeated(boolean quick) {
    return quick
        ? new Settings(3, 15, 2.5, true, coresHere(), false)
        : new Settings(5, 15, 10, true, coresHere(), false);
  }

  /** Exactly so many rounds. */
  public static Settings exactly(int rounds, boolean warmUp) {
    return new Settings(rounds, rounds, 0, warmUp, coresHere(), false);
  }

  /** The same, recorded or not. */
  public Settings recorded(boolean wanted) {
    return new Settings(minRounds, maxRounds, budgetSeconds, warmUp, cores, wanted);
  }

  private static int coresHere() {
    return Runtime.getRuntime().availableProcessors();
  }

  String roundsInWords() {
    if (maxRounds == 1) return "one run each";
    String rounds = minRounds == maxRounds ? "" + minRounds : minRounds + " to " + maxRounds;
    return "median of " + rounds + " rounds, the ways taking turns";
  }

  Map<String, @Nullable Object> toJson() {
    return Json.object(
        "minRounds", minRounds,
        "maxRounds", maxRounds,
        "budgetSeconds", budgetSeconds,
        "warmUp", warmUp,
        "statistic", "median");
  }
}
