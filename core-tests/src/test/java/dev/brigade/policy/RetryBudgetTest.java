package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.task.HandClock;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A budget bounds retries by a share of the calls and a few a second. */
@HangGuard
class RetryBudgetTest {
  private final HandClock clock = new HandClock();

  private static int take(RetryBudget budget) {
    int n = 0;
    while (budget.tryRetry()) n++;
    return n;
  }

  private static void call(RetryBudget budget, int times) {
    for (int i = 0; i < times; i++) budget.called();
  }

  @Test
  void aShareOfTheCallsMayBeRepeated() {
    RetryBudget tenth = RetryBudget.ofShare(0.1).withFloor(0).withTime(clock);
    assertFalse(tenth.tryRetry());
    call(tenth, 9);
    assertFalse(tenth.tryRetry());
    call(tenth, 1);
    assertTrue(tenth.tryRetry());
    call(tenth, 55);
    assertEquals(5, take(tenth));
    call(tenth, 1_000_000);
    assertEquals(100, tenth.statistics().available());
    assertEquals(100, take(tenth));
    assertEquals(new RetryBudget.Statistics(0, 1_000_065, 106, 4), tenth.statistics());
  }

  @Test
  void aFewASecondMayBeRepeatedBesides() {
    RetryBudget four = RetryBudget.ofShare(0).withFloor(4).withTime(clock);
    assertEquals(4, take(four));
    clock.advance(Duration.ofMillis(249));
    assertEquals(0, take(four));
    clock.advance(Duration.ofMillis(1));
    assertEquals(1, take(four));
    clock.advance(Duration.ofDays(1));
    assertEquals(4, take(four));
    RetryBudget rare = RetryBudget.ofShare(0).withFloor(0.01).withTime(clock);
    assertEquals(1, take(rare));
    clock.advance(Duration.ofSeconds(99));
    assertEquals(0, take(rare));
    clock.advance(Duration.ofSeconds(1));
    assertEquals(1, take(rare));
  }

  @Test
  void theBoundHoldsInEveryStretchOfTime() {
    var random = new Random(11);
    RetryBudget budget = RetryBudget.ofShare(0.2).withFloor(5).withTime(clock);
    var moments = new ArrayList<long[]>(); // time, calls so far, retries so far
    long calls = 0;
    long retries = 0;
    for (int i = 0; i < 3000; i++) {
      if (random.nextInt(3) == 0) clock.advance(Duration.ofMillis(random.nextInt(400)));
      int n = random.nextInt(30);
      call(budget, n);
      calls += n;
      moments.add(new long[] {clock.nanoTime(), calls, retries});
      for (int k = random.nextInt(15); k > 0; k--) if (budget.tryRetry()) retries++;
      moments.add(new long[] {clock.nanoTime(), calls, retries});
    }
    for (int from = 0; from < moments.size(); from += 7)
      for (int to = from; to < moments.size(); to++) {
        long[] a = moments.get(from);
        long[] b = moments.get(to);
        double bound = 100 + 0.2 * (b[1] - a[1]) + 5 + 5 * ((b[0] - a[0]) / 1e9);
        assertTrue(b[2] - a[2] <= bound + 1e-6, from + " to " + to);
      }
    assertTrue(retries > 1000, "retries " + retries);
  }

  @Test
  void aFloorThatIsNoWholeNumberOfNanosecondsIsNotExceeded() {
    RetryBudget odd = RetryBudget.ofShare(0).withFloor(750_000).withTime(clock);
    int atOnce = take(odd);
    assertTrue(atOnce <= 750_000 && atOnce > 749_000, "at once " + atOnce);
  }

  @Test
  void aFloorBelowOneASecondAddsOneToWhatWasSavedUp() {
    RetryBudget rare = RetryBudget.ofShare(1).withFloor(0.1).withTime(clock);
    call(rare, 1000);
    assertEquals(101, take(rare));
    clock.advance(Duration.ofSeconds(10));
    assertEquals(1, take(rare));
  }

  @Test
  void aClockThatJumpsBackDoesNotCloseTheBudgetForGood() {
    RetryBudget four = RetryBudget.ofShare(0).withFloor(4).withTime(clock);
    clock.advance(Duration.ofDays(3));
    assertEquals(4, take(four));
    clock.advance(Duration.ofDays(-2));
    assertEquals(0, take(four));
    clock.advance(Duration.ofSeconds(1));
    assertEquals(4, take(four));
  }

  @Test
  void aClockThatWrapsDoesNoHarm() {
    clock.advance(Duration.ofNanos(Long.MAX_VALUE - 500_000_000));
    RetryBudget four = RetryBudget.ofShare(0).withFloor(4).withTime(clock);
    assertEquals(4, take(four));
    clock.advance(Duration.ofSeconds(1));
    assertTrue(clock.nanoTime() < 0);
    assertEquals(4, take(four));
  }

  @Test
  void withoutBudgetTheFailureIsThrownAtOnceAndObserversAreTold() {
    RetryBudget none = RetryBudget.ofShare(0).withFloor(0);
    Retry retry = Retry.attempts(3).withBackoff(Backoff.none()).withBudget(none);
    var own = new IOException("own");
    var seen = new ArrayList<PolicyEvent>();
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
      assertSame(
          own,
          assertThrows(
              IOException.class,
              () ->
                  retry.<Object, IOException>call(() -> {
                    throw own;
                  })));
    }
    assertEquals(1, seen.size());
    assertEquals(PolicyEvent.Kind.REFUSED, seen.getFirst().kind());
    assertSame(own, seen.getFirst().failure());
    assertEquals(new Retry.Statistics(1, 0, 0, 0, 1, 0), retry.statistics());
  }

  @Test
  void aStormOfRetriesIsHeldToTheBudgetThatManyShare() throws Exception {
    RetryBudget budget = RetryBudget.ofShare(0.1).withFloor(0);
    Retry a = Retry.attempts(5).withBackoff(Backoff.none()).withBudget(budget);
    Retry b = Retry.attempts(5).withBackoff(Backoff.none()).withBudget(budget);
    Tasks.limit(8)
        .settle(
            IntStream.range(0, 2000).boxed().toList(),
            i ->
                (i % 2 == 0 ? a : b)
                    .<Object, IOException>call(() -> {
                      throw new IOException("down");
                    }));
    long retries = a.statistics().retries() + b.statistics().retries();
    assertEquals(200, retries);
    assertEquals(200, budget.statistics().granted());
    assertEquals(2000, budget.statistics().calls());
  }

  @Test
  void misuseIsRefusedAndItReadsWell() {
    for (double share : new double[] {-0.1, 1.1, Double.NaN})
      assertThrows(IllegalArgumentException.class, () -> RetryBudget.ofShare(share));
    RetryBudget budget = RetryBudget.ofShare(0.25);
    for (double floor : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY})
      assertThrows(IllegalArgumentException.class, () -> budget.withFloor(floor));
    assertTrue(RetryBudget.ofShare(0).withFloor(Double.MIN_VALUE).tryRetry());
    assertEquals("retry budget of 0.25 a call and 10 a second", budget.toString());
    assertEquals("retry budget of 0.25 a call and 0.5 a second", budget.withFloor(0.5).toString());
    assertEquals("retry budget of 0.25 a call", budget.withFloor(0).toString());
    RetryBudget named = budget.named("all");
    assertTrue(Tasks.snapshot().toText().contains("retry budget all  {available="));
    assertSame(budget, named);
  }
}
