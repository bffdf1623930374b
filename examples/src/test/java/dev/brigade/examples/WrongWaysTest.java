package dev.brigade.examples;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.policy.Backoff;
import dev.brigade.policy.Retry;
import dev.brigade.task.Outcome;
import dev.brigade.task.TaskScope.Until;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The wrong way of each example, put to the check that the right way passes. */
class WrongWaysTest {
  @Test
  void oneByOneIsNotTogether() throws Exception {
    fails("units, together", r -> Gather.check(r, Waits.inVain(), Gather::oneByOne));
    fails(
        "units, both started",
        r -> TwoThreads.check(r, Waits.inVain(), TwoThreads::oneAfterTheOther));
    fails("speed-up in units", r -> Hundred.check(r, Waits.inVain(), Hundred::oneByOne));
    fails(
        "units, together",
        r -> DownloadsAsync.check(r, "together", 2, Waits.inVain(), DownloadsAsync::oneByOne));
    fails(
        "calls at once",
        r ->
            UserPostsComments.check(
                r,
                Waits.inVain(),
                api -> new UserPostsComments.UserData(api.user(7), api.posts(7), api.comments(7))));
    fails(
        "units, virtual threads",
        r -> TenSleeps.check(r, "virtual threads", 1, Waits.inVain(), TenSleeps::sequential));
  }

  @Test
  void aPoolThatIsTooSmallDownloadsFewerAtOnce() throws Exception {
    fails("downloads at once", r -> DownloadsPool.check(r, Waits.inVain(), 1));
  }

  @Test
  void resultsInAnotherOrderAreSeen() throws Exception {
    fails(
        "results",
        r -> Gather.check(r, Waits.together(3), world -> Gather.together(world).reversed()));
  }

  @Test
  void awaitingInARowIsDiagnosed() throws Exception {
    fails("forked late", r -> SequentialOrNot.check(r, Waits.inVain(), SequentialOrNot::inRow));
    fails(
        "forked late, concurrent",
        r -> PitfallSequentialAwaits.check(r, Waits.inVain(), PitfallSequentialAwaits::sequential));
  }

  @Test
  void clientsOfTheirOwnDontShareConnections() throws Exception {
    fails("connections", r -> FetchJson.check(r, FetchJson::overClientsOfTheirOwn));
  }

  @Test
  void allFilesAtOnceAreMoreThanTheBound() throws Exception {
    fails("files open at once", r -> ManyFiles.check(r, Tasks.limit(120), Meeting.of(120)));
  }

  @Test
  void aLoopOfOneThreadIsBlocked() throws Exception {
    try (Engine loop = Engine.openThreads(1)) {
      fails("others that ran, here", r -> BlockingCall.check(r, "here", loop, loop, 10));
      fails("on virtual threads", r -> PitfallBlockedLoop.check(r, loop, 10));
    }
  }

  @Test
  void twoCashiersAreNotOne() throws Exception {
    Timeline two = Cashiers.serve(2, Meeting.of(2));
    Timeline one = Cashiers.serve(1, Meeting.inVain());
    fails("served at once, one cashier", r -> Cashiers.check(r, two, two));
    fails("served at once, two cashiers", r -> Cashiers.check(r, one, one));
    var customerByCustomer = new Timeline();
    for (String customer : List.of("Task 1", "Task 1", "Task 1", "Task 2", "Task 2", "Task 2"))
      customerByCustomer.busy(customer).close();
    fails("turns", r -> Cashiers.check(r, customerByCustomer, two));
  }

  @Test
  void moreBusyCoresThanThereAreAreNotBelieved() throws Exception {
    int cores = Runtime.getRuntime().availableProcessors();
    var one = new WorkerCount.Run(1, 1, 1.0, 1_000, 42);
    String workers = 2 * cores + " workers: ";
    fails(
        workers + "busy cores",
        r ->
            WorkerCount.check(
                r, one, new WorkerCount.Run(2 * cores, 2 * cores, 2.0 * cores, 500, 42)));
    fails(
        workers + "in progress at once",
        r -> WorkerCount.check(r, one, new WorkerCount.Run(2 * cores, 1, cores, 500, 42)));
    fails(
        workers + "same results",
        r -> WorkerCount.check(r, one, new WorkerCount.Run(2 * cores, 2 * cores, cores, 500, 41)));
  }

