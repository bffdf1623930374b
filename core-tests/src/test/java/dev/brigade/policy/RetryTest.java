package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.task.CancelSource;
import dev.brigade.task.CancelledException;
import dev.brigade.task.HangGuard;
import dev.brigade.task.TaskFailedException;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** How often, when, and what is thrown in the end. */
@HangGuard
class RetryTest {
  private static final Retry THREE = Retry.attempts(3).withBackoff(Backoff.none());

  private final VirtualClock clock = new VirtualClock();

  /** Fails as often as told, each time with an exception of its own. */
  private final class Flaky implements Work<String, IOException> {
    private static final long serialVersionUID = 1L;

    final transient List<IOException> thrown = new ArrayList<>();
    final transient List<Long> secondsBegun = new ArrayList<>();
    private final int failures;

    Flaky(int failures) {
      this.failures = failures;
    }

    @Override
    public String call() throws IOException {
      secondsBegun.add(clock.now().toSeconds());
      if (thrown.size() == failures) return "value";
      var e = new IOException("failure " + (thrown.size() + 1));
      thrown.add(e);
      throw e;
    }
  }

  private static Duration seconds(long n) {
    return Duration.ofSeconds(n);
  }

  @Test
  void aFailureIsFollowedByAnotherAttempt() throws Exception {
    var work = new Flaky(2);
    assertEquals("value", THREE.call(work));
    assertEquals(2, work.thrown.size());
  }

  @Test
  void theLastFailureItselfIsThrownWithTheEarlierOnesSuppressed() {
    var work = new Flaky(9);
    var e = assertThrows(IOException.class, () -> THREE.call(work));
    assertSame(work.thrown.get(2), e);
    assertEquals(work.thrown.subList(0, 2), Arrays.asList(e.getSuppressed()));
    assertEquals(3, work.thrown.size());
  }

  @Test
  void waitsDoubleUpToTheLongestAtExactlyTheseTimes() {
    var work = new Flaky(9);
    Retry six =
        Retry.attempts(6).withBackoff(Backoff.exponential(seconds(1), seconds(5)).withoutJitter());
    assertThrows(IOException.class, () -> Tasks.time(clock).scope(_ -> six.call(work)));
    assertEquals(List.of(0L, 1L, 3L, 7L, 12L, 17L), work.secondsBegun);
  }

  @Test
  void anHourOfBackOffTakesNoTimeOnAVirtualClock() {
    var work = new Flaky(99);
    Retry patient = Retry.attempts(4).withBackoff(Backoff.constant(Duration.ofMinutes(20)));
    assertThrows(IOException.class, () -> Tasks.time(clock).scope(_ -> patient.call(work)));
    assertEquals(List.of(0L, 1200L, 2400L, 3600L), work.secondsBegun);
  }

  @Test
  void aClockOfItsOwnCountsInsteadOfTheScopes() throws Exception {
    var other = new VirtualClock();
    var work = new Flaky(1);
    Retry once = Retry.attempts(2).withBackoff(Backoff.constant(seconds(60))).withTime(other);
    assertEquals("value", once.call(work));
    assertEquals(seconds(60), other.now());
    assertEquals(Duration.ZERO, clock.now());
  }

  @Test
  void jitterIsDrawnEvenlyAndASeedRepeatsIt() {
    Backoff jittered = Backoff.exponential(seconds(1), seconds(8));
    var random = jittered.withSeed(42).random();
    long[] sums = new long[6];
    for (int i = 0; i < 4000; i++) {
      for (int retry = 1; retry < sums.length; retry++) {
        long delay = jittered.delayNanos(retry, random);
        assertTrue(delay >= 0 && delay <= jittered.ceiling(retry).toNanos(), "delay " + delay);
        sums[retry] += delay;
      }
    }
    for (int retry = 1; retry < sums.length; retry++) {
      double mean = sums[retry] / 4000.0 / jittered.ceiling(retry).toNanos();
      assertEquals(0.5, mean, 0.03, "retry " + retry);
    }
    assertEquals(seconds(8), jittered.ceiling(1000));
    var seeded = jittered.withSeed(7);
    assertEquals(seeded.delayNanos(3, seeded.random()), seeded.delayNanos(3, seeded.random()));
    assertNotEquals(
        seeded.delayNanos(3, seeded.random()), seeded.delayNanos(3, jittered.withSeed(8).random()));
  }

  @Test
  void aSeedMakesEveryCallWaitAlike() {
    Retry seeded =
        Retry.attempts(5)
            .withBackoff(Backoff.exponential(seconds(1), Duration.ofHours(1)).withSeed(3));
    var ends = new ArrayList<Duration>();
    for (int call = 0; call < 3; call++) {
      var own = new VirtualClock();
      assertThrows(IOException.class, () -> Tasks.time(own).scope(_ -> seeded.call(new Flaky(9))));
      ends.add(own.now());
    }
    assertEquals(List.of(ends.getFirst(), ends.getFirst()), ends.subList(1, 3));
    assertTrue(ends.getFirst().compareTo(Duration.ZERO) > 0, ends::toString);
  }

