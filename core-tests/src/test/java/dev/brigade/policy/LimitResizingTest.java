package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Changing the capacity while permits are out and waiters wait. */
@HangGuard
class LimitResizingTest {
  private static void untilWaiting(Limit limit, int n) {
    while (limit.statistics().waiting() != n) Thread.yield();
  }

  @Test
  void growingLetsWaitersInAtOnce() throws Exception {
    Limit limit = Limit.of(1);
    var held = limit.acquire();
    var waiter = Caller.start(limit::acquire);
    untilWaiting(limit, 1);
    limit.resize(2);
    waiter.outcome().orThrow().close();
    held.close();
    assertEquals(2, limit.statistics().capacity());
  }

  @Test
  void shrinkingRevokesNothingAndIsPaidBackAsPermitsReturn() throws Exception {
    Limit limit = Limit.of(3);
    var permits = List.of(limit.acquire(), limit.acquire(), limit.acquire());
    limit.resize(1);
    assertEquals(3, limit.statistics().held());
    assertEquals(1, permits.getFirst().weight());
    permits.get(0).close();
    assertNull(limit.tryAcquire(1));
    permits.get(1).close();
    assertNull(limit.tryAcquire(1));
    permits.get(2).close();
    var p = limit.tryAcquire(1);
    assertNotNull(p);
    assertNull(limit.tryAcquire(1));
    p.close();
  }

  @Test
  void aWaiterThatNoLongerFitsFailsAndItsFollowersMoveForward() throws Exception {
    Limit limit = Limit.of(3);
    var held = limit.acquire(1);
    var large = Caller.start(() -> limit.acquire(3));
    untilWaiting(limit, 1);
    var small = Caller.start(() -> limit.acquire(1));
    untilWaiting(limit, 2);
    limit.resize(2);
    var e = assertInstanceOf(IllegalArgumentException.class, large.failure());
    assertTrue(e.getMessage().contains("weight"), e::getMessage);
    assertTrue(e.getMessage().contains("3"), e::getMessage);
    assertTrue(e.getMessage().contains("2"), e::getMessage);
    small.outcome().orThrow().close();
    held.close();
    assertEquals(0, limit.statistics().held());
  }

  @Test
  void oneLargerThanTheCapacityIsRefusedWithoutWaiting() {
    Limit limit = Limit.of(2);
    for (var refused :
        List.<org.junit.jupiter.api.function.Executable>of(
            () -> limit.acquire(3),
            () -> limit.tryAcquire(3),
            () -> limit.tryAcquire(3, java.time.Duration.ofHours(1)))) {
      var e = assertThrows(IllegalArgumentException.class, refused);
      assertEquals("weight must be at most the capacity 2, but was 3", e.getMessage());
    }
  }

  @Test
  void thePermitsAddUpWhateverTheResizing() throws Exception {
    Limit limit = Limit.of(4);
    var random = new Random(11);
    Tasks.runScope(s -> {
      s.run(() -> {
        for (int i = 0; i < 2000; i++) limit.resize(2 + random.nextInt(5));
      });
      s.run(() ->
          Tasks.limit(8)
              .forEach(
                  IntStream.range(0, 2000).boxed().toList(),
                  i -> limit.acquire(1 + i % 2).close()));
    });
    limit.resize(4);
    assertEquals(0, limit.statistics().held());
    assertEquals(0, limit.statistics().waiting());
    var all = limit.tryAcquire(4);
    assertNotNull(all);
    all.close();
  }
}
