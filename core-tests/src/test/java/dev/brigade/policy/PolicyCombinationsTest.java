package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.brigade.policy.Ingredient.End;
import dev.brigade.policy.Ingredient.Forecast;
import dev.brigade.task.Caller;
import dev.brigade.task.CancelledException;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.testing.VirtualClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every ordered choice of up to three policies that is not a contradiction, in every situation; of
 * three that are much alike, only the pairs. The title of each test is its chain.
 */
@HangGuard
class PolicyCombinationsTest {
  private static final Duration HOUR = Duration.ofHours(1);

  /** One chain in one situation, with its own clock. */
  private static final class Combination {
    final List<Ingredient> ingredients;
    final List<Policy> policies;
    final Policy chain;
    final VirtualClock clock = new VirtualClock();
    final AtomicInteger calls = new AtomicInteger();

    Combination(List<Ingredient> ingredients) {
      this.ingredients = ingredients;
      this.policies = ingredients.stream().map(i -> i.make().get()).toList();
      this.chain = Policy.of(policies.toArray(Policy[]::new));
    }

    Forecast forecast(End end, double seconds) {
      var f = new Forecast(end, seconds, 1);
      for (Ingredient i : ingredients.reversed()) f = i.around().apply(f);
      return f;
    }

    Object call(Work<Object, ? extends Exception> work) throws Exception {
      return chain.<Object, Exception>callFor(
          "input",
          () -> {
            calls.incrementAndGet();
            return work.call();
          });
    }

    void nothingIsLeft() {
      for (int i = 0; i < policies.size(); i++)
        ingredients.get(i).nothingLeft().accept(policies.get(i));
      assertFalse(Thread.currentThread().isInterrupted());
      assertEquals(0, clock.pendingAlarms());
    }

    boolean has(String name) {
      return ingredients.stream().anyMatch(i -> i.name().equals(name));
    }
  }

  /** What is tried with every combination. */
  private interface Situation {
    void run(Combination c) throws Exception;
  }

  private static Stream<List<Ingredient>> choices() {
    var all = new ArrayList<List<Ingredient>>();
    for (Ingredient a : Ingredient.ALL) {
      all.add(List.of(a));
      for (Ingredient b : Ingredient.ALL) {
        if (a == b) continue;
        all.add(List.of(a, b));
        for (Ingredient c : Ingredient.ALL) {
          var three = List.of(a, b, c);
          if (c != a && c != b && !Ingredient.areTooMuchAlike(three)) all.add(three);
        }
      }
    }
    return all.stream();
  }

