package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.brigade.task.Work;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A policy to be combined with others. The times are such that no back-off would reach the end of a
 * timeout, since it is then not begun, which a forecast from the inside outwards cannot know. To
 * have a new one tried in every combination, add it to {@link #ALL}.
 *
 * @param name in titles
 * @param make makes one without a history
 * @param around what becomes of a call when this policy is put around it
 * @param nothingLeft checks that no call has left anything behind
 */
record Ingredient(
    String name,
    Supplier<Policy> make,
    UnaryOperator<Forecast> around,
    Consumer<Policy> nothingLeft) {

  /** How a call ends. */
  enum End {
    VALUE,
    FAILURE,
    TIMEOUT,
    FALLBACK
  }

  /**
   * What is to be expected of a call.
   *
   * @param end how it ends
   * @param seconds when, from its beginning
   * @param calls how often the work is begun, or -1 if a timeout decides that
   */
  record Forecast(End end, double seconds, int calls) {
    private boolean isFailure() {
      return end == End.FAILURE || end == End.TIMEOUT;
    }

    private Forecast repeated(int times, double backOffSeconds) {
      if (!isFailure()) return this;
      double total = seconds * times + backOffSeconds * (times - 1);
      return new Forecast(end, total, calls < 0 ? -1 : calls * times);
    }

    private Forecast cutOff(double limit) {
      return seconds > limit ? new Forecast(End.TIMEOUT, limit, -1) : this;
    }

    private Forecast replaced() {
      return isFailure() ? new Forecast(End.FALLBACK, seconds, calls) : this;
    }
  }

  static final String FALLBACK_VALUE = "instead";

  static final List<Ingredient> ALL =
      List.of(
          new Ingredient(
              "retry",
              () -> Retry.attempts(3).withBackoff(Backoff.constant(Duration.ofMillis(250))),
              f -> f.repeated(3, 0.25),
              _ -> {}),
          new Ingredient("limit", () -> Limit.of(2), f -> f, Ingredient::isFree),
          new Ingredient(
              "timeout", () -> Timeout.of(Duration.ofSeconds(5)), f -> f.cutOff(5), _ -> {}),
          new Ingredient(
              "abandoning timeout",
              () -> Timeout.of(Duration.ofSeconds(3)).abandonAfter(Duration.ofHours(9)),
              f -> f.cutOff(3),
              p -> assertEquals(0, ((Timeout) p).statistics().abandoned())),
          new Ingredient(
              "breaker",
              () -> CircuitBreaker.ofCalls(1_000).withMinimumCalls(1_000),
              f -> f,
              p -> assertEquals(0, ((CircuitBreaker) p).statistics().probing())),
          new Ingredient(
              "hedge",
              () -> Hedge.idempotent().after(Duration.ofDays(1)),
              f -> f,
              p -> assertEquals(0, ((Hedge) p).statistics().extra())),
          new Ingredient(
              "fallback", () -> Fallback.to(FALLBACK_VALUE), Forecast::replaced, _ -> {}),
          new Ingredient(
              "rate",
              () -> RateLimit.window(1_000, Duration.ofSeconds(1)),
              f -> f,
              p -> {
                var s = ((RateLimit) p).statistics();
                assertEquals(0, s.waiting() + s.inFlight(), s.toString());
              }),
          new Ingredient(
              "adaptive limit",
              () -> AdaptiveLimit.of(4),
              f -> f,
              p -> assertEquals(0, ((AdaptiveLimit) p).statistics().inFlight())),
          new Ingredient(
              "keyed limit",
              () -> {
                var limit = KeyedLimit.of(1);
                return new Keyed(limit.by(i -> i), () -> limit.statistics().keys());
              },
              f -> f,
              p -> assertEquals(0, ((Keyed) p).inUse.getAsInt())),
          new Ingredient(
              "single flight",
              () -> {
                var flights = new SingleFlight<>();
                return new Keyed(flights.by(i -> i), () -> flights.statistics().loading());
              },
              f -> f,
              p -> assertEquals(0, ((Keyed) p).inUse.getAsInt())));

  /** Of those in one group, only one is tried in a chain of three: they are too much alike. */
  private static final List<Set<String>> ALIKE =
      List.of(
          Set.of("limit", "rate", "breaker"),
          Set.of("timeout", "abandoning timeout"),
          Set.of("hedge", "single flight"));

  /** Like a limit in all that a third policy could notice, and so only in pairs. */
  private static final Set<String> LIKE_A_LIMIT = Set.of("adaptive limit", "keyed limit");

  static boolean areTooMuchAlike(List<Ingredient> three) {
    if (three.stream().anyMatch(i -> LIKE_A_LIMIT.contains(i.name))) return true;
    for (Set<String> group : ALIKE)
      if (three.stream().filter(i -> group.contains(i.name)).count() > 1) return true;
    return false;
  }

  /** A policy by key, with a count of the keys in use. */
  private record Keyed(Policy policy, IntSupplier inUse) implements Policy {
    @Override
    public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
      return policy.call(work);
    }

    @Override
    public <T, X extends Exception> T callFor(@Nullable Object input, Work<T, X> work)
        throws X, InterruptedException {
      return policy.callFor(input, work);
    }

    @Override
    public Kind kind() {
      return policy.kind();
    }
  }

  private static void isFree(Policy limit) {
    var s = ((Limit) limit).statistics();
    assertEquals(0, s.held(), s.toString());
    assertEquals(0, s.waiting(), s.toString());
  }
}