  @Test
  void moreThreadsThanCoresComputeMoreAtOnce() throws Exception {
    int threads = 1 + Runtime.getRuntime().availableProcessors();
    try (Engine tooMany = Engine.openThreads(threads)) {
      fails("computed at once", r -> SumSquares.check(r, tooMany, Meeting.of(threads)));
    }
  }

  @Test
  void phaseByPhaseDoesNotOverlap() throws Exception {
    fails(
        "computes while fetching",
        r -> CpuFromIo.check(r, Meeting.inVain(), CpuFromIo::phaseByPhase));
  }

  @Test
  void anotherOrderOfCombiningGivesAnotherSum() throws Exception {
    var runs = new AtomicInteger();
    fails(
        "different sums in 30 runs on 3 engines",
        r ->
            MapReduce.check(
                r,
                _ ->
                    runs.incrementAndGet() % 2 == 0
                        ? Stream.of(1.0, 1e-16, 1e-16).reduce(0.0, Double::sum)
                        : Stream.of(1e-16, 1e-16, 1.0).reduce(0.0, Double::sum)));
  }

  @Test
  void equalSharesLoadTheSlowWorkerAsMuch() throws Exception {
    fails("by the slow worker", r -> MasterWorker.check(r, 10, MasterWorker::inEqualShares));
  }

  @Test
  void withoutALockUpdatesGetLost() throws Exception {
    fails("two visits, torn", r -> GuardedValue.check(r, "torn", GuardedValue::getThenPut));
    fails("4 x 100 000 here", r -> CounterLock.check(r, "here", 399_999));
  }

  @Test
  void withoutALimitMoreThanThreeAreInside() throws Exception {
    fails(
        "at once, limited to three",
        r -> AtMostThree.check(r, Waits.together(10), AtMostThree::unlimited));
    fails(
        "calls at the server, bounded",
        r -> PitfallTooMany.check(r, Waits.together(300), PitfallTooMany::unbounded));
  }

  @Test
  void aFutureThatTimesOutLeavesTheCallRunning() throws Exception {
    TimedCall.Way walksAway =
        (client, url, timeout) ->
            client
                .sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .body();
    fails("the server saw the connection close", r -> TimedCall.check(r, 10, walksAway));
    fails("the call itself ended by", r -> TimedCall.check(r, 10, walksAway));
  }

  @Test
  void rateLimitFailsWithAWindowByHandAndWithoutOne() throws Exception {
    fails("most in any unit of time", r -> PoliteRate.check(r, PoliteRate::byHand));
    fails("units until 30 are through", r -> PoliteRate.check(r, clock -> () -> {}));
  }

  @Test
  void tryingAgainByHandLosesFailuresAndInterrupts() throws Exception {
    fails("earlier failures kept with it", r -> Retrying.check(r, Retrying::byHand));
    fails("attempts when told to stop", r -> Retrying.check(r, Retrying::byHand));
    Retrying.Way impatient =
        (_, fetch) -> Retry.attempts(2).withBackoff(Backoff.none()).call(fetch);
    fails("waits in units, always down", r -> Retrying.check(r, evenly()));
    fails("attempts", r -> Retrying.check(r, outlasting(impatient)));
  }

  /** Attempts that are too few for the second half of the check. */
  private static Retrying.Way outlasting(Retrying.Way way) {
    return (clock, fetch) -> {
      try {
        return way.fetch(clock, fetch);
      } catch (IOException e) {
        return "gave up";
      }
    };
  }

  private static Retrying.Way evenly() {
    return (clock, fetch) ->
        Retry.attempts(4)
            .withBackoff(Backoff.constant(Duration.ofSeconds(1)))
            .withTime(clock)
            .call(fetch);
  }

