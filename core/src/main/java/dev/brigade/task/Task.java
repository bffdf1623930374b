package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that was forked in a {@link TaskScope}. To run one piece of work with a deadline
 * on the current thread, no task is needed: {@link Tasks#within}.
 *
 * {@snippet :
 * Tasks.scope(s -> {
 *   Task<User> user = s.fork(() -> loadUser(id));
 *   Task<List<Order>> orders = s.fork(() -> loadOrders(id));
 *   return new Page(user.join(), orders.join());
 * });
 * }
 *
 * <p>States: queued → running → success, failed or cancelled; the last three are final. A task ends
 * exactly once, and ends before its scope's call returns.
 *
 * <p>Memory effects: what happens before the fork happens before the task's first action; the
 * task's last action happens before {@link #join}, {@link #outcome} or a callback sees its outcome.
 *
 * @param <T> the result
 */
public sealed interface Task<T> permits TaskNode {

  /** Where a task is. */
  enum State {
    /** Forked, not begun. */
    QUEUED,
    /** Begun, not ended. */
    RUNNING,
    /** Returned. */
    SUCCESS,
    /** Threw. */
    FAILED,
    /** Cancelled before it returned. */
    CANCELLED
  }

  /** Its name, or one derived from the code it runs. */
  @CheckReturnValue
  String name();

  /** Where it is now. */
  @CheckReturnValue
  State state();

  /** Whether it has ended. */
  @CheckReturnValue
  default boolean isDone() {
    return state().compareTo(State.RUNNING) > 0;
  }

  /**
   * Waits for the result. May be called from anywhere; on a bounded engine a task that has not
   * begun is run by the thread that joins it.
   *
   * @throws TaskFailedException if the task failed, with its own exception as the cause
   * @throws CancelledException if the task was cancelled
   * @throws InterruptedException if the waiting thread is interrupted or being cancelled
   * @throws IllegalStateException if the caller is the task itself or something that it runs
   */
  T join() throws InterruptedException;

  /**
   * Waits for the end, whichever it is.
   *
   * @throws InterruptedException if the waiting thread is interrupted or being cancelled
   * @throws IllegalStateException if the caller is the task itself or something that it runs
   */
  @CheckReturnValue
  Outcome<T> outcome() throws InterruptedException;

  /** How it ended, or null if it has not. */
  @CheckReturnValue
  @Nullable Outcome<T> outcomeOrNull();

  /**
   * Asks the task to stop: its token is cancelled and its thread interrupted; a task that has not
   * begun never will. Does not wait. What the task does next decides its outcome: a value stays a
   * value.
   *
   * @return whether this was the first request and came before the end
   */
  boolean cancel(String reason);

  /**
   * Cancels the task's token now, and interrupts it only if it has not ended after {@code grace}.
   *
   * @return whether this was the first request and came before the end
   */
  boolean cancel(String reason, Duration grace);

  /**
   * Runs {@code callback} once when the task has ended: on the thread that ended it, in the order
   * of registration, before its scope can close; at once on this thread if it has ended already. It
   * must be fast and must not block: the thread may be the one that cancels. An exception in one
   * callback is logged and does not stop the others.
   */
  void onDone(Consumer<? super Outcome<T>> callback);
}