  @Test
  void longWaitsAreCutOffNotWrapped() {
    Duration ages = seconds(Long.MAX_VALUE);
    Backoff b = Backoff.exponential(Duration.ofNanos(3), ages);
    var random = b.withSeed(1).random();
    for (int retry : new int[] {1, 62, 63, 64, 65, 1000, Integer.MAX_VALUE}) {
      assertTrue(b.ceiling(retry).compareTo(Duration.ZERO) > 0);
      assertTrue(b.delayNanos(retry, random) >= 0);
    }
    assertEquals(Long.MAX_VALUE, b.ceiling(1000).toNanos());
    assertEquals(Long.MAX_VALUE, Backoff.constant(ages).delayNanos(5, random));
    assertEquals(Duration.ofNanos(27), b.withFactor(3).ceiling(3));
  }

  @Test
  void beyondSixteenEarlierFailuresOnlyTheirNumberIsKept() {
    Retry many = Retry.attempts(30).withBackoff(Backoff.none());
    var e = assertThrows(IOException.class, () -> many.call(new Flaky(99)));
    assertEquals(17, e.getSuppressed().length);
    assertTrue(e.getSuppressed()[16].getMessage().contains("13 more"));
  }

  @Test
  void aConstantExceptionDoesNotGrowForEver() {
    var constant = new IOException("a constant");
    for (int call = 0; call < 50; call++) {
      int[] attempt = new int[1];
      assertSame(
          constant,
          assertThrows(
              IOException.class,
              () ->
                  THREE.<Object, IOException>call(() -> {
                    if (attempt[0]++ < 2) throw new IOException("another");
                    throw constant;
                  })));
    }
    assertTrue(constant.getSuppressed().length <= 2, "" + constant.getSuppressed().length);
  }

  @Test
  void failuresThatLeadToOneAnotherMakeNoCycle() {
    var first = new IOException("first");
    var last = new IOException("last", first);
    int[] attempt = new int[1];
    var e =
        assertThrows(
            IOException.class,
            () ->
                Retry.attempts(2)
                    .withBackoff(Backoff.none())
                    .<Object, IOException>call(() -> {
                      throw attempt[0]++ == 0 ? first : last;
                    }));
    assertSame(last, e);
    assertEquals(0, e.getSuppressed().length);
  }

  private static void notRepeated(Throwable thrown) {
    int[] attempts = new int[1];
    var e =
        assertThrows(
            Throwable.class,
            () ->
                THREE.<Object, Exception>call(() -> {
                  attempts[0]++;
                  if (thrown instanceof Error error) throw error;
                  throw (Exception) thrown;
                }));
    assertSame(thrown, e);
    assertEquals(1, attempts[0], thrown.toString());
  }

