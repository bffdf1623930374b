package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Where Jox's structured module goes wrong, right here. */
@HangGuard
class PeerDefectsOfJoxTest {
  private static int fail(Error e) {
    throw e;
  }

  @Test
  void aRaceWhoseBranchesAllThrowErrorsEnds() {
    var first = new AssertionError("first");
    assertThrows(
        AssertionError.class,
        () -> Tasks.race(() -> fail(first), () -> fail(new AssertionError("second"))));
    assertThrows(
        AssertionError.class,
        () -> Tasks.any(() -> fail(first), () -> fail(new AssertionError("second"))));
  }

  @Test
  void anImmediateErrorIsNotTakenForATimeout() {
    var own = new AssertionError("at once");
    assertSame(
        own,
        assertThrows(
            AssertionError.class, () -> Tasks.within(Duration.ofHours(1), () -> fail(own))));
    assertSame(
        own,
        assertThrows(
            AssertionError.class, () -> Tasks.timed(Duration.ofHours(1), () -> fail(own))));
  }

  @Test
  void whatMustNotBeInterruptedIsNotInterruptedWithItsCaller() throws Exception {
    var cleanUp = new Stuck();
    var caller = Caller.start(() -> Tasks.shieldApart(Duration.ofHours(1), cleanUp::<Object>block));
    cleanUp.awaitBegun();
    caller.interrupt();
    while (caller.thread().isInterrupted()) Thread.onSpinWait();
    assertFalse(caller.thread().isInterrupted());
    cleanUp.letGo();
    assertTrue(caller.outcome().isSuccess());
    assertEquals(0, cleanUp.interrupts());
    assertTrue(caller.flagLeft());
  }

  @Test
  void theBodyKeepsTheCallersThreadLocalsAndMayLockAgainWhatTheCallerHolds() throws Exception {
    var local = new ThreadLocal<String>();
    var lock = new ReentrantLock();
    local.set("the caller's");
    lock.lock();
    try {
      String seen =
          Tasks.scope(s -> {
            lock.lock();
            try {
              return local.get();
            } finally {
              lock.unlock();
            }
          });
      assertEquals("the caller's", seen);
    } finally {
      lock.unlock();
      local.remove();
    }
  }

  @Test
  void aBoundedMapStartsNoMoreThreadsThanItsLimit() throws Exception {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    Tasks.limit(4)
        .forEach(
            IntStream.range(0, 1000).boxed().toList(),
            i -> {
              threads.add(Thread.currentThread());
              Thread.yield();
            });
    assertTrue(threads.size() <= 4, "threads " + threads.size());
  }
}
