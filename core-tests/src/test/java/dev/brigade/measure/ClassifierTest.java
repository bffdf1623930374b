package dev.brigade.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What figures mean, without threads. */
class ClassifierTest {
  private static final long MILLI = 1_000_000;

  /** Two threads, each seen for a time. */
  private static Figures seen(double busy, double locked, int items, int looks, long eachMillis) {
    long all = 2 * eachMillis * MILLI;
    int lockedLooks = (int) Math.ceil(looks * locked);
    return new Figures(
        items,
        2,
        all,
        (long) (all * busy),
        0,
        (long) (all * (1 - busy)),
        locked,
        looks,
        lockedLooks,
        0,
        busy,
        eachMillis * MILLI);
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, COMPUTES",
    "0.8, COMPUTES",
    "0.79, MIXED",
    "0.4, MIXED",
    "0.21, MIXED",
    "0.2, WAITS",
    "0.0, WAITS"
  })
  void busyShareDecides(double busy, Nature nature) {
    assertEquals(nature, Classifier.judge(seen(busy, 0, 8, 40, 30), 2));
  }

  @Test
  void waitingIsTakenEarlyAndComputingNot() {
    assertEquals(Nature.WAITS, Classifier.judge(seen(0.1, 0, 0, 6, 3), 2));
    assertEquals(Nature.UNKNOWN, Classifier.judge(seen(0.5, 0, 0, 6, 3), 2));
    assertEquals(Nature.UNKNOWN, Classifier.judge(seen(1, 0, 7, 6, 3), 2));
  }

  @Test
  void nothingIsConcludedFromNothing() {
    assertEquals(Nature.UNKNOWN, Classifier.judge(Figures.NONE, 2));
    assertFalse(Classifier.isSuspect(Figures.NONE));
  }

  @Test
  void waitingForLocksIsNotWaiting() {
    assertEquals(Nature.CONTENDS, Classifier.judge(seen(0.5, 0.5, 4, 20, 10), 2));
    assertEquals(Nature.CONTENDS, Classifier.judge(seen(0, 0.5, 4, 20, 10), 2));
    // Too early to say that, but too much of a lock to say that it waits.
    assertEquals(Nature.UNKNOWN, Classifier.judge(seen(0, 0.5, 1, 6, 3), 2));
    // However long the first items take.
    assertEquals(Nature.UNKNOWN, Classifier.judge(seen(0.1, 0.8, 1, 100, 400), 2));
  }

  @Test
  void locksAreLookedForBeforeWorkIsCalledMixed() {
    assertEquals(Nature.UNKNOWN, Classifier.judge(seen(0.5, 0, 8, 6, 30), 2));
    assertEquals(Nature.MIXED, Classifier.judge(seen(0.5, 0, 8, 20, 30), 2));
  }

  @Test
  void littleWaitingForLocksIsTriedOut() {
    assertTrue(Classifier.isSuspect(seen(0.9, 0.1, 4, 20, 10)));
    assertFalse(Classifier.isSuspect(seen(1, 0, 4, 20, 10)));
    assertTrue(Classifier.contendsByRate(1.1, 2));
    assertFalse(Classifier.contendsByRate(1.9, 2));
    assertFalse(Classifier.contendsByRate(6, 8));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 1", "0.45, 1", "0.3, 2", "0.0, 2", "1.0, 1"})
  void asManyHelpAsTheLockLetsThrough(double locked, int helpful) {
    assertEquals(helpful, Classifier.helpful(seen(1 - locked, locked, 8, 40, 30)));
  }

  @ParameterizedTest
  @CsvSource({"0.5, 2, 4", "1.0, 2, 2", "0.1, 4, 40", "0.0, 4, 1048576"})
  void startKeepsTheCoresBusy(double busy, int cores, int start) {
    assertEquals(start, Classifier.start(busy, cores));
  }
}