  @Test
  void oneShopTooManyOrTooFewIsSeen() throws Exception {
    Outcome<Integer> price = new Outcome.Success<>(100);
    Outcome<Integer> down = new Outcome.Failed<>(new IOException("down"));
    fails("outcomes in time, of 10", r -> TenShops.check(r, Collections.nCopies(10, price), 1));
    fails("of these, failures", r -> TenShops.check(r, Collections.nCopies(9, down), 1));
    fails("best price", r -> TenShops.check(r, Collections.nCopies(9, down), 1));
    fails(
        "calls that the deadline cut short",
        r -> TenShops.check(r, Collections.nCopies(9, price), 0));
  }

  @Test
  void waitingForAllLeavesNonePending() throws Exception {
    fails("pending", r -> FirstCompleted.check(r, Until.ALL, new CountDownLatch(0)));
  }

  @Test
  void aSecondCallOfACallbackIsSeen() throws Exception {
    fails(
        "calls for the failure",
        r ->
            Callbacks.check(
                r,
                (task, log) -> {
                  Callbacks.once(task, log);
                  Callbacks.once(task, log);
                }));
  }

  @Test
  void aPlainMapLosesOutcomes() throws Exception {
    fails("outcomes", r -> Settle.check(r, Settle.mapped()));
  }

  @Test
  void anotherMemberOfThePromiseFamilyEndsOtherwise() throws Exception {
    fails("race", r -> PromiseFamily.check(r, "race", "threw x", true, w -> Tasks.race(w)));
    fails("all", r -> PromiseFamily.check(r, "all", "a", false, w -> Tasks.all(w).toString()));
    fails("any: losers cancelled", r -> PromiseFamily.check(r, "any", "a", true, _ -> "a"));
  }

  @Test
  void withoutAShieldTheFarewellIsCutShort() throws Exception {
    AlwaysClosed.Use unshielded =
        (farewells, answer) -> {
          var connection = new Connection(farewells);
          try {
            return connection.query(answer);
          } finally {
            connection.sayFarewell();
          }
        };
    fails("closed after a deadline", r -> AlwaysClosed.check(r, unshielded));
    fails("closed after cancellation", r -> AlwaysClosed.check(r, unshielded));
  }

  @Test
  void aForgottenTaskIsReported() throws Exception {
    fails(
        "reported when awaited",
        r -> PitfallForgottenAwait.check(r, PitfallForgottenAwait::forgotten));
  }

  @Test
  void aRaceMakesADifferenceAndIsDiagnosed() throws Exception {
    fails("visits, guarded", r -> PitfallRace.check(r, PitfallRace::unguarded));
    fails("number makes a difference", r -> PitfallRace.check(r, PitfallRace::unguarded));
  }

  @Test
  void computingOnVirtualThreadsKeepsOthersWaitingAndIsDiagnosed() throws Exception {
    fails("on cores, others got a turn", r -> PitfallCpuOnVirtual.check(r, Engine.virtual(), 10));
    fails("hogs, on cores", r -> PitfallCpuOnVirtual.check(r, Engine.virtual(), 0));
  }

  @Test
  void aVerdictWithoutAnyClaimDoesNotHold() throws Exception {
    assertFalse(run(r -> r.info("something", 1)).holds());
    assertTrue(run(r -> r.equal("something", 1, 1)).holds());
  }

  private static void fails(String what, Example.Body check) throws Exception {
    Verdict verdict = run(check);
    assertFalse(verdict.holds(), verdict.toString());
    assertTrue(
        verdict.rows().stream().anyMatch(row -> row.what().equals(what) && !row.holds()),
        what + " should not hold in " + verdict);
  }

  private static Verdict run(Example.Body body) throws Exception {
    try (var nowhere = new PrintStream(OutputStream.nullOutputStream())) {
      var report = new Report(nowhere);
      body.show(report);
      return report.verdict("under test");
    }
  }
}
