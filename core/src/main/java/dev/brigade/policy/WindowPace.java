package dev.brigade.policy;

import java.util.Arrays;

/*
 * Design. A ring of the latest stamps, oldest first. What was granted at one moment is one entry,
 * whatever its weight: the time, and how much was granted up to and with it since the ring was made.
 * Times never go back, so both are sorted. With w more, all but `permits - w` of what was granted
 * must have left the window, which is so if the last of these has: one look, at the oldest entry for
 * a weight of one, by halving for more.
 *
 * Invariants.
 *  W1 Any half-open interval of the period's length holds at most `permits`. For let x be the last
 *     stamp in it: when x was made, what was more than `permits` before it (x included) was a period
 *     old or older, and so is not in the interval.
 *  W2 An entry is dropped only when it has left the window, or when `permits` were granted after it, so
 *     that what is dropped is never waited for.
 *
 * An entry is made for at most one stamp, and one is dropped for it if the oldest is not needed, so the
 * ring grows only when it is full of entries that are; and before anything else changes.
 */
/** At most so many in any interval of a length: a log of stamps. */
final class WindowPace extends Pace {
  private final int permits;
  private final long perNanos;

  /** Pairs of a time and a sum. */
  private long[] ring;

  private int oldest;
  private int size;
  private long dropped;
  private long total;

  WindowPace(int permits, long perNanos) {
    this.permits = permits;
    this.perNanos = perNanos;
    this.ring = new long[16];
  }

  @Override
  int most() {
    return permits;
  }

  @Override
  int permits() {
    return permits;
  }

  @Override
  long perNanos() {
    return perNanos;
  }

  @Override
  long untilFree(long now, long weight) {
    if (weight > permits) return UNKNOWN;
    // All that was granted up to here must have left.
    long leaves = total + weight - permits;
    if (leaves <= dropped) return 0;
    int i = sum(0) >= leaves ? 0 : firstWithSum(leaves);
    return expired(now, i) ? 0 : time(i) + perNanos - now;
  }

  private int firstWithSum(long least) {
    int low = 1;
    int high = size - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sum(middle) < least) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  @Override
  long atLeast(long now, int inFlight, long weight) {
    long periods = (weight - 1) / permits;
    long first = weight - periods * permits;
    long base = first <= inFlight ? 0 : untilFree(now, first);
    return periods > FOREVER / perNanos ? FOREVER : Math.min(FOREVER, base + periods * perNanos);
  }

  @Override
  void stamp(long now, int weight) {
    int last = size - 1;
    if (size == 0 || time(last) != now) {
      if (size != 0 && isDone(now)) dropOldest();
      if (2 * size == ring.length) grow();
      ring[slot(size)] = now;
      last = size++;
    }
    total += weight;
    ring[slot(last) + 1] = total;
  }

  private boolean isDone(long now) {
    return expired(now, 0) || total - sum(0) >= permits;
  }

  private boolean expired(long now, int index) {
    // None is later than now, so what seems so is older than a long can say.
    return Long.compareUnsigned(now - time(index), perNanos) >= 0;
  }

  private int slot(int index) {
    return oldest + 2 * index & ring.length - 1;
  }

  private long time(int index) {
    return ring[slot(index)];
  }

  private long sum(int index) {
    return ring[slot(index) + 1];
  }

  private void dropOldest() {
    dropped = sum(0);
    oldest = oldest + 2 & ring.length - 1;
    size--;
  }

  private void grow() {
    long[] larger = Arrays.copyOf(ring, ring.length * 2);
    // What had wrapped round the end of the old ring now lies behind it.
    System.arraycopy(ring, 0, larger, ring.length, oldest);
    ring = larger;
  }

  @Override
  int free(long now) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (expired(now, middle)) low = middle + 1;
      else high = middle;
    }
    // Less than nothing if some came late after the rate was lowered.
    return low == size ? permits : (int) Math.max(0, permits - (total - before(low)));
  }

  private long before(int index) {
    return index == 0 ? dropped : sum(index - 1);
  }

  @Override
  Pace changed(int newPermits, long newPerNanos, long now) {
    var other = new WindowPace(newPermits, newPerNanos);
    long from = total - newPermits;
    for (int i = 0; i < size; i++) {
      long weight = sum(i) - Math.max(from, before(i));
      if (weight > 0) other.stamp(time(i), (int) weight);
    }
    return other;
  }

  @Override
  Pace anew() {
    return new WindowPace(permits, perNanos);
  }
}
