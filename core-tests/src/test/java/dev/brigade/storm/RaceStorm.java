package dev.brigade.storm;

import dev.brigade.races.Races;
import java.util.random.RandomGenerator;

/** Completions against timeouts and cancellations, without end. */
final class RaceStorm implements Storm.Weather {
  private static final int ROUNDS = 1_000;
  private final Races races = new Races();

  @Override
  public void round(RandomGenerator random) throws Exception {
    races.run(ROUNDS, random);
  }

  @Override
  public String report() {
    races.assertBothSidesWon();
    return races.toString();
  }
}
