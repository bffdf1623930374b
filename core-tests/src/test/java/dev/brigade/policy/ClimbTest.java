package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.policy.Climb.Ending;
import dev.brigade.testing.simulation.BatchRun;
import dev.brigade.testing.simulation.Scenario;
import dev.brigade.testing.simulation.ServerModel;
import dev.brigade.testing.simulation.ServiceTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the adaptive limit, one by one, on a clock that is just a number. */
class ClimbTest {
  private static final long MILLI = 1_000_000;

  private final ArrayDeque<Climb.Flight> flying = new ArrayDeque<>();
  private long now;

  private void start(Climb climb, int n) {
    for (int i = 0; i < n; i++) flying.add(climb.started(now));
  }

  private void end(Climb climb, int n, Ending how) {
    for (int i = 0; i < n; i++) climb.ended(flying.remove(), now, how);
  }

  /** Round trips of 10 ms of an uncapped server, with so many in flight. */
  private void roundTrips(Climb climb, int n, int inFlight) {
    for (int trip = 0; trip < n; trip++) {
      start(climb, inFlight - flying.size());
      for (int i = 0; i < inFlight; i++) {
        now += 10 * MILLI / inFlight;
        end(climb, 1, Ending.GOOD);
        start(climb, 1);
      }
    }
  }

  private void saturated(Climb climb, int goodEnds) {
    for (int i = 0; i < goodEnds; i++) {
      start(climb, climb.limit() - flying.size());
      now += 10 * MILLI / climb.limit();
      end(climb, 1, Ending.GOOD);
    }
  }

  private static ClimbPacer run(ServerModel server, int tasks, int initial, long seed) {
    var pacer = new ClimbPacer(new Climb(1, initial, 512));
    BatchRun.Result unused = BatchRun.of(new Scenario("test", server, tasks), pacer, seed);
    return pacer;
  }

  private static ServerModel slots(int n) {
    return ServerModel.of(n, ServiceTime.logNormal(Duration.ofMillis(20), 0.3));
  }

  private static void between(int least, int most, double actual) {
    assertTrue(
        actual >= least && actual <= most,
        () -> "expected " + least + " to " + most + ", but was " + actual);
  }

  @Test
  void fewerThanFiftyAreNotTuned() {
    var climb = new Climb(1, 20, 512);
    saturated(climb, Climb.TUNE_FROM - 1);
    assertEquals(20, climb.limit());
    saturated(climb, 50);
    assertTrue(climb.limit() > 20, "limit " + climb.limit());
  }

  @Test
  void climbsWhileGoodputFollowsUpToTheMostAllowed() {
    var climb = new Climb(1, 20, 300);
    saturated(climb, 20_000);
    assertEquals(300, climb.limit());
    assertEquals(0, climb.backOffs());
  }

  @Test
  void growsByOneForAGoodEndSoThatNoBurstIsSent() {
    var climb = new Climb(1, 20, 512);
    for (int i = 0; i < 20_000; i++) {
      int before = climb.limit();
      saturated(climb, 1);
      assertTrue(climb.limit() <= before + 1, () -> before + " then " + climb.limit());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 10, 25, 60, 200})
  void stopsAtTheKneeOfAServerWithSoManySlots(int slots) {
    for (long seed = 1; seed <= 5; seed++) {
      var climb = run(slots(slots), slots * 400, 20, seed).climb;
      between((int) (slots * 0.8), slots * 2, climb.target());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 16})
  void neverMovesWhileFewerAreInFlightThanItAllows(int inFlight) {
    var climb = new Climb(1, 20, 512);
    roundTrips(climb, 2_000, inFlight);
    assertEquals(20, climb.limit());
    assertEquals("nothing measured yet", climb.why());
  }

  @Test
  void keepsWhatItFoundWhileFewerAreInFlight() {
    var climb = new Climb(1, 20, 512);
    saturated(climb, 20_000);
    end(climb, flying.size(), Ending.GOOD);
    int found = climb.limit();
    roundTrips(climb, 500, 5);
    assertEquals(found, climb.limit());
    assertEquals(0, climb.restarts());
  }

