package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.policy.Trial.Verdict;
import org.junit.jupiter.api.Test;

/** What backing off from 40 to 20 says about overloads, on counts alone. */
class TrialTest {
  private static final double MILLI = 1e6;
  private static final double TOLERATED = 0.02;

  /** A second with so many in flight, each of which takes so long. */
  private static Window second(int inFlight, double millis) {
    var w = new Window();
    w.pass(1_000 * MILLI, inFlight);
    for (int i = 0; i < inFlight * 1_000 / millis; i++) w.add((long) (millis * MILLI));
    return w;
  }

  private static Trial trial(double share, Window above) {
    var trial = new Trial(40, share, 400, above, false);
    trial.begin();
    trial.end(0, 10, false);
    return trial;
  }

  private static void ends(Trial trial, int good, int overloads) {
    for (int i = 0; i < good; i++) trial.end(10, 10, false);
    for (int i = 0; i < overloads; i++) trial.end(10, 10, true);
  }

  @Test
  void fewerOverloadsAreMadeByTheLoad() {
    var trial = trial(0.1, second(40, 20));
    ends(trial, 200, 2);
    trial.measured(second(20, 20));
    assertEquals(Verdict.LOAD, trial.verdict(TOLERATED));
  }

  @Test
  void asManyAndLessGoodputAreTheBase() {
    var trial = trial(0.1, second(40, 20));
    ends(trial, 180, 20);
    trial.measured(second(20, 20));
    assertEquals(Verdict.BASE, trial.verdict(TOLERATED));
    assertEquals(0.1, trial.shareOfBoth(), 0.001);
  }

  @Test
  void asManyButAsMuchGoodputProveNothing() {
    var trial = trial(0.1, second(40, 40));
    ends(trial, 180, 20);
    trial.measured(second(20, 20));
    assertEquals(Verdict.HARMLESS, trial.verdict(TOLERATED));
  }

  @Test
  void aFewEndsDecideNothing() {
    var trial = trial(0.1, second(40, 20));
    ends(trial, 50, 1);
    trial.measured(second(20, 20));
    assertFalse(trial.decided());
    assertEquals(Verdict.UNKNOWN, trial.verdict(TOLERATED));
  }

  @Test
  void withoutAWindowAboveItComparesFromHere() {
    var trial = trial(0.1, null);
    ends(trial, 180, 20);
    trial.measured(second(20, 20));
    assertEquals(Verdict.UNKNOWN, trial.verdict(TOLERATED));
    var further = trial.from(20);
    further.begin();
    further.end(0, 10, false);
    ends(further, 180, 20);
    further.measured(second(10, 20));
    assertTrue(further.isComparable());
    assertEquals(Verdict.BASE, further.verdict(TOLERATED));
  }

  @Test
  void endsCountOnceLateOnesHaveHadTheTime() {
    var trial = new Trial(40, 0.1, 400, second(40, 20), false);
    trial.begin();
    for (int now = 0; now < 100; now++) trial.end(now, 100, false);
    assertFalse(trial.decided());
    for (int now = 100; now < 200; now++) trial.end(now, 100, false);
    assertTrue(trial.decided());
  }
}
