package dev.brigade.storm;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** A short storm over rate limits, and that its own checks can fail. */
class RateGrantsTest {
  @Test
  void noIntervalEverHoldsMoreThanTheBound() throws Exception {
    var storm = new RateStorm();
    for (int seed = 0; seed < 4; seed++)
      storm.round(RandomGeneratorFactory.of("L64X128MixRandom").create(seed), 25_000);
    assertTrue(storm.grants() >= 100_000, storm::report);
  }

  @Test
  void theChecksSeeOneGrantTooMany() {
    var grants = new Grants();
    for (long time : new long[] {0, 10, 20, 109, 110}) grants.add(time, 1);
    grants.checkWindow(3, 100);
    grants.checkBucket(1, 10, 3);
    grants.add(99, 1);
    assertThrows(AssertionError.class, () -> grants.checkWindow(3, 100));
    grants.add(22, 3);
    assertThrows(AssertionError.class, () -> grants.checkBucket(1, 10, 3));
  }
}