  @Test
  void backsOffOnceForAllThatWasInFlight() {
    var climb = new Climb(1, 100, 512);
    saturated(climb, 40);
    int before = climb.limit();
    start(climb, before - flying.size());
    now += MILLI;
    end(climb, 60, Ending.OVERLOADED);
    assertEquals(1, climb.backOffs());
    int after = climb.limit();
    assertTrue(after < before && after >= before / 4, before + " then " + after);
    end(climb, flying.size(), Ending.OVERLOADED);
    assertEquals(1, climb.backOffs(), "those were sent before the back-off");
    assertEquals(after, climb.limit());
  }

  @Test
  void backsOffAgainForWhatWasSentAfterTheBackOff() {
    var climb = new Climb(1, 100, 100);
    saturated(climb, 1_000);
    for (int round = 1; round <= 2; round++) {
      int before = climb.limit();
      start(climb, before - flying.size());
      now += 30 * MILLI;
      end(climb, flying.size(), Ending.OVERLOADED);
      assertEquals(round, climb.backOffs());
      assertTrue(climb.limit() <= before / 2, before + " then " + climb.limit());
    }
  }

  @Test
  void refusalsThatComeBackFasterThanGoodEndsAreOneRoundTrip() {
    var climb = new Climb(1, 100, 100);
    saturated(climb, 1_000);
    int before = climb.limit();
    for (int i = 0; i < 8; i++) {
      start(climb, climb.limit());
      now += MILLI;
      end(climb, flying.size(), Ending.OVERLOADED);
    }
    assertEquals(1, climb.backOffs());
    assertTrue(climb.limit() < before, before + " then " + climb.limit());
  }

  @Test
  void aServerThatRefusesEverythingIsLeftWithOne() {
    var climb = new Climb(1, 200, 512);
    for (int i = 0; i < 200; i++) {
      start(climb, climb.limit());
      now += MILLI;
      end(climb, flying.size(), Ending.OVERLOADED);
    }
    assertEquals(1, climb.limit());
  }

