package dev.brigade.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.HangGuard;
import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import dev.brigade.testing.simulation.BatchRun;
import dev.brigade.testing.simulation.Pacer;
import dev.brigade.testing.simulation.Scenario;
import dev.brigade.testing.simulation.Scenarios;
import dev.brigade.testing.simulation.ServerModel;
import dev.brigade.testing.simulation.ServiceTime;
import dev.brigade.testing.simulation.SimulatedServer;
import dev.brigade.testing.simulation.Sweep;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulated servers behave as their models say, so their optimum is what it is said to be. */
@HangGuard
class SimulatedServerTest {
  private static final ServiceTime TEN_MILLIS = ServiceTime.steady(Duration.ofMillis(10));

  private static BatchRun.Result run(ServerModel server, int tasks, int limit) {
    return BatchRun.of(new Scenario("test", server, tasks), Pacer.fixed(limit), 1);
  }

  @Test
  void goodputGrowsWithTheLimitUpToTheSlotsAndNoFurther() {
    var server = ServerModel.of(20, TEN_MILLIS);
    assertEquals(1_000, run(server, 5_000, 10).goodput(), 30);
    assertEquals(2_000, run(server, 5_000, 20).goodput(), 60);
    assertEquals(2_000, run(server, 5_000, 100).goodput(), 60);
  }

  @Test
  void withTimeOnTheWayTheKneeIsTheSlotsAndWhatIsUnderWay() {
    var server = ServerModel.of(10, TEN_MILLIS).network(Duration.ofMillis(10));
    var sweep = Sweep.of(new Scenario("test", server, 4_000), 64, 1, 1);
    assertTrue(sweep.knee() >= 18 && sweep.knee() <= 22, sweep::toString);
    assertEquals(1_000, sweep.secondHalfGoodput(), 30);
  }

  @Test
  void aCongestedServerIsBestAtItsSlots() {
    var server = ServerModel.of(20, ServiceTime.exponential(Duration.ofMillis(10))).congested(0.5);
    var sweep = Sweep.of(new Scenario("test", server, 8_000), 128, 1, 3);
    assertEquals(20, sweep.best());
    assertTrue(run(server, 5_000, 60).goodput() < 0.7 * sweep.goodput());
  }

  @Test
  void aFullQueueAnswers503() {
    var server = new SimulatedServer(ServerModel.of(2, TEN_MILLIS).queue(3), 1);
    for (int i = 0; i < 5; i++) assertEquals(200, server.admit(0).status());
    var refused = server.admit(0);
    assertEquals(503, refused.status());
    assertEquals(0, refused.atNanos());
    assertEquals(5, server.mostInside());
    assertEquals(200, server.admit(12_000_000).status());
  }

  @Test
  void aRateLimitAdmitsItsBurstAndThenItsRate() {
    var server = new SimulatedServer(ServerModel.uncapped(TEN_MILLIS).rate(100, 5), 1);
    int admitted = 0;
    for (int i = 0; i < 50; i++) if (server.admit(0).good()) admitted++;
    assertEquals(5, admitted);
    assertEquals(429, server.admit(0).status());
    for (int i = 1; i <= 1_000_000; i++) if (server.admit(i * 1_000L).good()) admitted++;
    assertEquals(105, admitted, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 40})
  void aStepChangesTheGoodputFromThenOn(int after) {
    var server = ServerModel.of(20, TEN_MILLIS).step(Duration.ofSeconds(1), after, 1);
    var before = run(server, 2_000, 60);
    assertEquals(2_000, before.goodput(), 60);
    var long10 = run(server, 2_000 + after * 100 * 9, 60);
    double expected = (2_000 + after * 100.0 * 9) / 10;
    assertEquals(expected, long10.goodput(), expected * 0.03);
  }

  @Test
  void aStepOfTheSpeedChangesTheServiceTime() {
    var server =
        new SimulatedServer(ServerModel.of(1, TEN_MILLIS).step(Duration.ofSeconds(1), 1, 3), 1);
    assertEquals(10e6, server.admit(0).atNanos(), 1e6);
    long at = 2_000_000_000L;
    assertEquals(30e6, server.admit(at).atNanos() - at, 3e6);
  }