  @Test
  void whatIsNoFailureOfTheWorkIsNotRepeated() {
    var stop = new CancelSource();
    stop.cancel("stop");
    var cancelled = assertThrows(CancelledException.class, stop.token()::throwIfCancelled);
    var refused = new WaitTooLongException("it", seconds(2), seconds(1));
    notRepeated(new AssertionError("an error"));
    notRepeated(new InterruptedException());
    notRepeated(new ClosedByInterruptException());
    notRepeated(new InterruptedIOException());
    notRepeated(new IllegalStateException(new IOException(new InterruptedException())));
    notRepeated(cancelled);
    notRepeated(new CancellationException());
    notRepeated(refused);
    notRepeated(new TaskFailedException("a task", refused));
    notRepeated(new TaskFailedException("a task", new AssertionError()));
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aTimeoutOfASocketIsAFailureLikeOthers() throws Exception {
    int[] attempts = new int[1];
    int value =
        THREE.<Integer, IOException>call(() -> {
          if (attempts[0]++ == 0) throw new SocketTimeoutException("read timed out");
          return attempts[0];
        });
    assertEquals(2, value);
  }

  @Test
  void theFailureOfATaskInTheWorkIsTheWorks() throws Exception {
    int[] attempts = new int[1];
    Retry onlyIo = THREE.retryIf(e -> e instanceof IOException);
    String value =
        onlyIo.call(() ->
            Tasks.scope(s ->
                s.fork(
                        () -> {
                          if (attempts[0]++ == 0) throw new IOException("once");
                          return "value";
                        })
                    .join()));
    assertEquals("value", value);
    assertEquals(2, attempts[0]);
  }

  @Test
  void onlyFailuresThatAreAcceptedAreRepeated() {
    Retry onlyIo = THREE.retryIf(e -> e instanceof IOException);
    int[] attempts = new int[1];
    assertThrows(
        IllegalStateException.class,
        () ->
            onlyIo.call(() -> {
              if (attempts[0]++ == 0) throw new IOException();
              throw new IllegalStateException();
            }));
    assertEquals(2, attempts[0]);
    assertEquals(new Retry.Statistics(1, 1, 0, 0, 0, 0), onlyIo.statistics());
  }

  @Test
  void aPredicateThatThrowsEndsTheCallAndHidesNothing() {
    Retry broken =
        THREE.retryIf(e -> {
          throw new IllegalStateException("broken");
        });
    var work = new Flaky(9);
    var e = assertThrows(IllegalStateException.class, () -> broken.call(work));
    assertEquals(List.of(work.thrown.getFirst()), Arrays.asList(e.getSuppressed()));
  }

  @Test
  void resultsThatAreNotWantedAreAskedForAgainAndTheLastOneCounts() throws Exception {
    Retry r = THREE.retryIfResult(v -> v == null || v.equals(503));
    var answers = new ArrayList<Integer>(Arrays.asList(503, null, 200));
    assertEquals(200, r.call(answers::removeFirst));
    var busy = new ArrayList<>(List.of(503, 503, 503, 200));
    assertEquals(503, r.call(busy::removeFirst));
    assertEquals(List.of(200), busy);
    assertNull(r.call(() -> null));
    assertEquals(new Retry.Statistics(3, 6, 1, 2, 0, 0), r.statistics());
  }

  @Test
  void noAttemptBeginsAfterTheMostThatMayElapse() {
    Retry patient =
        Retry.attempts(100).withBackoff(Backoff.constant(seconds(10))).withMaxElapsed(seconds(25));
    var work = new Flaky(999);
    assertThrows(IOException.class, () -> Tasks.time(clock).scope(_ -> patient.call(work)));
    assertEquals(List.of(0L, 10L, 20L), work.secondsBegun);
    assertEquals(seconds(20), clock.now());
    var once = new Flaky(9);
    assertThrows(IOException.class, () -> THREE.withMaxElapsed(Duration.ZERO).call(once));
    assertEquals(1, once.thrown.size());
  }

  @Test
  void statisticsCountHowCallsEnd() throws Exception {
    Retry r = THREE.retryIf(_ -> true);
    r.run(() -> {});
    r.call(new Flaky(1));
    assertThrows(IOException.class, () -> r.call(new Flaky(9)));
    Thread.currentThread().interrupt();
    assertThrows(IOException.class, () -> r.call(new Flaky(9)));
    assertTrue(Thread.interrupted());
    assertEquals(new Retry.Statistics(4, 3, 1, 1, 0, 1), r.statistics());
    Retry named = r.named("users");
    assertTrue(Tasks.snapshot().toText().contains("retry users  {calls=4"));
    assertSame(r, named);
  }

  @Test
  void observersSeeEachFurtherAttempt() throws Exception {
    var seen = new ArrayList<PolicyEvent>();
    var work = new Flaky(2);
    Observer noting =
        new Observer() {
          @Override
          public void onEvent(TaskEvent event) {}

          @Override
          public void onPolicy(PolicyEvent event) {
            seen.add(event);
          }
        };
    try (var _ = Observers.register(noting)) {
      THREE.call(work);
    }
    assertEquals(2, seen.size());
    assertEquals(PolicyEvent.Kind.RETRYING, seen.getFirst().kind());
    assertEquals("attempt 2 of 3 in 0 ns", seen.getFirst().detail());
    assertSame(work.thrown.get(1), seen.get(1).failure());
    assertEquals("retry 3 (without a wait)", seen.get(1).policy());
  }

  @Test
  void itReadsWell() {
    assertEquals(
        "retry 5 (back-off 100 ms to 10 s with jitter, within 1 s)",
        Retry.attempts(5).withMaxElapsed(seconds(1)).toString());
    assertEquals(
        "retry 2 (back-off 1.5 s)",
        Retry.attempts(2).withBackoff(Backoff.constant(Duration.ofMillis(1500))).toString());
  }

  @Test
  void misuseIsRefusedWithParameterRuleAndValue() {
    assertMessage("attempts must be at least 1, but was 0", () -> Retry.attempts(0));
    assertMessage("factor", () -> Backoff.none().withFactor(Double.NaN));
    assertMessage("factor", () -> Backoff.none().withFactor(0.5));
    assertMessage("factor", () -> Backoff.none().withFactor(Double.POSITIVE_INFINITY));
    assertMessage("first", () -> Backoff.exponential(Duration.ZERO, seconds(1)));
    assertMessage("max", () -> Backoff.exponential(seconds(2), seconds(1)));
    assertMessage("delay", () -> Backoff.constant(seconds(-1)));
    assertMessage("retry must", () -> Backoff.none().ceiling(0));
    assertMessage("max must not be negative", () -> THREE.withMaxElapsed(seconds(-1)));
    assertMessage("max must not be negative", () -> THREE.withLongestRetryAfter(seconds(-1)));
    assertThrows(NullPointerException.class, () -> THREE.withBackoff(null));
    assertThrows(NullPointerException.class, () -> THREE.retryIf(null));
    assertThrows(NullPointerException.class, () -> THREE.withTime(null));
    assertThrows(NullPointerException.class, () -> THREE.call(null));
  }

  private static void assertMessage(String part, org.junit.jupiter.api.function.Executable call) {
    var e = assertThrows(IllegalArgumentException.class, call);
    assertTrue(e.getMessage().contains(part), e.getMessage());
  }
}
