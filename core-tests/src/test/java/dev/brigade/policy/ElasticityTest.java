package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What two windows say of whether goodput follows. */
class ElasticityTest {
  /** So many ends with so many in flight, at Little's law: in flight = rate × latency. */
  private static Window window(int inFlight, int ends, double latency, double noise) {
    var random = new Random(ends + inFlight);
    var w = new Window();
    for (int i = 0; i < ends; i++) {
      w.pass(latency / inFlight, inFlight);
      w.add(latency * (1 + noise * (random.nextDouble() - 0.5)));
    }
    return w;
  }

  @Test
  void sameLatencyWithMoreInFlightMeansThatGoodputFollows() {
    var e = Elasticity.between(window(10, 200, 1e6, 0.2), window(20, 200, 1e6, 0.2));
    assertEquals(1, e.value(), 0.1);
    assertTrue(e.apartFrom(0.5));
  }

  @Test
  void latencyInProportionMeansThatNothingIsGained() {
    var e = Elasticity.between(window(10, 200, 1e6, 0.2), window(20, 200, 2e6, 0.2));
    assertEquals(0, e.value(), 0.1);
    assertTrue(e.apartFrom(0.5));
  }

  @Test
  void latencyBeyondProportionMeansThatMoreIsLess() {
    var e = Elasticity.between(window(10, 200, 1e6, 0.2), window(20, 200, 4e6, 0.2));
    assertTrue(e.value() < -0.5, e::toString);
  }

  @Test
  void fewAndNoisyEndsAreUncertain() {
    var few = Elasticity.between(window(10, 10, 1e6, 1.8), window(12, 10, 1e6, 1.8));
    var many = Elasticity.between(window(10, 1000, 1e6, 1.8), window(12, 1000, 1e6, 1.8));
    assertFalse(few.apartFrom(0.5), few::toString);
    assertTrue(many.error() < few.error() / 5, many::toString);
  }

  @Test
  void withoutADifferenceInFlightNothingCanBeSaid() {
    var e = Elasticity.between(window(10, 100, 1e6, 0.2), window(10, 100, 2e6, 0.2));
    assertEquals(Double.POSITIVE_INFINITY, e.error());
    assertFalse(e.apartFrom(0.5));
  }
}
