package dev.brigade.task;

import org.jspecify.annotations.Nullable;

/**
 * What a fan-out does with the end of each item: the difference between map, settle, any, race and
 * quorum. Called on the threads that ran the items, concurrently.
 */
abstract class Rule<A, R> {

  /** An item returned. */
  abstract void success(int index, @Nullable R value, TaskScope scope);

  /**
   * An item threw.
   *
   * @return whether that fails the whole
   */
  boolean failure(int index, Throwable thrown, TaskScope scope) {
    return true;
  }

  /** Whether the first failure decides, so that no item need begin after it. */
  boolean stopsAtFailure() {
    return true;
  }

  /** Whether items may run one after the other in one task. */
  boolean allowsBatches() {
    return true;
  }

  /** Whether the number of items must be known, and so an iterator read to its end, first. */
  boolean needsSize() {
    return false;
  }

  /** Told once, before any item has ended, how many items there are, or -1 if that is not known. */
  void size(int items) {}

  static CancelReason decided(String what) {
    return new CancelReason(CancelReason.Kind.DECIDED, what, null);
  }
}