  @Test
  void aFewOverloadsAreNoReasonToMove() {
    var climb = new Climb(1, 20, 20);
    for (int i = 0; i < 100; i++) {
      saturated(climb, 199);
      start(climb, climb.limit() - flying.size());
      end(climb, 1, Ending.OVERLOADED);
    }
    assertEquals(0, climb.backOffs());
    assertEquals(20, climb.limit());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 10, 30})
  void overloadsThatHaveNothingToDoWithTheLoadAreTolerated(int percent) {
    for (int after : new int[] {1, 20, 200}) {
      var server = slots(40).failing(percent / 100.0, Duration.ofMillis(after));
      for (long seed = 1; seed <= 5; seed++) {
        var climb = run(server, 12_000, 20, seed).climb;
        // The late ones take places of their own, by Little's law.
        double knee = 40 + 40 * percent / (100.0 - percent) * after / 20;
        between((int) (0.7 * knee), 512, climb.target());
      }
    }
  }

  @Test
  void withToleratedOnesThereItStillBacksOffFromThoseOfTheLoad() {
    var server = slots(40).queue(0).failing(0.05, Duration.ofMillis(20));
    for (long seed = 1; seed <= 5; seed++) {
      var climb = run(server, 20_000, 20, seed).climb;
      between(28, 50, climb.target());
      double share = (double) climb.overloads() / climb.ended();
      assertTrue(share < 0.05 + 0.06, "share " + share);
    }
  }

  @Test
  void aShareThatRisesIsTriedAnew() {
    var climb = new Climb(1, 20, 64);
    mixed(climb, 20_000, 20);
    assertEquals(64, climb.limit());
    long before = climb.backOffs();
    mixed(climb, 2_000, 3);
    assertTrue(climb.backOffs() > before, "back-offs " + climb.backOffs());
    mixed(climb, 20_000, 20);
    assertEquals(64, climb.limit());
  }

  /** One of so many is an overload, whatever the limit. */
  private void mixed(Climb climb, int ends, int one) {
    var random = new Random(ends);
    for (int i = 0; i < ends; i++) {
      start(climb, climb.limit() - flying.size());
      now += 10 * MILLI / climb.limit();
      end(climb, 1, random.nextInt(one) == 0 ? Ending.OVERLOADED : Ending.GOOD);
    }
  }

  @Test
  void whatWasCancelledCountsNeitherWay() {
    var climb = new Climb(1, 20, 512);
    for (int i = 0; i < 5_000; i++) {
      start(climb, climb.limit() - flying.size());
      now += MILLI;
      end(climb, 1, Ending.IGNORED);
    }
    assertEquals(20, climb.limit());
    assertEquals(0, climb.backOffs());
    assertEquals(0, climb.goodEnds());
  }

  @Test
  void remembersTheCeilingAndStaysBelowIt() {
    var server = slots(40).queue(0);
    var pacer = run(server, 20_000, 10, 3);
    var climb = pacer.climb;
    between(32, 44, climb.ceiling().orElseThrow());
    between(30, 42, climb.target());
    int tooHigh = 0;
    for (int stay : pacer.stays) if (stay > 50) tooHigh++;
    between(0, 2, tooHigh);
    assertTrue(climb.overloads() < 20_000 * 0.03, "overloads " + climb.overloads());
  }

  @Test
  void probesInTheOrderABBA() {
    var stays = run(slots(25), 10_000, 20, 1).stays;
    int probes = 0;
    for (int i = 0; i + 2 < stays.size(); i++)
      if (stays.get(i).equals(stays.get(i + 2)) && Math.abs(stays.get(i + 1) - stays.get(i)) < 10)
        probes++;
    // Each probe leaves the base and comes back to it; the two stays there are one.
    assertTrue(probes >= 5, () -> "went " + stays);
  }

  @Test
  void searchesAnewWhenTheServerLosesPlaces() {
    var server = slots(60).step(Duration.ofMillis(4_000), 15, 1);
    for (long seed = 1; seed <= 5; seed++) {
      var climb = run(server, 12_000 + 6_000, 20, seed).climb;
      assertTrue(climb.restarts() >= 1, climb::why);
      between(13, 23, climb.target());
    }
  }

  @Test
  void climbsAgainWhenTheServerGainsPlaces() {
    var server = slots(15).step(Duration.ofMillis(4_000), 60, 1);
    for (long seed = 1; seed <= 5; seed++) {
      var climb = run(server, 3_000 + 15_000, 20, seed).climb;
      between(54, 90, climb.target());
    }
  }

  @Test
  void aSteadyServerIsNoReasonToSearchAnew() {
    for (long seed = 1; seed <= 10; seed++)
      assertEquals(0, run(slots(30), 15_000, 20, seed).climb.restarts(), "seed " + seed);
  }

  @Test
  void theSameCallsGiveTheSameLimits() {
    List<Integer> once = run(slots(30).congested(0.5), 8_000, 20, 7).stays;
    assertEquals(once, run(slots(30).congested(0.5), 8_000, 20, 7).stays);
    assertTrue(once.size() > 5, once::toString);
  }

  @Test
  void aFrozenClockMovesNothing() {
    var climb = new Climb(1, 20, 512);
    for (int i = 0; i < 10_000; i++) {
      start(climb, climb.limit() - flying.size());
      end(climb, 1, Ending.GOOD);
    }
    assertEquals(20, climb.limit());
  }

  @Test
  void aClockNearItsWrapIsAsAnyOther() {
    var climb = new Climb(1, 20, 300);
    now = Long.MAX_VALUE - 50 * MILLI;
    saturated(climb, 20_000);
    assertTrue(now < 0, "it has wrapped");
    assertEquals(300, climb.limit());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void aClockThatJumpsBreaksNothing(long seed) {
    var random = new Random(seed);
    var climb = new Climb(1, 20, 64);
    for (int i = 0; i < 50_000; i++) {
      if (random.nextInt(100) == 0) now = random.nextLong();
      saturated(climb, 1);
      between(1, 64, climb.limit());
    }
    assertTrue(Double.isFinite(climb.goodput()), "goodput " + climb.goodput());
    // And once it is well again, it still climbs.
    saturated(climb, 20_000);
    assertTrue(climb.limit() >= 20, "limit " + climb.limit());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whateverHappensItStaysWithinItsBounds(long seed) {
    var random = new Random(seed);
    var climb = new Climb(2, 5, 40);
    for (int i = 0; i < 100_000; i++) {
      if (random.nextInt(3) == 0) now += random.nextInt(5_000_000);
      if (flying.size() < 60 && random.nextBoolean()) start(climb, 1);
      if (!flying.isEmpty() && random.nextBoolean())
        end(climb, 1, Ending.values()[random.nextInt(3)]);
      between(2, 40, climb.limit());
      assertEquals(flying.size(), climb.inFlight());
    }
  }
}
