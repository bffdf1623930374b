package dev.brigade.process;

import dev.brigade.engine.Batch;
import dev.brigade.process.wire.GarbageException;
import dev.brigade.process.wire.Input;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Items of a map that travel together, from {@code from} on: all of a batch, or what was left of it
 * when a worker died. Items are begun in order and their ends come in order.
 */
final class BatchTask extends PoolTask {
  /** Results that are reported in one go. */
  private static final int MOST_TOGETHER = 512;

  private final Batch batch;
  private final Consumer<PoolTask> cancel;
  private final boolean rest;
  private boolean begun;

  /** It has been told already that it is over. */
  private boolean refused;

  /** In the batch, not in this task. */
  final int from;

  /** How many items of this task have been heard of; under the lane's lock. */
  int heard;

  // The reading thread's: the next item to be reported, and the counts of frames not yet read.
  private int next;
  private final ArrayDeque<Integer> counts = new ArrayDeque<>();

  BatchTask(
      TaskRules rules,
      int kind,
      Parcel parcel,
      Batch batch,
      int from,
      boolean rest,
      Consumer<PoolTask> cancel) {
    super(rules, kind, parcel);
    this.batch = batch;
    this.from = from;
    this.next = from;
    this.rest = rest;
    this.begun = rest;
    this.cancel = cancel;
  }

  Batch batch() {
    return batch;
  }

  int size() {
    return batch.size() - from;
  }

  @Override
  boolean begin() {
    if (begun) {
      if (rest) batch.onCancel(reason -> cancel.accept(this));
      return !cancelRequested();
    }
    if (!batch.tryStart()) {
      refused = true;
      return false;
    }
    begun = true;
    batch.onCancel(reason -> cancel.accept(this));
    return true;
  }

  /** Notes how many items a frame tells of, without reading them, and returns the run time. */
  long heard(Input in) throws IOException {
    long run = in.getLong();
    int count = in.getInt();
    if (count < 0 || count > size() - heard)
      throw new GarbageException(
          "ends of " + count + " items, where " + (size() - heard) + " are due");
    heard += count;
    counts.add(count);
    return run;
  }

  /** The ends of some items, in order. */
  void items(AnswerReader reader, Input in) throws IOException {
    int end = next + counts.remove();
    try {
      report(reader, in, end);
    } catch (Throwable e) {
      // They have been heard of, so they are not among those that are lost with the worker.
      unreadable(end, e);
      throw e;
    }
  }

  private void report(AnswerReader reader, Input in, int end) throws IOException {
    var values = new @Nullable Object[Math.min(MOST_TOGETHER, end - next)];
    while (next < end) {
      int most = Math.min(values.length, end - next);
      int count = 0;
      int itemEnd = -1;
      Throwable failure = null;
      Throwable broken = null;
      reader.enter();
      try {
        while (count < most && failure == null) {
          itemEnd = -1;
          int head = in.getInt();
          itemEnd = in.position() + (head >>> 1);
          if ((head & 1) == 0) {
            values[count] = reader.next(in);
            count++;
          } else {
            failure = reader.nextFailure(in);
          }
          in.seek(itemEnd);
        }
      } catch (Throwable e) {
        broken = e;
      } finally {
        reader.exit();
      }
      if (count > 0) batch.succeed(next, values, count);
      next += count;
      if (failure != null) batch.fail(next++, failure);
      if (broken == null) continue;
      unreadable(itemEnd < 0 ? end : next + 1, broken);
      if (itemEnd < 0) return;
      in.seek(itemEnd);
    }
  }

  private void unreadable(int end, Throwable e) {
    while (next < end)
      batch.fail(
          next++, new IllegalStateException("the result can't be read here: " + e.getMessage(), e));
  }

  @Override
  boolean returned(@Nullable Object none) {
    if (next < batch.size())
      batch.fail(new InterruptedException("cancelled before the item began"));
    return true;
  }

  @Override
  void failed(Throwable failure) {
    batch.fail(failure);
  }

  @Override
  void dropped() {
    if (!refused) failed(new InterruptedException("cancelled before it began"));
  }

  @Override
  Runnable asRunnable() {
    return batch;
  }
}
