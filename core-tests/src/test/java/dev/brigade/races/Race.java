package dev.brigade.races;

import dev.brigade.task.Tasks;
import java.util.random.RandomGenerator;

/** One way for a completion to meet a deadline or a cancellation. */
abstract class Race implements AutoCloseable {
  final Striker striker = new Striker();

  /**
   * One race.
   *
   * @param delayNanos how long the body lasts, from a moment that the race fixes
   */
  abstract Ending round(Body body, long delayNanos) throws Exception;

  /** Where the search for the delay begins. */
  long startNanos() {
    return 0;
  }

  /** What must hold when no race is on. */
  void assertNothingLeft() {}

  final Tally run(int rounds, RandomGenerator random) throws Exception {
    var tally = new Tally();
    var tuners = new Tuner[Body.values().length];
    for (int i = 0; i < tuners.length; i++) tuners[i] = new Tuner(random, startNanos());
    for (int i = 0; i < rounds; i++) {
      Body body = Body.values()[i % tuners.length];
      Tuner tuner = tuners[body.ordinal()];
      long delay = tuner.nextNanos();
      Ending ending = round(body, delay);
      tuner.ended(ending != Ending.COMPLETED);
      tally.add(ending);
      if (Thread.interrupted())
        throw new AssertionError(
            "an interrupt was left behind after race %d (%s, %s)".formatted(i, body, ending));
    }
    striker.await();
    if (Thread.interrupted()) throw new AssertionError("an interrupt came after the last race");
    assertNothingLeft();
    return tally;
  }

  static long overruns() {
    return Tasks.snapshot().overruns();
  }

  static AssertionError wrong(String expected, Object got) {
    var e = new AssertionError("expected " + expected + ", but got " + got);
    if (got instanceof Throwable t) e.initCause(t);
    return e;
  }

  @Override
  public final void close() {
    striker.close();
  }
}
