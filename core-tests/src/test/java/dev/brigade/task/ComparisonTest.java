package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.brigade.task.Comparison.Verdict;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final long SLICE = 40_000_000;

  /** Here: 1,000 items a slice. */
  private final Comparison compared = new Comparison(1_000.0 / SLICE, 10 * SLICE);

  private Verdict slices(int... items) {
    Verdict last = Verdict.OPEN;
    for (int i = 0; i < items.length; i++) {
      assertEquals(Verdict.OPEN, last, "decided after " + i + " slices");
      last = compared.slice(items[i], SLICE);
    }
    return last;
  }

  @Test
  void twoClearlyBetterSlicesRunningDecideForThere() {
    assertEquals(Verdict.THERE, slices(2_000, 3_000));
    assertEquals(2_500.0 / SLICE, compared.there(), 1e-12);
  }

  @Test
  void oneBetterSliceAmongWorseOnesDoesNot() {
    assertEquals(Verdict.HERE, slices(2_000, 900, 900, 900));
  }

  @Test
  void aTenthMoreIsNotClear() {
    assertEquals(Verdict.HERE, slices(1_090, 1_090, 1_090, 1_090));
  }

  @Test
  void coldCodeMayBecomeFaster() {
    assertEquals(Verdict.THERE, slices(10, 50, 200, 600, 1_200, 1_200));
  }

  @Test
  void whatDoesNotBecomeFasterIsGivenUp() {
    assertEquals(Verdict.HERE, slices(500, 500, 500, 500));
    assertEquals(500.0 / SLICE, compared.there(), 1e-12);
  }

  @Test
  void placesThatHaveNotStartedAreWaitedForButNotForEver() {
    assertEquals(Verdict.THERE, slices(0, 0, 0, 0, 0, 2_000, 2_000));
    var dead = new Comparison(1_000.0 / SLICE, 10 * SLICE);
    for (int i = 0; i < 9; i++) assertEquals(Verdict.OPEN, dead.slice(0, SLICE));
    assertEquals(Verdict.HERE, dead.slice(0, SLICE));
    assertEquals(0.0, dead.there());
  }

  @Test
  void aBetterSliceAtTheEndOfTheTimeIsLookedAtAgain() {
    assertEquals(Verdict.THERE, slices(100, 200, 300, 400, 500, 600, 700, 800, 900, 1_200, 1_200));
  }
}
