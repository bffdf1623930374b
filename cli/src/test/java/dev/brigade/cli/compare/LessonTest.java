package dev.brigade.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LessonTest {
  private static Comparison measured(
      Demand demand, double sequential, double threads, double virtual, double cores) {
    return new Comparison(
        "kind",
        "what",
        40,
        40,
        2,
        demand,
        List.of(
            of(Way.SEQUENTIAL, 1, sequential),
            of(Way.THREADS, 40, threads),
            of(Way.VIRTUAL, 40, virtual),
            of(Way.CORES, 2, cores)));
  }

  private static Measured of(Way way, int atOnce, double... seconds) {
    List<Double> all = java.util.Arrays.stream(seconds).boxed().toList();
    return new Measured(way, atOnce, all, Optional.empty());
  }

  @Test
  void waitingWork() {
    assertEquals(
        "Waiting overlaps: 38.0x on virtual threads, 95% of the ideal. "
            + "The cores engine: 2.00x, as its 2 threads wait.",
        Lesson.of(measured(Demand.WAITING, 3.8, 0.2, 0.1, 1.9)));
  }

  @Test
  void equalWaysAreNamedTogether() {
    String lesson = Lesson.of(measured(Demand.WAITING, 3.8, 0.105, 0.1, 1.9));
    assertTrue(
        lesson.startsWith("Waiting overlaps: 38.0x on platform threads and virtual threads"));
  }

  @Test
  void computingWork() {
    assertEquals(
        "The 2 cores share the work: 1.90x in all three ways, 95% of the ideal. "
            + "40 threads instead of 2 gain nothing more.",
        Lesson.of(measured(Demand.COMPUTING, 1.9, 1, 1, 1)));
  }

  @Test
  void moreThreadsThatGainAreNamed() {
    String lesson = Lesson.of(measured(Demand.COMPUTING, 1.9, 1, 1.2, 1.5));
    assertTrue(lesson.endsWith("40 threads instead of 2 gain another 1.50x."));
  }

  @Test
  void workUnderOneLockGainsNothingWhateverWasMeasured() {
    for (double threads : new double[] {0.7, 1, 1.3}) {
      String lesson = Lesson.of(measured(Demand.LOCKED, 1, threads, 1.3, 1.3));
      assertTrue(lesson.startsWith("Nothing to gain under one lock"), lesson);
    }
  }

  @Test
  void gainBeyondThePossibleIsCalledNoise() {
    String lesson = Lesson.of(measured(Demand.LOCKED, 1.66, 1, 1, 1));
    assertTrue(lesson.contains("the 1.66x is noise."), lesson);
  }

  @Test
  void memoryOfPlatformThreadsIsNamed() {
    var ways =
        List.of(
            of(Way.SEQUENTIAL, 1, 4),
            new Measured(Way.THREADS, 40, List.of(0.1), Optional.of(67_000_000L)),
            new Measured(Way.VIRTUAL, 40, List.of(0.1), Optional.of(55_000_000L)),
            of(Way.CORES, 2, 2));
    var waiting = new Comparison("kind", "what", 40, 40, 2, Demand.WAITING, ways);
    String lesson = Lesson.of(waiting);
    assertTrue(lesson.endsWith("40 platform threads take 12 MB more."), lesson);
  }

  @Test
  void noGainIsSaid() {
    assertEquals(
        "No gain, though 2.00x was possible: at best 1.00x. "
            + "Items too small, or the machine too busy.",
        Lesson.of(measured(Demand.COMPUTING, 1, 1, 1.1, 1.2)));
  }

  @Test
  void noiseIsSaid() {
    var ways =
        List.of(
            of(Way.SEQUENTIAL, 1, 2, 2, 4),
            of(Way.THREADS, 2, 1),
            of(Way.VIRTUAL, 2, 1),
            of(Way.CORES, 2, 1));
    var noisy = new Comparison("kind", "what", 40, 2, 2, Demand.COMPUTING, ways);
    assertTrue(Lesson.of(noisy).endsWith("Noisy: single rounds differ by up to 2.00x."));
    String calm = Lesson.of(measured(Demand.COMPUTING, 1.9, 1, 1, 1));
    assertFalse(calm.contains("Noisy"), calm);
  }

  @Test
  void medianIsInTheMiddle() {
    assertEquals(2, of(Way.CORES, 2, 9, 1, 2).median());
    assertEquals(3, of(Way.CORES, 2, 9, 1, 2, 4).median());
  }
}
