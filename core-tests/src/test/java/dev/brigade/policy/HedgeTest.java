package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.task.CancelledException;
import dev.brigade.task.Context;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A second call beside a slow one. */
@HangGuard
class HedgeTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final VirtualClock clock = new VirtualClock();
  private final AtomicInteger begun = new AtomicInteger();

  private <T> T on(Work<T, ?> work) throws Exception {
    return Tasks.time(clock).<T, Exception>scope(s -> work.call());
  }

  /** Takes so many seconds the n-th time that it is begun, the last for all further ones. */
  private Work<Integer, RuntimeException> taking(int... seconds) {
    begun.set(0);
    return () -> {
      int n = begun.getAndIncrement();
      Tasks.sleep(Duration.ofSeconds(seconds[Math.min(n, seconds.length - 1)]));
      return n;
    };
  }

  @Test
  void aFastCallIsMadeOnce() throws Exception {
    var h = Hedge.idempotent().after(Duration.ofSeconds(2));
    assertEquals(0, on(() -> h.call(taking(1))));
    assertEquals(1, begun.get());
    assertEquals(0, h.statistics().extra());
  }

  @Test
  void whatIsToldToStopBeginsNoOther() throws Exception {
    var h = Hedge.idempotent().after(Duration.ofHours(1));
    on(() -> {
      Tasks.runSupervised(s -> {
        var task =
            s.fork(() -> {
              try {
                Tasks.sleep(Duration.ofHours(1));
              } catch (InterruptedException e) {
                // Swallowed, as work may do.
              }
              return h.call(taking(1));
            });
        Tasks.sleep(SECOND);
        task.cancel("not wanted");
        assertInstanceOf(CancelledException.class, task.outcome().failureOrNull());
      });
      return 0;
    });
    assertEquals(0, begun.get());
    assertEquals(0, h.statistics().extra());
    assertEquals(3, h.statistics().budgetLeft());
  }

  @Test
  void aSlowCallIsMadeTwiceAndTheFirstSuccessWins() throws Exception {
    var h = Hedge.idempotent().after(SECOND);
    assertEquals(1, on(() -> h.call(taking(10, 2))));
    assertEquals(Duration.ofSeconds(3), clock.now());
    assertEquals(0, on(() -> h.call(taking(2, 10))));
    assertEquals(Duration.ofSeconds(5), clock.now());
    assertEquals(2, begun.get());
    var s = h.statistics();
    assertEquals(2, s.calls());
    assertEquals(2, s.extra());
    assertEquals(1, s.extraWon());
  }

  @Test
  void asManyExtraCallsAsAskedForADelayApart() throws Exception {
    var h = Hedge.idempotent().after(SECOND).withExtraCalls(3).withBudget(0, 10);
    assertEquals(3, on(() -> h.call(taking(100, 100, 100, 5))));
    assertEquals(4, begun.get());
    assertEquals(Duration.ofSeconds(8), clock.now());
  }

  @Test
  void theBudgetBoundsTheExtraCalls() throws Exception {
    var h = Hedge.idempotent().after(SECOND);
    on(() -> {
      for (int i = 0; i < 200; i++) assertTrue(h.call(taking(3, 1)) >= 0);
      return 0;
    });
    var s = h.statistics();
    // Three saved up, and one for every twenty calls but the first, which found the purse full.
    assertEquals(3 + 199 / 20, s.extra());
    assertEquals(200 - s.extra(), s.denied());
    assertTrue(s.budgetLeft() < 1, () -> "left " + s.budgetLeft());
  }

  @Test
  void aFailureBeforeTheDelayPassesAtOnceAndIsNotTriedAgain() {
    var own = new IOException("own");
    var h = Hedge.idempotent().after(SECOND);
    var thrown =
        assertThrows(
            IOException.class,
            () ->
                on(() ->
                    h.call(() -> {
                      begun.incrementAndGet();
                      throw own;
                    })));
    assertSame(own, thrown);
    assertEquals(1, begun.get());
    assertEquals(Duration.ZERO, clock.now());
    assertEquals(0, h.statistics().denied());
  }

  @Test
  void aFailureBesideAnotherCallWaitsForIt() throws Exception {
    var h = Hedge.idempotent().after(SECOND);
    Work<Integer, IOException> work =
        () -> {
          int n = begun.getAndIncrement();
          Tasks.sleep(Duration.ofSeconds(2));
          if (n == 0) throw new IOException("first");
          return n;
        };
    assertEquals(1, on(() -> h.call(work)));
    Work<Integer, IOException> failing =
        () -> {
          int n = begun.getAndIncrement();
          Tasks.sleep(Duration.ofSeconds(2));
          throw new IOException("call " + n);
        };
    begun.set(0);
    var e = assertThrows(IOException.class, () -> on(() -> h.call(failing)));
    assertEquals("call 0", e.getMessage());
    assertEquals("call 1", e.getSuppressed()[0].getMessage());
  }

  @Test
  void theLosingCallIsInterruptedAndAwaited() throws Exception {
    var loser = new Stuck();
    var h = Hedge.idempotent().after(Duration.ZERO);
    int won =
        h.<Integer, RuntimeException>call(() -> {
          if (begun.getAndIncrement() == 0) return loser.block();
          loser.awaitBegun();
          return 1;
        });
    assertEquals(1, won);
    assertEquals(1, loser.interrupts());
    assertEquals(1, loser.ended());
  }

  @Test
  void workThatIgnoresInterruptsIsToldThroughItsToken() throws Exception {
    var loser = new Stuck();
    var h = Hedge.idempotent().after(Duration.ZERO);
    int won =
        h.<Integer, RuntimeException>call(() -> {
          if (begun.getAndIncrement() == 0) {
            try (var _ = Tasks.token().onCancel(r -> loser.letGo())) {
              return loser.ignoreInterrupts();
            }
          }
          loser.awaitBegun();
          return 1;
        });
    assertEquals(1, won);
    assertEquals(1, loser.ended());
  }

  @Test
  void orIsLeftBehindWhenAskedTo() throws Exception {
    var loser = new Stuck();
    var h = Hedge.idempotent().after(Duration.ZERO).abandonAfter(Duration.ZERO);
    // What the tests before have left behind comes to its end by itself.
    Awaitility.await().until(() -> Tasks.snapshot().abandoned() == 0);
    int won =
        h.<Integer, RuntimeException>call(() -> {
          if (begun.getAndIncrement() == 0) return loser.ignoreInterrupts();
          loser.awaitBegun();
          return 1;
        });
    assertEquals(1, won);
    assertEquals(0, loser.ended());
    assertEquals(1, Tasks.snapshot().abandoned());
    loser.letGo();
  }

  @Test
  void theDelayIsTheQuantileOfTheRecentCalls() throws Exception {
    var h = Hedge.idempotent().atQuantile(0.9);
    on(() -> {
      for (int i = 1; i <= 19; i++) assertEquals(0, h.call(taking(i, 1)));
      assertNull(h.statistics().delay());
      assertEquals(0, h.call(taking(20)));
      assertEquals(Duration.ofSeconds(18), h.statistics().delay());
      // From now on a call that takes longer is hedged.
      assertEquals(1, h.call(taking(100, 1)));
      return 0;
    });
    assertEquals(1, h.statistics().extra());
    assertEquals(21, h.statistics().calls());
  }

  @Test
  void aFirstCallThatLostCountsForTheQuantileWithWhatItHadTaken() throws Exception {
    var h = Hedge.idempotent().atQuantile(0.5).withBudget(1, 1000);
    on(() -> {
      for (int i = 0; i < 20; i++) assertEquals(0, h.call(taking(10)));
      // Two in three are slow, and their second calls fast: were the winners all that counts, the
      // delay would sink to that of the second calls.
      for (int i = 0; i < 600; i++) {
        var unused = i % 3 == 0 ? h.call(taking(10)) : h.call(taking(100, 1));
      }
      return 0;
    });
    assertEquals(Duration.ofSeconds(10), h.statistics().delay());
  }

  @Test
  void deadlinesAndTheContextOfTheCallerReachTheWork() throws Exception {
    var h = Hedge.idempotent().after(SECOND);
    assertThrows(
        DeadlineException.class,
        () -> on(() -> Tasks.within(Duration.ofSeconds(5), () -> h.call(taking(100)))));
    assertEquals(2, begun.get());
    ScopedValue<String> who = ScopedValue.newInstance();
    try (var _ = Context.inherit(who)) {
      assertEquals("me", ScopedValue.where(who, "me").call(() -> h.call(who::get)));
    }
  }

  @Test
  void observersAreToldOfEachExtraCall() throws Exception {
    var seen = new CopyOnWriteArrayList<PolicyEvent>();
    Observer watching =
        new Observer() {
          @Override
          public void onEvent(TaskEvent event) {}

          @Override
          public void onPolicy(PolicyEvent event) {
            if (event.policy().endsWith("\"watched\"")) seen.add(event);
          }
        };
    var second = new CountDownLatch(1);
    try (var _ = Observers.register(watching)) {
      var h = Hedge.idempotent().after(Duration.ZERO).named("watched");
      h.run(() -> {
        if (begun.getAndIncrement() == 1) second.countDown();
        second.await();
      });
    }
    assertEquals(1, seen.size());
    assertEquals(PolicyEvent.Kind.HEDGED, seen.getFirst().kind());
    assertEquals("extra call 1", seen.getFirst().detail());
  }

  @Test
  void readsWellAndRefusesNonsense() {
    assertEquals(
        "hedge after 50 ms, extra 5 % + 3",
        Hedge.idempotent().after(Duration.ofMillis(50)).toString());
    assertEquals(
        "hedge at 95 %, extra 10 % + 1",
        Hedge.idempotent().atQuantile(0.95).withBudget(0.1, 1).toString());
    var h = Hedge.idempotent().after(SECOND);
    for (var nonsense :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> Hedge.idempotent().after(Duration.ofSeconds(-1)),
            () -> Hedge.idempotent().atQuantile(1),
            () -> Hedge.idempotent().atQuantile(Double.NaN),
            () -> h.withExtraCalls(0),
            () -> h.withBudget(-0.1, 1),
            () -> h.withBudget(0.1, 0),
            () -> h.abandonAfter(Duration.ofSeconds(-1)))) {
      var e = assertThrows(IllegalArgumentException.class, nonsense);
      assertTrue(e.getMessage().contains("but w"), e::getMessage);
    }
  }
}
