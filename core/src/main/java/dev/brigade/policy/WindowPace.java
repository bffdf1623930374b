package dev.brigade.policy;

import java.util.Arrays;

/*
 * Design. A ring of the stamps of the latest grants, oldest first, at most `permits` of them. Times
 * never go back, so it is sorted, and one look decides: with w more, the w oldest of the last
 * `permits` stamps must have left the window, which is so if the youngest of these w has.
 *
 * Invariant: any half-open interval of the period's length holds at most `permits` stamps. For let x be
 * the last stamp in it: when x was made, the one `permits` before it was a period old or older, and
 * so is not in the interval.
 *
 * The ring grows only if it is full of stamps that are still in the window.
 */
/** At most so many in any interval of a length: a log of stamps. */
final class WindowPace extends Pace {
  private final int permits;
  private final long perNanos;
  private long[] ring;
  private int oldest;
  private int size;

  WindowPace(int permits, long perNanos) {
    this(permits, perNanos, new long[8]);
  }

  private WindowPace(int permits, long perNanos, long[] ring) {
    this.permits = permits;
    this.perNanos = perNanos;
    this.ring = ring;
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
    int back = (int) (permits - weight) + 1;
    return size < back ? 0 : Math.max(0, at(size - back) + perNanos - now);
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
    for (int i = weight; i > 0; i--) {
      if (size == permits || size == ring.length && expired(now, 0)) dropOldest();
      if (size == ring.length) grow();
      ring[oldest + size & ring.length - 1] = now;
      size++;
    }
  }

  private long at(int index) {
    return ring[oldest + index & ring.length - 1];
  }

  private boolean expired(long now, int index) {
    return at(index) + perNanos - now <= 0;
  }

  private void dropOldest() {
    oldest = oldest + 1 & ring.length - 1;
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
    return permits - (size - low);
  }

  @Override
  Pace changed(int newPermits, long newPerNanos, long now) {
    var other = new WindowPace(newPermits, newPerNanos);
    for (int i = Math.max(0, size - newPermits); i < size; i++) other.stamp(at(i), 1);
    return other;
  }

  @Override
  String kind() {
    return "window";
  }
}
