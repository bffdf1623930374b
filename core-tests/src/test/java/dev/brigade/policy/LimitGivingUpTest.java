package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Waiters that give up leave nothing behind. */
@HangGuard
class LimitGivingUpTest {
  private static void untilWaiting(Limit limit, int n) {
    while (limit.statistics().waiting() != n) Thread.yield();
  }

  @Test
  void interruptedWaitersLetTheirFollowerForward() throws Exception {
    Limit limit = Limit.of(4);
    var held = limit.acquire(1);
    var large = new ArrayList<Caller<Limit.Permit>>();
    for (int i = 0; i < 6; i++) {
      large.add(Caller.start(() -> limit.acquire(4)));
      untilWaiting(limit, i + 1);
    }
    var small = Caller.start(() -> limit.acquire(3));
    untilWaiting(limit, 7);
    for (var c : large) {
      c.interrupt();
      assertInstanceOf(InterruptedException.class, c.failure());
      assertFalse(c.flagLeft());
    }
    // Three were free all the time; only the queue held them back.
    assertEquals(3, small.outcome().orThrow().weight());
    assertEquals(6, limit.statistics().gaveUp());
    held.close();
    assertEquals(3, limit.statistics().held());
  }

  @Test
  void aThreadThatIsInterruptedAlreadyGetsNone() throws Exception {
    Limit limit = Limit.of(1);
    var caller =
        Caller.start(() -> {
          Thread.currentThread().interrupt();
          return limit.acquire();
        });
    assertInstanceOf(InterruptedException.class, caller.failure());
    assertEquals(0, limit.statistics().held());
  }

  @Test
  void aGrantAndAnInterruptTogetherNeverLoseAPermit() throws Exception {
    Limit limit = Limit.of(1);
    for (int round = 0; round < 500; round++) {
      var first = limit.acquire();
      var waiter = Caller.start(limit::acquire);
      if (round % 2 == 0) untilWaiting(limit, 1);
      var together = new CyclicBarrier(2);
      Tasks.run(
          () -> {
            together.await();
            first.close();
          },
          () -> {
            together.await();
            waiter.interrupt();
          });
      var outcome = waiter.outcome();
      if (outcome.isSuccess()) outcome.orThrow().close();
      assertEquals(0, limit.statistics().held());
      assertEquals(0, limit.statistics().waiting());
    }
  }

  @Test
  void aGrantAndATimeoutTogetherNeverLoseAPermit() throws Exception {
    Limit limit = Limit.of(2);
    Tasks.limit(16)
        .forEach(
            IntStream.range(0, 4000).boxed().toList(),
            i -> {
              var p = limit.tryAcquire(1 + i % 2, Duration.ofNanos(i % 50 * 1000L));
              if (p != null) p.close();
            });
    assertEquals(0, limit.statistics().held());
    assertEquals(0, limit.statistics().waiting());
  }

  @Test
  void aCancelledTaskGivesUpItsPlace() throws Exception {
    Limit limit = Limit.of(1);
    var holder = new Stuck();
    Tasks.runSupervised(s -> {
      s.run(() -> limit.run(holder::block));
      holder.awaitBegun();
      var waiter = s.fork(limit::acquire);
      untilWaiting(limit, 1);
      waiter.cancel("not wanted");
      waiter.outcome();
      assertEquals(0, limit.statistics().waiting());
      holder.letGo();
    });
    assertEquals(0, limit.statistics().held());
  }

  @Test
  void furtherWaitersThanTheBoundAreRefusedAndSayWhy() throws Exception {
    Limit limit = Limit.of(1).maxWaiters(2);
    var held = limit.acquire();
    var waiters = List.of(Caller.start(limit::acquire), Caller.start(limit::acquire));
    untilWaiting(limit, 2);
    var e = assertThrows(Limit.FullException.class, limit::acquire);
    assertTrue(e.getMessage().contains("2"), e::getMessage);
    assertThrows(Limit.FullException.class, () -> limit.tryAcquire(1, Duration.ofHours(1)));
    held.close();
    Awaitility.await().until(() -> limit.statistics().waiting() == 1);
    for (var w : waiters) {
      w.interrupt();
      if (w.outcome().isSuccess()) w.outcome().orThrow().close();
    }
    assertEquals(0, limit.statistics().held());
    Limit none = Limit.of(1).maxWaiters(0);
    none.acquire().close();
    var taken = none.acquire();
    assertThrows(Limit.FullException.class, none::acquire);
    taken.close();
  }
}