  @Test
  void aColdServerIsSlowAtTheBeginning() {
    var server =
        new SimulatedServer(ServerModel.of(1, TEN_MILLIS).cold(5, Duration.ofSeconds(1)), 1);
    assertEquals(50e6, server.admit(0).atNanos(), 5e6);
    long at = 20_000_000_000L;
    assertEquals(10e6, server.admit(at).atNanos() - at, 1e6);
  }

  static List<ServiceTime> services() {
    Duration mean = Duration.ofMillis(30);
    return List.of(
        ServiceTime.steady(mean),
        ServiceTime.exponential(mean),
        ServiceTime.logNormal(mean, 1),
        ServiceTime.pareto(mean, 2.5),
        ServiceTime.bimodal(Duration.ofMillis(10), Duration.ofMillis(110), 0.2));
  }

  @ParameterizedTest
  @MethodSource("services")
  void eachServiceTimeHasTheMeanThatItWasGiven(ServiceTime service) {
    assertEquals(30, service.mean().toMillis());
    assertEquals(1 / 0.03, run(ServerModel.of(1, service), 100_000, 1).goodput(), 1.0);
  }

  @Test
  void aTimeoutEndsTheWaitWhileTheServerWorksOn() {
    var server = ServerModel.of(1, TEN_MILLIS);
    var impatient = new Scenario("test", server, 200, 25_000_000);
    assertEquals(0, BatchRun.of(impatient, Pacer.fixed(2), 1).rejectedShare());
    assertEquals(0, BatchRun.of(impatient, Pacer.fixed(20), 1).goodput(), "given up");
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    for (Scenario s : Scenarios.heldOut()) {
      Scenario small = s.tasks(500);
      var once = BatchRun.of(small, Pacer.adaptive(64), 9);
      assertEquals(once, BatchRun.of(small, Pacer.adaptive(64), 9));
      assertNotEquals(once, BatchRun.of(small, Pacer.adaptive(64), 10));
    }
  }

  @Test
  void realCodeWaitsForAsLongAsTheSimulationSays() throws Exception {
    var clock = new VirtualClock();
    var server = new SimulatedServer(ServerModel.of(10, TEN_MILLIS).queue(5), 1);
    List<Outcome<Integer>> outcomes =
        Tasks.time(clock)
            .limit(30)
            .settle(
                IntStream.range(0, 30).boxed().toList(),
                i -> {
                  server.handle(clock);
                  return i;
                });
    assertEquals(15, outcomes.stream().filter(o -> o instanceof Outcome.Success<?>).count());
    assertEquals(20, clock.now().toMillis(), 3);
    assertEquals(15, server.mostInside());
    var refused =
        outcomes.stream()
            .filter(o -> o instanceof Outcome.Failed<?>)
            .findFirst()
            .orElseThrow()
            .failureOrNull();
    assertEquals(503, ((SimulatedServer.RejectedException) refused).status());
  }

  @Test
  void errorsNameTheParameterTheRuleAndTheValue() {
    var e = assertThrows(IllegalArgumentException.class, () -> ServerModel.of(0, TEN_MILLIS));
    assertEquals("slots must be at least 1.0, but was 0.0", e.getMessage());
    for (var wrong :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> ServerModel.of(1, TEN_MILLIS).queue(-1),
            () -> ServerModel.of(1, TEN_MILLIS).congested(Double.NaN),
            () -> ServerModel.of(1, TEN_MILLIS).network(Duration.ofMillis(-1)),
            () -> ServerModel.of(1, TEN_MILLIS).rate(0, 5),
            () -> ServerModel.of(1, TEN_MILLIS).rate(5, 0),
            () -> ServerModel.of(1, TEN_MILLIS).cold(0.5, Duration.ofMillis(1)),
            () -> ServerModel.uncapped(TEN_MILLIS).step(Duration.ZERO, 5, 1),
            () -> ServiceTime.steady(Duration.ZERO),
            () -> ServiceTime.pareto(Duration.ofMillis(1), 1),
            () -> ServiceTime.bimodal(Duration.ofMillis(1), Duration.ofMillis(2), 1.5),
            () -> Pacer.fixed(0),
            () -> new Scenario("none", ServerModel.of(1, TEN_MILLIS), 0)))
      assertThrows(IllegalArgumentException.class, wrong);
  }
}
