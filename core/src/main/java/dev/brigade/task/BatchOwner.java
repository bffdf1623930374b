package dev.brigade.task;

import org.jspecify.annotations.Nullable;

/**
 * Whose items go out in batches, and who is told of each: a fan-out's crew, or completions. Told by
 * the threads that report, concurrently, each item once, and what it throws cancels the scope.
 */
interface BatchOwner<A, R> {
  /** In which its batches are. */
  TaskScope scope();

  Fn<? super A, ? extends R, ?> f();

  BatchSizes sizes();

  /** How many items the next batch should have. */
  int wanted();

  /** Whether an item that fails cancels the others. */
  boolean stopsAtFailure();

  /** An item returned. */
  void succeeded(BatchTask<A, R> batch, int item, @Nullable R value);

  /**
   * An item threw.
   *
   * @return whether that fails the whole
   */
  boolean failed(BatchTask<A, R> batch, int item, Throwable thrown);

  /** An item was cancelled, before it began or while it ran. */
  void cancelled(BatchTask<A, R> batch, int item, CancelReason reason, Throwable thrown);

  /** Forks a batch for which there is a place. */
  void fork(BatchTask<A, R> batch);

  /** Forks what is left of a batch that is about to end. */
  void again(BatchTask<A, R> rest);

  /** The batch has ended, after all of its items. */
  void ended(BatchTask<A, R> batch);
}
