package dev.brigade.storm;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** Runs random faults against the library for a given time: {@code ./build storm}. */
public final class Storm {
  /** One kind of bad weather. A failed check is any exception or error. */
  @FunctionalInterface
  interface Weather {
    /** One round, of seconds at most; all randomness comes from {@code random}. */
    void round(RandomGenerator random) throws Exception;

    /** What the rounds amounted to; may fail as well. */
    default String report() {
      return "";
    }
  }

  /** Every storm, by the name that the command line gives it. */
  private static final Map<String, Weather> STORMS =
      new TreeMap<>(
          Map.of(
              "alarms", new AlarmStorm(),
              "engine", new EngineStorm(),
              "limit", new LimitStorm(),
              "processes", new ProcessStorm(),
              "races", new RaceStorm(),
              "rate", new RateStorm(),
              "scopes", new ScopeStorm()));

  private Storm() {}

  public static void main(String[] args) throws Exception {
    @Nullable String name = null;
    long seed = System.nanoTime();
    double minutes = 1;
    try {
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--seed" -> seed = Long.parseLong(args[++i]);
          case "--minutes" -> minutes = Double.parseDouble(args[++i]);
          default -> {
            if (args[i].startsWith("-") || name != null) {
              throw new IllegalArgumentException("unexpected argument " + args[i]);
            }
            name = args[i];
          }
        }
      }
      if (name != null && !STORMS.containsKey(name)) {
        throw new IllegalArgumentException("no storm is named " + name);
      }
      if (!(minutes > 0)) {
        throw new IllegalArgumentException("minutes must be above 0, not " + minutes);
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      System.err.println(
          "./build storm: "
              + (e instanceof IllegalArgumentException ? e.getMessage() : "a value is missing")
              + "\nUsage: ./build storm [NAME] [--seed N] [--minutes M], NAME one of "
              + STORMS.keySet());
      System.exit(2);
      return;
    }
    Map<String, Weather> chosen = name == null ? STORMS : Map.of(name, STORMS.get(name));
    ErrorLog log = ErrorLog.install();
    for (var storm : chosen.entrySet()) {
      run(log, storm.getKey(), storm.getValue(), seed, minutes / chosen.size());
    }
    // A thread that a storm left behind must not keep the program alive.
    System.exit(0);
  }

  private static void run(ErrorLog log, String name, Weather weather, long seed, double minutes) {
    long start = System.nanoTime();
    long end = start + (long) (minutes * Duration.ofMinutes(1).toNanos());
    long rounds = 0;
    do {
      // Each round has a seed of its own, so that a failed one can be run again alone.
      long roundSeed = seed + rounds;
      try {
        weather.round(RandomGeneratorFactory.of("L64X128MixRandom").create(roundSeed));
        log.check();
      } catch (Throwable failure) {
        System.err.printf(
            "storm %s FAILED in round %d: ./build storm %s --seed %d%n",
            name, rounds, name, roundSeed);
        failure.printStackTrace();
        System.exit(1);
      }
      rounds++;
    } while (System.nanoTime() < end);
    String report;
    try {
      report = weather.report();
    } catch (AssertionError failure) {
      System.err.printf("storm %s FAILED: %s%n", name, failure.getMessage());
      System.exit(1);
      return;
    }
    System.out.printf(
        "storm %s: %d rounds passed in %d s, seed %d%n%s%n",
        name,
        rounds,
        Duration.ofNanos(System.nanoTime() - start).toSeconds(),
        seed,
        report.indent(2).stripTrailing());
  }
}
