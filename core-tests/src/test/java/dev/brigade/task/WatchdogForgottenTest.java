package dev.brigade.task;

import static dev.brigade.task.Looking.FORGOTTEN_AFTER;
import static dev.brigade.task.Looking.assertNames;
import static dev.brigade.task.Looking.awaitParked;
import static dev.brigade.task.Looking.only;
import static dev.brigade.task.Looking.threadOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Finding;
import dev.brigade.observe.Finding.Kind;
import dev.brigade.policy.Limit;
import dev.brigade.policy.RateLimit;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What waits for something that never comes, and what was left open. */
@HangGuard
class WatchdogForgottenTest {
  private final Looking looking = new Looking();
  private final Limit limit = Limit.of(1);

  /** Tasks get old on the clock of their scope, which is the one that is moved. */
  private FanOut aged(Engine on) {
    return Tasks.on(on).time(looking.clock);
  }

  private FanOut aged() {
    return aged(Engine.virtual());
  }

  private void takeAPermit() throws InterruptedException {
    limit.acquire().close(); // waits
  }

  private void lookUntilForgotten(List<Finding> into) {
    // The first looks only make it old enough to be watched.
    into.addAll(looking.over(FORGOTTEN_AFTER.multipliedBy(2)));
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void aTaskThatWaitsForAPermitNobodyReturnsIsNamed(EachEngine.Opener opener) throws Exception {
    Limit.Permit held = limit.acquire();
    try (Engine e = opener.open()) {
      aged(e)
          .runScope(s -> {
            Task<?> task = s.run("waits", this::takeAPermit);
            awaitParked(task);
            var found = new ArrayList<Finding>();
            lookUntilForgotten(found);
            Finding f = only(found, Kind.FORGOTTEN);
            assertEquals(List.of(), looking.over(FORGOTTEN_AFTER.multipliedBy(9)), "named once");
            held.close();
            assertEquals("waits", f.task());
            assertTrue(f.message().contains("limit 1"), f.message());
            assertNames("// waits", f);
          });
    }
  }

  @Test
  void aLatchThatNobodyOpensIsSeenAsWell() throws Exception {
    var latch = new CountDownLatch(1);
    aged()
        .runScope(s -> {
          awaitParked(s.run(latch::await));
          var found = new ArrayList<Finding>();
          lookUntilForgotten(found);
          only(found, Kind.FORGOTTEN);
          latch.countDown();
        });
  }

  // ---- who may wait

  private void nobodyIsForgotten() {
    assertEquals(List.of(), looking.over(FORGOTTEN_AFTER.multipliedBy(8)));
  }

  @Test
  void aYoungTaskMayWait() throws Exception {
    Limit.Permit held = limit.acquire();
    aged()
        .runScope(s -> {
          awaitParked(s.run(this::takeAPermit));
          assertEquals(List.of(), looking.over(FORGOTTEN_AFTER.minusSeconds(1)));
          held.close();
        });
  }

  @Test
  void whoStandsInALineThatMovesMayWaitAndInOneThatStopsMayNot() throws Exception {
    aged()
        .runScope(s -> {
          var ends = new ArrayList<CountDownLatch>();
          var tasks = new ArrayList<Task<?>>();
          for (int i = 0; i < 6; i++) {
            var end = new CountDownLatch(1);
            tasks.add(
                s.run(
                    "turn " + i,
                    () -> {
                      try (var _ = limit.acquire()) {
                        end.await();
                      }
                    }));
            awaitParked(tasks.getLast());
            ends.add(end);
          }
          var found = new ArrayList<Finding>();
          for (int i = 0; i < 4; i++) {
            found.addAll(looking.over(FORGOTTEN_AFTER.dividedBy(2)));
            ends.get(i).countDown();
            int turns = i + 2;
            Awaitility.await().until(() -> limit.statistics().acquired() == turns);
            awaitParked(tasks.get(i + 1));
          }
          assertEquals(List.of(), found);
          lookUntilForgotten(found);
          // Named together with the one who holds the permit, since they do the same.
          assertEquals("turn 5", only(found, Kind.FORGOTTEN).task());
          ends.forEach(CountDownLatch::countDown);
        });
  }

  @Test
  void whoWaitsForARateThatGrantsMayWait() throws Exception {
    var hand = new HandClock();
    RateLimit rate = RateLimit.window(1, Duration.ofHours(1), hand);
    rate.acquire();
    aged()
        .runScope(s -> {
          for (int i = 0; i < 4; i++) awaitParked(s.run(rate::acquire));
          var found = new ArrayList<Finding>();
          for (int i = 0; i < 3; i++) {
            found.addAll(looking.over(FORGOTTEN_AFTER.dividedBy(2)));
            hand.advance(Duration.ofHours(1));
            int granted = i + 2;
            Awaitility.await().until(() -> rate.statistics().granted() == granted);
          }
          assertEquals(List.of(), found);
          hand.advance(Duration.ofHours(1));
        });
  }

  @Test
  void aLineThatCantTellIsOneThatDoesNotMove() throws Exception {
    var waiters = new ArrayList<Waiter>();
    class Broken implements Waiter.Line {
      @Override
      public long served() {
        throw new IllegalStateException("cannot tell");
      }
    }
    aged()
        .runScope(s -> {
          awaitParked(
              s.run(() -> {
                waiters.add(new Waiter());
                boolean unused = waiters.getFirst().await(new Broken(), TimeSource.NEVER);
              }));
          var found = new ArrayList<Finding>();
          lookUntilForgotten(found);
          only(found, Kind.FORGOTTEN);
          boolean unused = waiters.getFirst().signal();
        });
  }

  @Test
  void aDaemonMayWait() throws Exception {
    Limit.Permit held = limit.acquire();
    aged()
        .runScope(s -> {
          awaitParked(s.daemon(this::takeAPermit));
          nobodyIsForgotten();
        });
    assertEquals(1, held.weight());
  }

  @Test
  void whoHasADeadlineMayWaitForIt() throws Exception {
    Limit.Permit held = limit.acquire();
    aged()
        .runScope(s -> {
          awaitParked(s.run(() -> Tasks.runWithin(Duration.ofDays(999), this::takeAPermit)));
          nobodyIsForgotten();
          held.close();
        });
  }

  @Test
  void whoSleepsOrParksForNothingInParticularMayWait() throws Exception {
    Tasks.runSupervised(s -> {
      Task<?> sleeps = s.run(() -> Tasks.sleep(Duration.ofDays(1)));
      Task<?> parks =
          s.run(() -> {
            while (!Thread.currentThread().isInterrupted()) LockSupport.park();
          });
      Awaitility.await()
          .until(() ->
              threadOf(sleeps) != null
                  && threadOf(sleeps).getState() == Thread.State.TIMED_WAITING);
      awaitParked(parks);
      nobodyIsForgotten();
      s.cancel("enough");
    });
  }

  @Test
  void whoWaitsForAnotherTaskIsNotToBlame() throws Exception {
    Limit.Permit held = limit.acquire();
    aged()
        .runScope(s -> {
          Task<?> waits = s.run("waits", this::takeAPermit);
          Task<?> joins = s.fork("joins", () -> waits.join());
          Task<?> maps =
              s.run("maps", () -> aged().forEach(List.of(1), i -> waits.outcome().isSuccess()));
          for (var t : List.of(waits, joins, maps)) awaitParked(t);
          var found = new ArrayList<Finding>();
          lookUntilForgotten(found);
          held.close();
          assertEquals("waits", only(found, Kind.FORGOTTEN).task());
        });
  }

  @Test
  void whoWaitsForSomethingElseEachTimeIsNotForgotten() throws Exception {
    var latches = List.of(new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1));
    aged()
        .runScope(s -> {
          Task<?> task =
              s.run(() -> {
                for (var latch : latches) latch.await();
              });
          Set<Object> seen = ConcurrentHashMap.newKeySet();
          for (var latch : latches) {
            awaitParked(task);
            Awaitility.await().until(() -> parkedOnSomethingNew(threadOf(task), seen));
            assertEquals(List.of(), looking.over(FORGOTTEN_AFTER.minusSeconds(1)));
            latch.countDown();
          }
        });
  }

