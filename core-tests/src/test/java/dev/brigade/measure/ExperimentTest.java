package dev.brigade.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** One thread in turns with two, on figures as they were recorded. */
class ExperimentTest {
  private static final long MICRO = 1_000;

  private static Figures at(int items, long cpuMicros, long queuedMicros, long waitedMicros) {
    long wall = (cpuMicros + queuedMicros + waitedMicros) * MICRO;
    long waited = waitedMicros * MICRO;
    return new Figures(
        items, 2, wall, cpuMicros * MICRO, queuedMicros * MICRO, waited, 0, 40, 1, 4, 1, wall / 2);
  }

  /** Begins, and has a half alone behind it. */
  private static Experiment afterAlone(Figures before, Figures begun, Figures ended) {
    var e = new Experiment(before, 2);
    assertFalse(e.halfIsOver(before, 2));
    assertFalse(e.halfIsOver(begun, 1));
    assertTrue(e.isAlone());
    assertTrue(e.halfIsOver(ended, 1));
    assertFalse(e.isAlone());
    return e;
  }

  @Test
  void threadsThatAreOnlyQueuedDontContend() {
    // The machine gave a fifth of what it gave in the first half.
    Figures alone = at(60, 18_000, 40_000, 0);
    var e = afterAlone(at(20, 6_000, 9_000, 0), at(20, 6_000, 9_000, 0), alone);
    assertFalse(e.halfIsOver(alone, 2));
    Figures all = at(120, 36_000, 400_000, 0);
    assertTrue(e.halfIsOver(all, 2));
    assertFalse(e.isOver());
    assertEquals(2, e.gain(), 1e-6);
    assertTrue(e.gainByWall() < 1, "by the wall " + e.gainByWall());
    assertFalse(Classifier.contendsByRate(e.gain(), 2));
  }

  @Test
  void waitingForOneAnotherShowsHoweverBusyTheMachine() {
    // 1,500 items of 0.2 ms under one monitor, eight threads besides, load 18.
    Figures begun = at(29, 5_079, 97_000, 59_421);
    var e = afterAlone(at(28, 4_941, 0, 3_346), begun, at(88, 15_029, 156_026, 59_422));
    assertFalse(e.halfIsOver(at(99, 15_029, 156_026, 59_422), 2));
    assertTrue(e.halfIsOver(at(125, 42_391, 254_565, 68_031), 2));
    assertFalse(e.isOver());
    assertTrue(Classifier.contendsByRate(e.gain(), 2), "gain " + e.gain());
  }

  @Test
  void itTakesTheTimeThatThreadsAreGivenAndNoOther() {
    Figures before = at(20, 6_000, 9_000, 0);
    var e = new Experiment(before, 2);
    // A minute in the queue says nothing.
    assertFalse(e.halfIsOver(at(21, 7_000, 60_000_000, 0), 1));
    assertFalse(e.halfIsOver(at(22, 8_000, 120_000_000, 0), 1));
    assertFalse(e.isOver());
  }

  @Test
  void itEndsAlthoughTheOthersStay() {
    Figures before = at(20, 6_000, 9_000, 0);
    var e = new Experiment(before, 2);
    assertFalse(e.halfIsOver(at(25, 6_000, 9_000, 0), 2));
    assertTrue(e.halfIsOver(at(25, 6_000, 9_000, 251_000), 2));
    assertTrue(e.isOver());
    assertEquals(0, e.gain());
  }
}
