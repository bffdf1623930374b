package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Caller;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A limit for each key, and nothing for idle keys. */
@HangGuard
class KeyedLimitTest {
  @Test
  void eachKeyHasItsOwnBound() throws Exception {
    KeyedLimit<String> l = KeyedLimit.of(2);
    var a1 = l.acquire("a");
    var a2 = l.acquire("a");
    assertNull(l.tryAcquire("a"));
    var b = l.tryAcquire("b");
    assertNotNull(b);
    assertEquals(2, l.statistics().keys());
    assertEquals(2, l.statistics("a").held());
    assertEquals(1, l.statistics("b").held());
    a1.close();
    a1.close();
    assertEquals(1, l.statistics("a").held());
    a2.close();
    b.close();
    assertEquals(0, l.statistics().keys());
  }

  @Test
  void idleKeysAreForgottenButNotWhatTheyDid() throws Exception {
    KeyedLimit<Integer> l = KeyedLimit.of(1);
    for (int i = 0; i < 100_000; i++) l.acquire(i).close();
    var s = l.statistics();
    assertEquals(0, s.keys());
    assertEquals(0, s.held());
    assertEquals(100_000, s.acquired());
    assertEquals(0, l.statistics(7).acquired());
    assertEquals(1, l.statistics(7).capacity());
  }

  @Test
  void waitersThatGiveUpLeaveNothingBehind() throws Exception {
    var clock = new HandClock();
    KeyedLimit<String> l = KeyedLimit.<String>of(1).withTime(clock);
    var held = l.acquire("a");
    var interrupted = Caller.start(() -> l.acquire("a"));
    var late = Caller.start(() -> l.tryAcquire("a", Duration.ofSeconds(1)));
    Awaitility.await().until(() -> l.statistics("a").waiting() == 2);
    interrupted.interrupt();
    assertInstanceOf(InterruptedException.class, interrupted.failure());
    clock.advance(Duration.ofSeconds(1));
    assertNull(late.outcome().orThrow());
    var cutOff =
        Caller.start(
            () -> Tasks.time(clock).within(Duration.ofSeconds(1)).scope(_ -> l.acquire("a")));
    Awaitility.await().until(() -> l.statistics("a").waiting() == 1);
    clock.advance(Duration.ofSeconds(1));
    assertInstanceOf(DeadlineException.class, cutOff.failure());
    assertEquals(0, l.statistics("a").waiting());
    assertEquals(1, l.statistics().keys());
    held.close();
    var s = l.statistics();
    assertEquals(0, s.keys());
    assertEquals(3, s.gaveUp());
    assertEquals(3, s.waited());
  }

  @Test
  void refusedAcquiresLeaveNoKeyBehind() throws Exception {
    KeyedLimit<String> l = KeyedLimit.<String>of(1).withMaxWaiters(0);
    assertThrows(IllegalArgumentException.class, () -> l.acquire("a", 2));
    assertThrows(IllegalArgumentException.class, () -> l.acquire("a", 0));
    assertEquals(0, l.statistics().keys());
    var held = l.acquire("a");
    assertThrows(Limit.FullException.class, () -> l.acquire("a"));
    assertNull(l.tryAcquire("a", Duration.ZERO));
    held.close();
    assertEquals(0, l.statistics().keys());
  }

  @Test
  void theCapacityCanDependOnTheKeyAndIsAskedForWhenItComesIntoUse() throws Exception {
    var asked = new AtomicInteger();
    KeyedLimit<String> l =
        KeyedLimit.of((String k) -> {
          asked.incrementAndGet();
          return k.length();
        });
    var one = l.acquire("a");
    assertNull(l.tryAcquire("a"));
    assertEquals(1, asked.get());
    one.close();
    l.acquire("abc", 3).close();
    assertEquals(2, asked.get());
    assertThrows(IllegalArgumentException.class, () -> l.acquire(""));
    assertEquals(0, l.statistics().keys());
  }

  @Test
  void asAPolicyItTakesTheKeyFromTheItem() throws Exception {
    KeyedLimit<Integer> l = KeyedLimit.of(3);
    var inside = new ConcurrentHashMap<Integer, AtomicInteger>();
    var peak = new AtomicInteger();
    Tasks.with(l.by((Integer i) -> i % 7))
        .forEach(
            IntStream.range(0, 2_000).boxed().toList(),
            i -> {
              var n = inside.computeIfAbsent(i % 7, k -> new AtomicInteger());
              peak.accumulateAndGet(n.incrementAndGet(), Math::max);
              Thread.yield();
              n.decrementAndGet();
            });
    assertTrue(peak.get() <= 3, () -> "peak " + peak);
    assertEquals(2_000, l.statistics().acquired());
    assertEquals(0, l.statistics().keys());
  }

