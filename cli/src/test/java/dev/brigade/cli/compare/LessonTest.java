package dev.brigade.cli.compare;

import static java.time.Duration.ZERO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.auto.Advice;
import dev.brigade.auto.Advice.Choice;
import dev.brigade.auto.Advice.Evidence;
import dev.brigade.auto.Advice.Work;
import java.util.Collections;
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
            of(Way.CORES, 2, cores),
            of(Way.AUTO, 40, 0.01)));
  }

  /** What auto made of work that took 2 s, and 1 s on the cores. */
  private static String auto(Demand demand, double seconds, Advice... advice) {
    var all = Collections.nCopies(advice.length, seconds);
    var ways =
        List.of(
            of(Way.SEQUENTIAL, 1, 2),
            of(Way.THREADS, 40, 1.2),
            of(Way.VIRTUAL, 40, 1.2),
            of(Way.CORES, 2, 1),
            new Measured(Way.AUTO, 2, all, Optional.empty(), Optional.empty(), List.of(advice)));
    String lesson = Lesson.of(new Comparison("kind", "what", 40, 40, 2, demand, ways));
    return lesson.substring(lesson.indexOf("Auto"));
  }

  private static Advice chose(Work work, String engine, int limit) {
    var none = new Evidence(0, 0, 0, 0, ZERO, ZERO, ZERO, 0, 0, "", "");
    var choice = new Choice(engine, limit, false);
    return new Advice(work, none, choice, ZERO, List.of(), List.of(), "", "");
  }

  private static Measured of(Way way, int atOnce, double... seconds) {
    List<Double> all = java.util.Arrays.stream(seconds).boxed().toList();
    return new Measured(way, atOnce, all, Optional.empty(), Optional.empty(), List.of());
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
            new Measured(
                Way.THREADS,
                40,
                List.of(0.1),
                Optional.of(67_000_000L),
                Optional.empty(),
                List.of()),
            new Measured(
                Way.VIRTUAL,
                40,
                List.of(0.1),
                Optional.of(55_000_000L),
                Optional.empty(),
                List.of()),
            of(Way.CORES, 2, 2),
            of(Way.AUTO, 2, 2));
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
            of(Way.CORES, 2, 1),
            of(Way.AUTO, 2, 1, 9));
    var noisy = new Comparison("kind", "what", 40, 2, 2, Demand.COMPUTING, ways);
    assertTrue(Lesson.of(noisy).endsWith("Noisy: single rounds differ by up to 2.00x."));
    String calm = Lesson.of(measured(Demand.COMPUTING, 1.9, 1, 1, 1));
    assertFalse(calm.contains("Noisy"), calm);
  }

  @Test
  void whatAutoChoseIsSaidAndHowItDid() {
    Advice cores = chose(Work.COMPUTES, "cores", 2);
    assertEquals(
        "Auto ran them on the cores, 2 at once, as fast as the best way.",
        auto(Demand.COMPUTING, 1.05, cores));
    assertEquals(
        "Auto ran them on the cores, 2 at once, at 25% of the best way's speed.",
        auto(Demand.COMPUTING, 4, cores));
    assertEquals(
        "Auto ran them on the cores, 2 at once, 2.00x as fast as the best other way.",
        auto(Demand.WAITING, 0.5, cores));
  }

  @Test
  void autoThatWaversIsSaidToDoSo() {
    Advice cores = chose(Work.COMPUTES, "cores", 2);
    Advice many = chose(Work.WAITS, "virtual", 30);
    Advice more = chose(Work.WAITS, "virtual", 40);
    Advice one = chose(Work.TINY, "cores", 1);
    String end = ", as fast as the best way.";
    assertEquals(
        "Auto ran them on virtual threads, 40 at once (in 2 of 3 rounds)" + end,
        auto(Demand.WAITING, 1, many, cores, more));
    assertEquals(
        "Auto ran them one after the other (in 1 of 2 rounds)" + end,
        auto(Demand.WAITING, 1, cores, one));
    assertEquals(
        "Auto ran them on virtual threads, 30 at once" + end, auto(Demand.WAITING, 1, more, many));
  }

  @Test
  void sharedStateThatAutoFoundIsNamed() {
    assertEquals(
        "Auto ran them one after the other, as fast as the best way, and says: redesign, shared "
            + "state.",
        auto(new Demand(1, 1, 1), 1, chose(Work.CONTENDS, "cores", 1)));
  }

  @Test
  void autoIsNotComparedWithNoise() {
    assertEquals(
        "Auto ran them on the cores, 2 at once.",
        auto(Demand.COMPUTING, 0.5, chose(Work.COMPUTES, "cores", 2)));
    assertEquals(
        "Auto ran them one after the other, and says: redesign, shared state.",
        auto(Demand.LOCKED, 4, chose(Work.CONTENDS, "sequential", 1)));
    assertEquals(
        "Auto ran them on the cores, 2 at once (in 1 of 2 rounds), and said in 1 of 2 rounds: "
            + "redesign, shared state.",
        auto(Demand.LOCKED, 4, chose(Work.CONTENDS, "cores", 1), chose(Work.COMPUTES, "cores", 2)));
  }

  @Test
  void autoIsNotAmongTheWaysThatTheLessonCompares() {
    Comparison c = measured(Demand.COMPUTING, 1.9, 1, 1, 1);
    assertEquals(Way.THREADS, c.fastest().way());
    assertEquals(1, c.spread());
  }

  private static String processes(Demand demand, double seconds, double start) {
    var ways =
        List.of(
            of(Way.SEQUENTIAL, 1, 2),
            of(Way.THREADS, 40, 1),
            of(Way.VIRTUAL, 40, 1),
            of(Way.CORES, 2, 1),
            new Measured(
                Way.PROCESSES,
                2,
                List.of(seconds),
                Optional.empty(),
                Optional.of(start),
                List.of()),
            of(Way.AUTO, 2, 1));
    return ProcessLesson.of(new Comparison("kind", "what", 40, 40, 2, demand, ways));
  }

  @Test
  void processesAreToldWithTheirStart() {
    assertEquals(
        "Processes: 2.00x, after a start of 1.00 s (1.00x with it): for what must be isolated, or"
            + " killed.",
        processes(Demand.COMPUTING, 1, 1));
    assertEquals(
        "Processes have a lock each: 2.00x, after a start of 500 ms (1.33x with it). So redesign, or"
            + " take processes.",
        processes(Demand.LOCKED, 1, 0.5));
    assertEquals(
        "Processes: the 4.00x is noise; their start took 1.00 s.",
        processes(Demand.COMPUTING, 0.5, 1));
    assertEquals("", ProcessLesson.of(measured(Demand.COMPUTING, 2, 1, 1, 1)));
  }

  @Test
  void medianIsInTheMiddle() {
    assertEquals(2, of(Way.CORES, 2, 9, 1, 2).median());
    assertEquals(3, of(Way.CORES, 2, 9, 1, 2, 4).median());
  }
}
