package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.DeadlineException;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One absolute deadline cuts off every wait of every policy inside it, to the nanosecond. */
@HangGuard
class NestedPolicyDeadlinesTest {
  private final VirtualClock clock = new VirtualClock();
  private final Limit one = Limit.of(1);
  private final List<Long> secondsBegun = new ArrayList<>();
  private final Policy all =
      Policy.of(
          Retry.attempts(99).withBackoff(Backoff.constant(seconds(10))),
          one,
          Timeout.of(seconds(5)));

  private static Duration seconds(long n) {
    return Duration.ofSeconds(n);
  }

  @AfterEach
  void nothingIsLeft() {
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(0, one.statistics().held());
    assertEquals(0, one.statistics().waiting());
  }

  private <X extends Exception> Object within(Duration deadline, Work<Object, X> work)
      throws Exception {
    return Tasks.time(clock)
        .scope(_ ->
            Tasks.within(
                deadline,
                () ->
                    all.call(() -> {
                      secondsBegun.add(clock.now().toSeconds());
                      return work.call();
                    })));
  }

  private Object fails() throws IOException {
    throw new IOException("at " + clock.now().toSeconds());
  }

  @Test
  void aBackOffThatWouldReachItIsNotBegun() {
    var e = assertThrows(IOException.class, () -> within(seconds(35), this::fails));
    assertEquals("at 30", e.getMessage());
    assertEquals(3, e.getSuppressed().length);
    assertEquals(List.of(0L, 10L, 20L, 30L), secondsBegun);
    assertEquals(seconds(30), clock.now());
  }

  @Test
  void aBackOffThatWouldEndExactlyAtItIsNotBegunEither() {
    assertThrows(IOException.class, () -> within(seconds(10), this::fails));
    assertEquals(List.of(0L), secondsBegun);
    assertEquals(Duration.ZERO, clock.now());
    assertThrows(IOException.class, () -> within(seconds(10).plusNanos(1), this::fails));
    assertEquals(List.of(0L, 0L, 10L), secondsBegun);
  }

  @Test
  void itStrikesDuringTheWorkThoughTheTimeoutInsideIsLonger() {
    var e =
        assertThrows(
            DeadlineException.class,
            () ->
                within(
                    seconds(18),
                    () -> {
                      Tasks.sleep(seconds(60));
                      return null;
                    }));
    // 0 to 5, back-off to 15, cut at 18.
    assertEquals(List.of(0L, 15L), secondsBegun);
    assertEquals(seconds(18), clock.now());
    assertTrue(e.getMessage().contains("18 s"), e::getMessage);
    var cut = assertInstanceOf(InterruptedException.class, e.getSuppressed()[0]);
    assertInstanceOf(DeadlineException.class, cut.getSuppressed()[0]);
  }

  @Test
  void itStrikesDuringTheWaitForALimit() throws Exception {
    Tasks.time(clock)
        .runScope(s -> {
          s.run(() -> one.run(() -> Tasks.sleep(seconds(100))));
          Tasks.sleep(seconds(1));
          assertThrows(
              DeadlineException.class, () -> Tasks.within(seconds(7), () -> all.call(this::fails)));
          assertEquals(seconds(8), clock.now());
          assertEquals(0, one.statistics().waiting());
        });
    assertEquals(seconds(100), clock.now());
  }

  @Test
  void itStrikesDuringABackOffThatBeganBeforeItWasKnown() throws Exception {
    // Another clock's deadline can't be compared beforehand, and strikes all the same.
    var ours = new HandClock();
    var other = new HandClock();
    Retry retry = Retry.attempts(2).withBackoff(Backoff.constant(seconds(50))).withTime(other);
    Tasks.time(ours)
        .runScope(s -> {
          s.run(() -> {
            while (retry.statistics().retries() == 0) Thread.yield();
            ours.advance(seconds(20));
          });
          assertThrows(
              DeadlineException.class,
              () -> Tasks.within(seconds(20), () -> retry.call(this::fails)));
        });
    assertEquals(1, retry.statistics().interrupted());
  }

  @Test
  void zeroAndNegativeOnesExpireBeforeAnyPolicyIsEntered() {
    for (Duration d : List.of(Duration.ZERO, seconds(-1), seconds(Long.MIN_VALUE)))
      assertThrows(DeadlineException.class, () -> within(d, this::fails));
    assertEquals(List.of(), secondsBegun);
    assertEquals(0, one.statistics().acquired());
  }

  @Test
  void aVeryLongOneChangesNothing() {
    Duration ages = seconds(Long.MAX_VALUE);
    assertThrows(IOException.class, () -> within(ages, this::fails));
    assertEquals(99, secondsBegun.size());
    assertEquals(seconds(980), clock.now());
  }

  @Test
  void tasksOfAFanOutShareItAndEachStopsAtIt() throws Exception {
    Retry retry = Retry.attempts(99).withBackoff(Backoff.constant(seconds(10)));
    var own = new IOException("own");
    var e =
        assertThrows(
            IOException.class,
            () ->
                Tasks.time(clock)
                    .within(seconds(25))
                    .with(retry)
                    .map(
                        List.of(1),
                        _ -> {
                          secondsBegun.add(clock.now().toSeconds());
                          throw own;
                        }));
    assertSame(own, e);
    assertEquals(List.of(0L, 10L, 20L), secondsBegun);
    assertEquals(seconds(20), clock.now());
  }

  @Test
  void theEarliestOfSeveralCounts() {
    assertThrows(
        IOException.class,
        () ->
            Tasks.time(clock)
                .within(seconds(500))
                .scope(_ ->
                    Tasks.within(
                        seconds(15),
                        () -> Tasks.within(seconds(300), () -> all.call(this::counted)))));
    assertEquals(List.of(0L, 10L), secondsBegun);
  }

  private Object counted() throws IOException {
    secondsBegun.add(clock.now().toSeconds());
    return fails();
  }
}
