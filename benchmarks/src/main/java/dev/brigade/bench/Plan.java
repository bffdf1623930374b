package dev.brigade.bench;

import java.time.Duration;

/**
 * How long and how often. A bench divides its budget over its cases; rounds that no longer fit are
 * left out.
 *
 * @param forks fresh JVMs for each in-JVM case, whose rounds are pooled
 * @param rounds rounds in each of them, and of whole processes
 * @param warmUp for each side of an in-JVM case
 * @param slice what one timed run should last
 * @param budget for one bench name
 */
public record Plan(
    boolean quick, int forks, int rounds, Duration warmUp, Duration slice, Duration budget) {
  public static final Plan FULL =
      new Plan(false, 3, 9, Duration.ofSeconds(2), Duration.ofMillis(250), Duration.ofMinutes(20));

  /** Ends within 60 seconds a name: the rest is kept back for a side that hangs. */
  public static final Plan QUICK =
      new Plan(true, 1, 7, Duration.ofMillis(400), Duration.ofMillis(80), Duration.ofSeconds(44));

  /** What a hanging side may take beyond the budget before its process is killed. */
  static final Duration GRACE = Duration.ofSeconds(8);

  static Plan of(boolean quick) {
    return quick ? QUICK : FULL;
  }
}
