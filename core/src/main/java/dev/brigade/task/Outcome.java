package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended. There are three ways and will never be more, so a {@code switch} over them is
 * complete:
 *
 * {@snippet :
 * switch (outcome) {
 *   case Outcome.Success<Page>(Page page) -> show(page);
 *   case Outcome.Failed<Page>(Throwable failure) -> log(failure);
 *   case Outcome.Cancelled<Page>(CancelledException why) -> log(why.reason());
 * }
 * }
 *
 * <p>Immutable. What the task did happens before its outcome is seen.
 *
 * @param <T> the result
 */
public sealed interface Outcome<T> extends Serializable {

  /**
   * The task returned.
   *
   * @param value its result, possibly null
   */
  record Success<T>(@Nullable T value) implements Outcome<T> {}

  /**
   * The task threw.
   *
   * @param failure what it threw
   */
  record Failed<T>(Throwable failure) implements Outcome<T> {
    /** Refuses null. */
    public Failed {
      Objects.requireNonNull(failure, "failure");
    }
  }

  /**
   * The task was cancelled, before it began or while it ran.
   *
   * @param why the reason; what the task threw in reply is suppressed in it
   */
  record Cancelled<T>(CancelledException why) implements Outcome<T> {
    /** Refuses null. */
    public Cancelled {
      Objects.requireNonNull(why, "why");
    }
  }

  /** Whether this is a {@link Success}. */
  @CheckReturnValue
  default boolean isSuccess() {
    return this instanceof Success;
  }

  /**
   * The value of a success.
   *
   * @throws TaskFailedException of a failure, with the task's exception as the cause
   * @throws CancelledException of a cancelled task
   */
  @SuppressWarnings("NullAway") // null is a legal result
  default T orThrow() {
    return switch (this) {
      case Success<T>(T value) -> value;
      case Failed<T>(Throwable failure) -> throw new TaskFailedException("the task", failure);
      case Cancelled<T>(CancelledException why) -> throw why;
    };
  }

  /** The value of a success, or else what is given. */
  @SuppressWarnings("NullAway") // null is a legal result
  @CheckReturnValue
  default @Nullable T orElse(@Nullable T other) {
    return this instanceof Success<T>(T value) ? value : other;
  }

  /** What kept the task from succeeding: its exception, the cancellation, or null. */
  @CheckReturnValue
  default @Nullable Throwable failureOrNull() {
    return switch (this) {
      case Success<T> s -> null;
      case Failed<T>(Throwable failure) -> failure;
      case Cancelled<T>(CancelledException why) -> why;
    };
  }
}