  private static boolean isContradiction(List<Ingredient> choice) {
    try {
      var unused = new Combination(choice);
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private static Stream<DynamicTest> each(Situation situation) {
    return choices()
        .filter(c -> !isContradiction(c))
        .map(c ->
            dynamicTest(
                String.join(" > ", c.stream().map(Ingredient::name).toList()),
                () -> {
                  var combination = new Combination(c);
                  situation.run(combination);
                  combination.nothingIsLeft();
                }));
  }

  @Test
  void onlyContradictionsAreLeftOut() {
    List<String> pairs =
        choices()
            .filter(c -> c.size() == 2 && isContradiction(c))
            .map(c -> c.get(0).name() + " > " + c.get(1).name())
            .toList();
    assertEquals(
        List.of(
            "retry > fallback",
            "abandoning timeout > timeout",
            "breaker > fallback",
            "hedge > fallback",
            "hedge > single flight",
            "rate > retry",
            "rate > hedge"),
        pairs);
  }

  @TestFactory
  Stream<DynamicTest> aValuePasses() {
    return each(c -> {
      var value = new Object();
      assertSame(value, Tasks.time(c.clock).scope(_ -> c.call(() -> value)));
      assertEquals(1, c.calls.get());
      assertEquals(Duration.ZERO, c.clock.now());
    });
  }

  @TestFactory
  Stream<DynamicTest> aFailureEndsAsThePoliciesSay() {
    return each(c -> ends(c, End.FAILURE, 0));
  }

  @TestFactory
  Stream<DynamicTest> aSlowFailureEndsAsThePoliciesSay() {
    return each(c -> ends(c, End.FAILURE, 2));
  }

  @TestFactory
  Stream<DynamicTest> workThatTakesAnHourEndsAsThePoliciesSay() {
    return each(c -> ends(c, End.VALUE, 3600));
  }

  private static void ends(Combination c, End end, long seconds) throws Exception {
    var thrown = new ArrayList<Exception>();
    Object got;
    try {
      got =
          Tasks.time(c.clock)
              .scope(_ ->
                  c.call(() -> {
                    if (seconds > 0) Tasks.sleep(Duration.ofSeconds(seconds));
                    if (end == End.VALUE) return "value";
                    thrown.add(new IOException("failure " + thrown.size()));
                    throw thrown.getLast();
                  }));
    } catch (Exception e) {
      got = e;
    }
    Forecast expected = c.forecast(end, seconds);
    switch (expected.end()) {
      case VALUE -> assertEquals("value", got);
      case FALLBACK -> assertEquals(Ingredient.FALLBACK_VALUE, got);
      case TIMEOUT -> assertInstanceOf(DeadlineException.class, got);
      case FAILURE -> assertSame(thrown.getLast(), got);
    }
    assertEquals(Duration.ofNanos((long) (expected.seconds() * 1e9)), c.clock.now());
    if (expected.calls() >= 0) assertEquals(expected.calls(), c.calls.get());
  }

  @TestFactory
  Stream<DynamicTest> anErrorPassesAtOnce() {
    return each(c -> {
      var error = new AssertionError("own");
      assertSame(
          error,
          assertThrows(
              AssertionError.class,
              () ->
                  Tasks.time(c.clock)
                      .scope(_ ->
                          c.call(() -> {
                            throw error;
                          }))));
      assertEquals(1, c.calls.get());
    });
  }

  @TestFactory
  Stream<DynamicTest> aRefusalIsNotRepeated() {
    return each(c -> {
      var refusal = new WaitTooLongException("it", HOUR, Duration.ZERO);
      Work<Object, RuntimeException> refused =
          () -> {
            throw refusal;
          };
      if (c.has("fallback")) assertEquals(Ingredient.FALLBACK_VALUE, c.call(refused));
      else assertSame(refusal, assertThrows(RefusedException.class, () -> c.call(refused)));
      assertEquals(1, c.calls.get());
    });
  }

  @TestFactory
  Stream<DynamicTest> anInterruptFromOutsideStopsTheWork() {
    return each(c -> {
      var stuck = new Stuck();
      var caller = Caller.start(() -> Tasks.time(c.clock).scope(_ -> c.call(stuck::<Object>block)));
      stuck.awaitBegun();
      caller.interrupt();
      assertInstanceOf(InterruptedException.class, caller.failure());
      assertFalse(caller.flagLeft());
      assertEquals(1, c.calls.get());
      assertEquals(1, stuck.interrupts());
      assertEquals(1, stuck.ended());
    });
  }

  @TestFactory
  Stream<DynamicTest> anInterruptBeforehandIsNotLost() {
    return each(c -> {
      var caller =
          Caller.start(() -> {
            Thread.currentThread().interrupt();
            return c.call(() -> "value");
          });
      if (caller.outcome().isSuccess()) assertTrue(caller.flagLeft());
      else assertInstanceOf(InterruptedException.class, caller.failure());
    });
  }

  @TestFactory
  Stream<DynamicTest> aFailureInReplyToACancellationIsNeitherRepeatedNorReplaced() {
    return each(c -> {
      Tasks.time(c.clock)
          .runSupervised(s -> {
            var task =
                s.fork(() ->
                    c.call(() -> {
                      try {
                        Tasks.sleep(HOUR);
                      } catch (InterruptedException e) {
                        throw new IOException("in reply");
                      }
                      return "value";
                    }));
            Tasks.sleep(Duration.ofSeconds(1));
            task.cancel("not wanted");
            var e = assertInstanceOf(CancelledException.class, task.outcome().failureOrNull());
            assertEquals("not wanted", e.reason().message());
          });
      assertEquals(1, c.calls.get());
      assertEquals(Duration.ofSeconds(1), c.clock.now());
    });
  }

  @TestFactory
  Stream<DynamicTest> aDeadlineFurtherOutEndsEverythingExactlyInTime() {
    return each(c -> {
      Duration deadline = Duration.ofMillis(2500);
      var e =
          assertThrows(
              DeadlineException.class,
              () ->
                  Tasks.time(c.clock)
                      .within(deadline)
                      .scope(_ ->
                          c.call(() -> {
                            Tasks.sleep(HOUR);
                            return "value";
                          })));
      assertTrue(e.getMessage().contains("2.5 s"), e::getMessage);
      assertEquals(deadline, c.clock.now());
      assertEquals(1, c.calls.get());
    });
  }

  @TestFactory
  Stream<DynamicTest> itAppliesToEachItemOfAFanOut() {
    return each(c -> {
      var got =
          Tasks.time(c.clock)
              .limit(4)
              .with(c.chain)
              .map(
                  List.of(1, 2, 3),
                  i -> {
                    Tasks.sleep(Duration.ofMillis(10));
                    return i;
                  });
      assertEquals(List.of(1, 2, 3), got);
    });
  }
}