  private static boolean parkedOnSomethingNew(Thread t, Set<Object> seen) {
    Object blocker = LockSupport.getBlocker(t);
    return blocker != null && t.getState() == Thread.State.WAITING && seen.add(blocker);
  }

  // ---- left open

  @Test
  void completionsWhoseOpenerHasEndedAreNamedAtOnce() throws Exception {
    var opened = new Completions<?, ?>[1];
    Thread opener =
        Thread.ofPlatform()
            .name("the opener")
            .start(() -> opened[0] = Tasks.asCompleted(List.of(1), i -> i));
    opener.join();
    Finding f = only(looking.dog.check(), Kind.UNCLOSED);
    assertEquals(List.of(), looking.over(FORGOTTEN_AFTER.multipliedBy(3)), "it is named once");
    assertEquals("the opener", f.thread());
    assertTrue(f.message().contains("left open by a thread that has ended"), f.message());
    assertTrue(f.message().contains("try-with-resources"), f.message());
    assertTrue(
        String.valueOf(f.site()).startsWith("WatchdogForgottenTest.completionsWhose"), f::toString);
    // Nobody can close them any more: only so is nothing left for the tests after this one.
    scopeOf(opened[0]).closeAbandoned();
    assertEquals(List.of(), looking.over(FORGOTTEN_AFTER.multipliedBy(3)));
  }

  private static TaskScope scopeOf(Completions<?, ?> open) throws Exception {
    var scope = Completions.class.getDeclaredField("scope");
    scope.setAccessible(true);
    return (TaskScope) scope.get(open);
  }

  @Test
  void completionsThatNobodyGoesOnWithAreNamedAfterAWhile() throws Exception {
    try (var open = Tasks.asCompleted(List.of(1, 2), i -> i)) {
      open.iterator().next().outcome().orThrow();
      TaskScope scope = scopeOf(open);
      Awaitility.await().until(() -> !scope.hasLiveTasks());
      assertEquals(List.of(), looking.over(FORGOTTEN_AFTER.minusSeconds(1)));
      Finding f = only(looking.over(Duration.ofSeconds(8)), Kind.UNCLOSED);
      assertTrue(f.message().contains("still open"), f.message());
    }
  }

  @Test
  void completionsWhoseTasksStillRunMayBeOpenAndWaitedFor() throws Exception {
    var stuck = new Stuck(2);
    Thread body = Thread.currentThread();
    try (var open = Tasks.asCompleted(List.of(1, 2), i -> stuck.<Integer>block())) {
      Thread.startVirtualThread(() -> {
        try {
          stuck.awaitBegun();
          Awaitility.await().until(() -> body.getState() == Thread.State.WAITING);
          nobodyIsForgotten();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        } finally {
          stuck.letGo();
        }
      });
      int n = 0;
      for (var c : open) n += c.outcome().isSuccess() ? 1 : 0;
      assertEquals(2, n);
      assertEquals(List.of(), looking.reported);
    }
  }
}
