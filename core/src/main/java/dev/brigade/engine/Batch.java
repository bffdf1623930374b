package dev.brigade.engine;

import org.jspecify.annotations.Nullable;

/**
 * Several items of one map that go to an engine together, because a task for each would cost more
 * than the items. An engine that knows batches reports on each item as it ends, in any order and
 * from any thread; after the last one the batch has ended. One that doesn't takes it for an
 * ordinary {@link Job}, whose {@link #work} returns the outcomes of all.
 *
 * <p>Of several reports on one item the first counts. {@link #fail(Throwable)} ends all items that
 * have no report yet.
 */
public interface Batch extends Job {
  /** How many items, at least 1. */
  int size();

  /** The function of all items of the map, always the same object for one map. */
  Object function();

  /** Whether the items after one that throws are not wanted any more. */
  boolean stopsAtFailure();

  /** One item, from 0. */
  @Nullable Object item(int index);

  /** Reports that the function returned for this item, possibly null. */
  void succeed(int index, @Nullable Object value);

  /** Reports that the function threw for this item, or that the engine lost it. */
  void fail(int index, Throwable failure);

  /**
   * Reports what the batch cost, from which the size of the next ones is found: told once, before
   * the last item's report.
   *
   * @param runNanos how long its items ran
   * @param overheadNanos how long it was under way beside that, waiting in a queue not counted
   */
  void cost(long runNanos, long overheadNanos);
}
