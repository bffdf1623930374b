package dev.brigade.task;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which items of a batch have been reported. Whoever claims an item tells it, and says so when that
 * is done; so each is told once, and the batch ends once, after the last one has been told.
 *
 * <p>Invariants: a bit of `claimed` is set once. `left` is the number of items that have not been
 * told; a claimed item is told by its claimer only. Costs two atomic operations for each item that
 * is reported by itself, which are seldom contended, since the reports of one batch come from one
 * place; or one for up to 64 neighbours, and one for all that are reported together.
 */
final class BatchReports {
  private final int size;
  private final AtomicLongArray claimed;
  private final AtomicInteger left;

  BatchReports(int size) {
    this.size = size;
    this.claimed = new AtomicLongArray((size + 63) >>> 6);
    this.left = new AtomicInteger(size);
  }

  /** Whether the caller is the one to tell this item. */
  boolean claim(int index) {
    if (index < 0 || index >= size)
      throw new IndexOutOfBoundsException(
          "index must be from 0 to " + (size - 1) + ", but was " + index);
    int word = index >>> 6;
    long bit = 1L << index;
    while (true) {
      long before = claimed.get(word);
      if ((before & bit) != 0) return false;
      if (claimed.weakCompareAndSetVolatile(word, before, before | bit)) return true;
    }
  }

  /**
   * Claims those of up to 64 items from `64 * word` on whose bit is in `wanted`; a bit for each.
   */
  long claimWord(int word, long wanted) {
    while (true) {
      long before = claimed.get(word);
      long mine = wanted & ~before;
      if (mine == 0 || claimed.weakCompareAndSetVolatile(word, before, before | mine)) return mine;
    }
  }

  /** How many words there are to be claimed. */
  int words() {
    return claimed.length();
  }

  /** Claims what is left of up to 64 items from `64 * word` on; a bit for each. */
  long claimWord(int word) {
    int items = Math.min(64, size - (word << 6));
    long all = items == 64 ? -1L : (1L << items) - 1;
    return all & ~claimed.getAndSet(word, all);
  }

  /** Some that the caller had claimed have been told; true if they were the last of all. */
  boolean told(int items) {
    return left.addAndGet(-items) == 0;
  }

  /** Whether all have been told. */
  boolean isOver() {
    return left.get() == 0;
  }
}
