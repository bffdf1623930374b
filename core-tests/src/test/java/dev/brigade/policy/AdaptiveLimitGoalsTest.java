package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.simulation.Pacer;
import dev.brigade.testing.simulation.Scenario;
import dev.brigade.testing.simulation.Scenarios;
import dev.brigade.testing.simulation.Score;
import dev.brigade.testing.simulation.Sweep;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What the adaptive limit reaches on servers whose optimum is known, held with a little slack.
 * Three seeds here; {@code ./bench auto} takes twenty, and sweeps anew for the best fixed limits.
 */
class AdaptiveLimitGoalsTest {
  private static final long FIRST_SEED = 101;
  private static final int SEEDS = 3;

  /** The best fixed limit of the whole and of the second half, and the knee, as swept. */
  private record Best(int whole, int half2, int knee) {}

  private static final Map<String, Best> BEST =
      Map.ofEntries(
          Map.entry("10 % at once", new Best(38, 38, 28)),
          Map.entry("10 % late", new Best(512, 512, 226)),
          Map.entry("2 % at once", new Best(36, 36, 27)),
          Map.entry("2 % late", new Best(226, 226, 40)),
          Map.entry("5 % late", new Best(393, 393, 98)),
          Map.entry("queue 503, 5 % late", new Best(40, 34, 26)),
          Map.entry("uncapped, 3 % as slow", new Best(512, 512, 503)),
          Map.entry("wide, 10 % late", new Best(512, 512, 263)),
          Map.entry("wide, 2 % late", new Best(512, 512, 142)),
          Map.entry("wide, 5 % at once", new Best(142, 142, 115)),
          Map.entry("fixed", new Best(36, 36, 26)),
          Map.entry("wide", new Best(175, 175, 142)),
          Map.entry("bimodal", new Best(32, 32, 32)),
          Map.entry("heavy tail", new Best(24, 24, 24)),
          Map.entry("retrograde", new Best(20, 20, 20)),
          Map.entry("step down", new Best(48, 48, 48)),
          Map.entry("step up", new Best(48, 48, 48)),
          Map.entry("queue 503", new Best(23, 23, 17)),
          Map.entry("limiter 429", new Best(38, 38, 32)),
          Map.entry("uncapped", new Best(512, 512, 503)),
          Map.entry("slow start", new Best(40, 40, 40)),
          Map.entry("mixed", new Best(48, 48, 45)),
          Map.entry("narrow", new Best(4, 4, 4)),
          Map.entry("slows threefold", new Best(30, 30, 30)),
          Map.entry("heavy tail 503", new Best(54, 54, 42)),
          Map.entry("steep retrograde", new Best(51, 51, 48)),
          Map.entry("tight 429", new Best(31, 31, 24)),
          Map.entry("far", new Best(238, 238, 184)),
          Map.entry("timeouts", new Best(28, 28, 24)),
          Map.entry("uncapped heavy tail", new Best(512, 512, 503)),
          Map.entry("rare misses", new Best(20, 20, 20)),
          Map.entry("cold 503", new Best(45, 45, 34)));

  private static List<Score> scores(List<Scenario> scenarios) {
    List<Score> scores = new ArrayList<>();
    for (Scenario s : scenarios) {
      Best best = BEST.get(s.name());
      scores.add(
          Score.of(
              s,
              Sweep.known(s, best.whole, best.half2, best.knee, FIRST_SEED, SEEDS),
              () -> Pacer.adaptive(Scenarios.MOST),
              FIRST_SEED,
              SEEDS));
    }
    return scores;
  }

  private static void atLeast(double least, double actual, Object scores) {
    assertTrue(actual >= least, () -> actual + " is less than " + least + ": " + scores);
  }

  @Test
  void nearTheBestFixedLimitOfTwelveServers() {
    var scores = scores(Scenarios.reference());
    assertEquals(12, scores.size());
    atLeast(0.96, Score.geometricMean(scores, Score::half2), scores);
    atLeast(0.94, Score.geometricMean(scores, Score::whole), scores);
    double[] inFlight = scores.stream().mapToDouble(Score::inFlight).sorted().toArray();
    atLeast(1 / 1.25, 1 / inFlight[6], scores);
    for (Score s : scores) {
      atLeast(0.89, s.half2(), s);
      atLeast(-0.03, -s.rejected(), s);
      atLeast(1 / 1.5, 1 / s.inFlight(), s);
    }
  }

  /** A rate limit with a small burst wants either idle time or rejections; few are allowed. */
  @Test
  void nearTheBestFixedLimitOfServersThatItWasNotTunedOn() {
    var scores = scores(Scenarios.heldOut());
    assertEquals(10, scores.size());
    atLeast(0.92, Score.geometricMean(scores, Score::half2), scores);
    atLeast(0.90, Score.geometricMean(scores, Score::whole), scores);
    for (Score s : scores) {
      atLeast(s.scenario().equals("tight 429") ? 0.5 : 0.9, s.half2(), s);
      atLeast(-0.035, -s.rejected(), s);
      atLeast(1 / 3.0, 1 / s.inFlight(), s);
    }
  }

  /** Overloads that have nothing to do with the load; ten times as long a wait in some. */
  @Test
  void nearTheBestFixedLimitOfServersThatFailWhateverTheLoad() {
    var scores = scores(Scenarios.faulty());
    assertEquals(10, scores.size());
    atLeast(0.94, Score.geometricMean(scores, Score::half2), scores);
    atLeast(0.86, Score.geometricMean(scores, Score::whole), scores);
    for (Score s : scores) atLeast(0.88, s.half2(), s);
  }

  @Test
  void aGeometricMeanIsThatOfItsFactors() {
    var scores = Arrays.asList(new Score("a", 0.5, 1, 1, 0), new Score("b", 2, 1, 1, 0));
    assertEquals(1, Score.geometricMean(scores, Score::half2), 1e-9);
  }
}
