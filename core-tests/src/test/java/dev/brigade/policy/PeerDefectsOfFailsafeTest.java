package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import dev.failsafe.Bulkhead;
import dev.failsafe.Failsafe;
import dev.failsafe.TimeoutExceededException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;

/** Where Failsafe goes wrong, and what happens here instead. */
@HangGuard
class PeerDefectsOfFailsafeTest {
  private static final Duration SHORT = Duration.ofMillis(5);

  @Test
  void aWaiterThatTimesOutDestroysNoPermit() throws Exception {
    Bulkhead<Object> theirs = Bulkhead.of(2);
    theirs.acquirePermit();
    theirs.acquirePermit();
    for (int i = 0; i < 2; i++) assertFalse(theirs.tryAcquirePermit(SHORT));
    theirs.releasePermit();
    theirs.releasePermit();
    // Both were given back, to waiters that had long gone.
    assertFalse(theirs.tryAcquirePermit());

    Limit ours = Limit.of(2);
    var first = ours.acquire();
    var second = ours.acquire();
    for (int i = 0; i < 2; i++) assertNull(ours.tryAcquire(1, SHORT));
    first.close();
    second.close();
    assertNotNull(ours.tryAcquire(2));
  }

  private static Caller<Object> theirCallerOf(Stuck work, Duration time) {
    var theirs = dev.failsafe.Timeout.builder(time).withInterrupt().build();
    return Caller.start(() -> Failsafe.with(theirs).get(work::<Object>ignoreInterrupts));
  }

  private static boolean isInterrupted(Stuck work) {
    try {
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> work.interrupts() == 1);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  @Test
  void aTimeoutThatTheWorkDoesNotHeedIsReportedOrTheWorkIsLeftBehind() throws Exception {
    Stuck theirWork = new Stuck();
    var theirCaller = theirCallerOf(theirWork, SHORT);
    // If the time was up before the work had begun, it interrupts nobody: then with more time.
    for (Duration longer = SHORT; !isInterrupted(theirWork); ) {
      theirWork.letGo();
      longer = longer.multipliedBy(10);
      theirWork = new Stuck();
      theirCaller = theirCallerOf(theirWork, longer);
    }
    // The time was up, and their caller is held for as long as the work likes.
    assertTrue(theirCaller.thread().isAlive());
    theirWork.letGo();
    var silent = assertInstanceOf(TimeoutExceededException.class, theirCaller.failure());
    // Not a word of how late that was: just as if the work had ended in time.
    assertEquals("null 0", silent.getMessage() + " " + silent.getSuppressed().length);

    var clock = new HandClock();
    Timeout ours = Timeout.of(SHORT);
    long before = Tasks.snapshot().overruns();
    String late =
        Tasks.time(clock)
            .scope(_ ->
                ours.call(() -> {
                  clock.advance(SHORT);
                  return "late";
                }));
    assertEquals("late", late);
    assertEquals(before + 1, Tasks.snapshot().overruns());
    assertEquals(1, ours.statistics().overran());

    var stubborn = new Stuck();
    Timeout leaving = ours.abandonAfter(Duration.ZERO);
    Tasks.time(clock)
        .runScope(s -> {
          s.run(() -> {
            stubborn.awaitBegun();
            clock.advance(SHORT);
          });
          assertThrows(
              DeadlineException.class, () -> leaving.call(stubborn::<Object>ignoreInterrupts));
        });
    assertEquals(0, stubborn.ended());
    assertEquals(1, leaving.statistics().abandoned());
    stubborn.letGo();
  }
}
