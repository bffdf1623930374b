package dev.brigade.testing.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;

/**
 * The fixed limits of a scenario, all tried: what an adaptive limit is held against. Nobody has
 * this in practice.
 *
 * @param best the limit with the greatest goodput over the whole
 * @param goodput its goodput, tasks in a second
 * @param bestOfSecondHalf the limit with the greatest goodput in the second half
 * @param secondHalfGoodput its goodput there
 * @param knee the least limit whose goodput in the second half is nearly (97 %) the best
 */
public record Sweep(
    int best, double goodput, int bestOfSecondHalf, double secondHalfGoodput, int knee) {

  private static final int FEW = 3;
  private static final int FINALISTS = 5;

  /**
   * Tries every limit up to 32, and above that each that is a twentieth more than the one before:
   * first with a few seeds, then the best ones with all.
   *
   * @param most the greatest limit to try
   * @param firstSeed the first of {@code seeds} seeds; the goodput is the harmonic mean over them
   */
  public static Sweep of(Scenario scenario, int most, long firstSeed, int seeds) {
    List<Integer> limits = limits(most);
    int n = limits.size();
    double[] whole = new double[n];
    double[] second = new double[n];
    for (int i = 0; i < n; i++) {
      var runs = runs(scenario, limits.get(i), firstSeed, Math.min(seeds, FEW));
      whole[i] = harmonic(runs, BatchRun.Result::goodput);
      second[i] = harmonic(runs, BatchRun.Result::secondHalfGoodput);
    }
    int knee = 0;
    while (second[knee] < 0.97 * second[greatest(second)]) knee++;
    if (seeds > FEW) {
      refine(
          whole,
          i -> harmonic(runs(scenario, limits.get(i), firstSeed, seeds), BatchRun.Result::goodput));
      refine(
          second,
          i ->
              harmonic(
                  runs(scenario, limits.get(i), firstSeed, seeds),
                  BatchRun.Result::secondHalfGoodput));
    }
    int w = greatest(whole);
    int s = greatest(second);
    return new Sweep(limits.get(w), whole[w], limits.get(s), second[s], limits.get(knee));
  }

  /** For limits that an earlier sweep has found: only these are run. */
  public static Sweep known(
      Scenario scenario, int best, int bestOfSecondHalf, int knee, long firstSeed, int seeds) {
    var whole = runs(scenario, best, firstSeed, seeds);
    var half = runs(scenario, bestOfSecondHalf, firstSeed, seeds);
    return new Sweep(
        best,
        harmonic(whole, BatchRun.Result::goodput),
        bestOfSecondHalf,
        harmonic(half, BatchRun.Result::secondHalfGoodput),
        knee);
  }

  /** Looks at the best few with more seeds; only those count afterwards. */
  private static void refine(double[] values, IntToDoubleFunction exact) {
    double[] refined = new double[values.length];
    for (int k = 0; k < FINALISTS; k++) {
      int i = greatest(values);
      values[i] = 0;
      if (refined[i] == 0) refined[i] = exact.applyAsDouble(i);
    }
    System.arraycopy(refined, 0, values, 0, values.length);
  }

  private static List<BatchRun.Result> runs(Scenario scenario, int limit, long firstSeed, int n) {
    List<BatchRun.Result> runs = new ArrayList<>();
    for (int i = 0; i < n; i++) runs.add(BatchRun.of(scenario, Pacer.fixed(limit), firstSeed + i));
    return runs;
  }

  private static List<Integer> limits(int most) {
    List<Integer> limits = new ArrayList<>();
    for (int n = 1; n < most; n = Math.max(n + 1, (int) Math.ceil(n * (n < 32 ? 1.0 : 1.05))))
      limits.add(n);
    limits.add(most);
    return limits;
  }

  /** The mean over runs of the same number of tasks: that of their times. */
  static double harmonic(List<BatchRun.Result> runs, ToDoubleFunction<BatchRun.Result> goodput) {
    double sum = 0;
    for (var r : runs) sum += 1 / goodput.applyAsDouble(r);
    return runs.size() / sum;
  }

  private static int greatest(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
    return best;
  }
}
