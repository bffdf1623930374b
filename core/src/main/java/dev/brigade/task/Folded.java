package dev.brigade.task;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Combines neighbours in a fixed tree: blocks of 64 from left to right by whoever ends the block's
 * last item, then the blocks from left to right by the caller. The tree depends on the number of
 * items alone, so the result is the same on every engine, floating point included.
 */
final class Folded<A, R> extends Rule<A, R> {
  private static final int BLOCK = 64;

  private final Combine<R> combine;
  private @Nullable Object[] slots = {};
  private AtomicIntegerArray left = new AtomicIntegerArray(0);

  Folded(Combine<R> combine) {
    this.combine = combine;
  }

  @Override
  boolean needsSize() {
    return true;
  }

  @Override
  void size(int items) {
    slots = new Object[items];
    left = new AtomicIntegerArray((items + BLOCK - 1) / BLOCK);
    for (int b = 0; b < left.length(); b++) left.set(b, Math.min(BLOCK, items - b * BLOCK));
  }

  @Override
  void success(int index, @Nullable R value, TaskScope scope) {
    slots[index] = value;
    int block = index / BLOCK;
    if (left.decrementAndGet(block) != 0) return;
    int from = block * BLOCK;
    slots[from] = fold(from, Math.min(from + BLOCK, slots.length), 1);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // results may be null
  private @Nullable R fold(int from, int to, int step) {
    R sum = (R) slots[from];
    slots[from] = null;
    for (int i = from + step; i < to; i += step) {
      sum = combine.apply(sum, (R) slots[i]);
      slots[i] = null;
    }
    return sum;
  }

  @SuppressWarnings("NullAway") // results may be null
  R result(R identity) {
    return slots.length == 0 ? identity : combine.apply(identity, fold(0, slots.length, BLOCK));
  }
}
