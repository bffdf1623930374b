package dev.brigade.testing.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * How an algorithm did in one scenario, over several seeds, against the best fixed limits.
 *
 * @param scenario its name
 * @param half2 goodput in the second half of the tasks, as a share of the best fixed limit's
 * @param whole goodput over the whole, warm-up included, as a share of the best fixed limit's: its
 *     makespan over ours
 * @param inFlight the number in flight in the second half (the median over time, then over the
 *     seeds), as a multiple of the knee
 * @param rejected rejections and timeouts, as a share of all answers
 */
public record Score(String scenario, double half2, double whole, double inFlight, double rejected) {

  /** Runs an algorithm with {@code seeds} seeds, beginning with {@code firstSeed}. */
  public static Score of(
      Scenario scenario, Sweep best, Supplier<Pacer> algorithm, long firstSeed, int seeds) {
    List<BatchRun.Result> runs = new ArrayList<>();
    for (int i = 0; i < seeds; i++) runs.add(BatchRun.of(scenario, algorithm.get(), firstSeed + i));
    double[] inFlight = runs.stream().mapToDouble(BatchRun.Result::medianInFlight).toArray();
    Arrays.sort(inFlight);
    double rejected = 0;
    for (var r : runs) rejected += r.rejectedShare() / seeds;
    return new Score(
        scenario.name(),
        Sweep.harmonic(runs, BatchRun.Result::secondHalfGoodput) / best.secondHalfGoodput(),
        Sweep.harmonic(runs, BatchRun.Result::goodput) / best.goodput(),
        inFlight[seeds / 2] / best.knee(),
        rejected);
  }

  /** The geometric mean of one figure over several scenarios. */
  public static double geometricMean(List<Score> scores, ToDoubleFunction<Score> figure) {
    double logs = 0;
    for (Score s : scores) logs += Math.log(figure.applyAsDouble(s));
    return Math.exp(logs / scores.size());
  }
}
