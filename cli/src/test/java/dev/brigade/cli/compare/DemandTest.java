package dev.brigade.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.brigade.cli.compare.Demand.Bound;
import org.junit.jupiter.api.Test;

class DemandTest {
  private static final double EXACT = 1e-9;

  @Test
  void waitsOverlapUpToTheLimit() {
    assertEquals(40, Demand.WAITING.idealSpeedUp(40, 40, 2), EXACT);
    assertEquals(8, Demand.WAITING.idealSpeedUp(40, 8, 2), EXACT);
    // Three of ten take four rounds: 3 + 3 + 3 + 1.
    assertEquals(2.5, Demand.WAITING.idealSpeedUp(10, 3, 2), EXACT);
    assertEquals(Bound.AT_ONCE, Demand.WAITING.bound(40, 40, 2));
  }

  @Test
  void coresShareTheComputing() {
    assertEquals(2, Demand.COMPUTING.idealSpeedUp(48, 48, 2), EXACT);
    assertEquals(1, Demand.COMPUTING.idealSpeedUp(48, 1, 2), EXACT);
    assertEquals(Bound.CORES, Demand.COMPUTING.bound(48, 48, 2));
  }

  @Test
  void lockLetsOneInAtATime() {
    assertEquals(1, Demand.LOCKED.idealSpeedUp(60, 60, 2), EXACT);
    assertEquals(Bound.LOCK, Demand.LOCKED.bound(60, 60, 2));
    var halfLocked = new Demand(0, 2, 1);
    assertEquals(2, halfLocked.idealSpeedUp(60, 60, 8), EXACT);
  }

  @Test
  void mixedWorkIsBoundByWhatIsScarcest() {
    var mixed = new Demand(20, 5, 0);
    // 40 x 5 on two cores are 100, one after the other 40 x 25 = 1000.
    assertEquals(10, mixed.idealSpeedUp(40, 40, 2), EXACT);
    assertEquals(Bound.CORES, mixed.bound(40, 40, 2));
    assertEquals(Bound.AT_ONCE, mixed.bound(40, 4, 2));
    assertEquals(0.8, mixed.waitingShare(), EXACT);
  }
}