  @Test
  void withoutAnInputThePolicySaysWhatToDo() {
    KeyedLimit<Integer> l = KeyedLimit.of(3);
    Policy p = l.by((Integer i) -> i);
    var e = assertThrows(IllegalStateException.class, () -> p.call(() -> 1));
    assertEquals(
        "[limit 3 per key] needs an input to take the key from: use callFor(input, work),"
            + " around(function), or a fan-out over items",
        e.getMessage());
    assertThrows(NullPointerException.class, () -> p.callFor(null, () -> 1));
  }

  @Test
  void theSnapshotShowsItByName() throws Exception {
    KeyedLimit<String> l = KeyedLimit.<String>of(3).named("per host");
    try (var _ = l.acquire("a")) {
      var seen =
          Tasks.snapshot().meters().stream().filter(m -> m.name().equals("per host")).toList();
      assertEquals("keyed limit", seen.getFirst().kind());
      assertEquals(1L, seen.getFirst().figures().get("held"));
    }
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> KeyedLimit.of(0));
    assertThrows(IllegalArgumentException.class, () -> KeyedLimit.<String>of(1).withMaxWaiters(-1));
    assertThrows(NullPointerException.class, () -> KeyedLimit.<String>of(1).acquire(null));
    assertThrows(NullPointerException.class, () -> KeyedLimit.<String>of(1).by(null));
  }

  // ---- locks

  @Test
  void oneAtATimeHoldsALockAndOthersGoOn() throws Exception {
    var lock = new KeyedLock<String>();
    var counts = new int[4];
    Tasks.forEach(
        IntStream.range(0, 4_000).boxed().toList(),
        i ->
            lock.run(
                "key " + i % 4,
                () -> {
                  int before = counts[i % 4];
                  Thread.yield();
                  counts[i % 4] = before + 1;
                }));
    for (int n : counts) assertEquals(1_000, n);
    assertEquals(0, lock.statistics().keys());
  }

  @Test
  void waitersForALockAreServedInTheOrderOfTheirComing() throws Exception {
    var lock = new KeyedLock<String>();
    var order = new ArrayList<Integer>();
    var held = lock.lock("a");
    var callers = new ArrayList<Caller<Boolean>>();
    for (int i = 0; i < 5; i++) {
      int n = i;
      callers.add(Caller.start(() -> lock.call("a", () -> order.add(n))));
      Awaitility.await().until(() -> lock.statistics().waiting() == n + 1);
    }
    assertNull(lock.tryLock("a"));
    held.close();
    held.close();
    for (var c : callers) assertTrue(c.outcome().isSuccess());
    assertEquals(List.of(0, 1, 2, 3, 4), order);
  }

  @Test
  void lockingAgainOnTheSameThreadIsRefusedInsteadOfWaitingForEver() throws Exception {
    var lock = new KeyedLock<String>();
    try (var _ = lock.lock("a")) {
      assertThrows(IllegalStateException.class, () -> lock.lock("a"));
      assertThrows(IllegalStateException.class, () -> lock.tryLock("a", Duration.ofHours(1)));
      assertNull(lock.tryLock("a"));
      lock.lock("b").close();
      assertEquals(1, lock.statistics().keys());
    }
    lock.lock("a").close();
    var elsewhere = Caller.start(() -> lock.lock("a"));
    var held = elsewhere.outcome().orThrow();
    held.close();
    assertEquals(0, lock.statistics().keys());
  }

  @Test
  void waitingForALockEndsAtInterruptsAndDeadlines() throws Exception {
    var lock = new KeyedLock<String>();
    var holder = new Stuck();
    var first = Caller.start(() -> lock.call("a", holder::block));
    holder.awaitBegun();
    var second = Caller.start(() -> lock.lock("a"));
    Awaitility.await().until(() -> lock.statistics().waiting() == 1);
    second.interrupt();
    assertInstanceOf(InterruptedException.class, second.failure());
    assertThrows(
        DeadlineException.class,
        () -> Tasks.runWithin(Duration.ofMillis(1), () -> lock.lock("a").close()));
    assertNull(lock.tryLock("a", Duration.ofMillis(1)));
    assertEquals(new KeyedLock.Statistics(1, 1, 0), lock.statistics());
    holder.letGo();
    assertTrue(first.outcome().isSuccess());
    assertEquals(new KeyedLock.Statistics(0, 0, 0), lock.statistics());
    Policy byKey = new KeyedLock<Integer>().by(String::length);
    assertEquals(3, byKey.callFor("x", () -> 3));
  }
}
