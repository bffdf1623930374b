package dev.brigade.engine;

import org.jspecify.annotations.Nullable;

/**
 * Several items of one map that go to an engine together, because a task for each would cost more
 * than the items. An engine that knows batches runs the items one after the other and reports on
 * each as it ends, in any order and from any thread; after the last one the batch has ended. One
 * that doesn't takes it for an ordinary {@link Job}: what its {@link #work} returns, given to
 * {@link #succeed(Object)}, holds the outcomes of all. Batches are given to engines whose {@link
 * Traits} say that they are chunked and do not share the JVM.
 *
 * <p>Of several reports on one item the first counts. {@link #fail(Throwable)} ends all items that
 * have no report yet; items that never ran because the batch was cancelled, or stopped at a
 * failure, are so ended with an {@link InterruptedException}, which counts as no failure of theirs.
 *
 * <p>A report may call the action given to {@link #onCancel}, and the function that combines
 * results, before it returns; it throws only if there is no such item. So an engine holds no lock
 * while it reports that it takes when it cancels. {@link Engine#launch} may be called with a batch
 * by any thread.
 */
public interface Batch extends Job {
  /** How many items, at least 1. */
  int size();

  /** The function of all items of the map, always the same object for one map. */
  Object function();

  /** One item, from 0; to be asked for until the batch has ended. */
  @Nullable Object item(int index);

  /**
   * Whether the first item that throws decides: then no item after it need begin, and an engine
   * that can stop where the items run does so without being asked.
   */
  boolean stopsAtFailure();

  /** Reports that the function returned for this item, possibly null. */
  void succeed(int index, @Nullable Object value);

  /**
   * Reports that the function returned for neighbouring items; cheaper than one by one.
   *
   * @param index the first of them
   * @param values what it returned, of which the first {@code count} are taken; each possibly null
   */
  @SuppressWarnings("NullAway") // null is a legal result
  default void succeed(int index, @Nullable Object[] values, int count) {
    for (int i = 0; i < count; i++) succeed(index + i, values[i]);
  }

  /** Reports that the function threw for this item, or that the engine lost it. */
  void fail(int index, Throwable failure);

  /**
   * Reports what the batch cost, from which the size of the next ones is found: told once, before
   * the last item's report, also for a batch of one. If it is not told, the time from the start to
   * the end has to do.
   *
   * @param runNanos how long its items ran
   * @param overheadNanos how long it was under way beside that, waiting in a queue not counted
   */
  void cost(long runNanos, long overheadNanos);
}
