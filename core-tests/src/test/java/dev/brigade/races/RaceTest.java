package dev.brigade.races;

import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The outcome is decided at one point, and nothing is left behind, however close the race. */
class RaceTest {
  @ParameterizedTest
  @CsvSource({
    "timeout, 20000",
    "acquire, 1000",
    "grant, 1000",
    "cancel task on virtual, 5000",
    "cancel task on threads, 15000",
    "cancel scope, 20000"
  })
  void bothSidesWinAndNothingIsLeft(String kind, int rounds) throws Exception {
    race(kind, rounds);
  }

  @Tag("models")
  @ParameterizedTest
  @CsvSource({
    "timeout, 1000000",
    "acquire, 50000",
    "grant, 50000",
    "cancel task on virtual, 1000000",
    "cancel task on threads, 1000000",
    "cancel scope, 1000000"
  })
  void bothSidesWinAMillionRacesAndNothingIsLeft(String kind, int rounds) throws Exception {
    race(kind, rounds);
  }

  private static void race(String kind, int rounds) throws Exception {
    var races = new Races();
    long start = System.nanoTime();
    Tally tally =
        races.run(kind, rounds, RandomGeneratorFactory.of("L64X128MixRandom").create(rounds));
    System.out.printf(
        "%s: %s in %.1f s%n", kind, tally, (System.nanoTime() - start) / 1_000_000_000.0);
    tally.assertBothSidesWon();
  }
}
