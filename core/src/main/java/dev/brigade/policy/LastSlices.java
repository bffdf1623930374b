package dev.brigade.policy;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/*
 * Design. The time is cut into slices; the newest is open. A good call that falls into it is one
 * addition without a lock, everything else happens under the breaker's monitor. A slice that is too
 * old is dropped and never used again, so an addition that comes late to it harms nothing. Times are
 * compared by difference; a clock that stands or goes back a little adds to the newest slice.
 */
/** The calls of the last t: of between nine tenths of t and t, since the slices are tenths. */
final class LastSlices extends CallWindow {
  private static final int SLICES = 10;

  private final long sliceNanos;
  private final Slice[] slices = new Slice[SLICES];
  private int newest;
  private volatile @Nullable Slice current;

  private static final class Slice {
    final long start;
    final LongAdder good = new LongAdder();
    long bad;
    long failures;
    long slow;

    Slice(long start) {
      this.start = start;
    }
  }

  /** Begins with the first call, since it is on that call's clock. */
  LastSlices(long nanos) {
    sliceNanos = Math.max(1, nanos / SLICES);
    for (int i = 0; i < SLICES; i++) slices[i] = new Slice(0);
  }

  @Override
  boolean skips(long now) {
    Slice s = current;
    if (s == null || now - s.start >= sliceNanos) return false;
    s.good.increment();
    return true;
  }

  @Override
  void record(boolean isFailed, boolean isSlow, long now) {
    if (current == null) current = slices[newest] = new Slice(now);
    age(now);
    Slice s = slices[newest];
    if (!isFailed && !isSlow) {
      s.good.increment();
      return;
    }
    s.bad++;
    if (isFailed) s.failures++;
    if (isSlow) s.slow++;
  }

  @Override
  void age(long now) {
    Slice last = current;
    if (last == null) return;
    long steps = (now - last.start) / sliceNanos;
    if (steps < -SLICES) {
      // It has gone back by more than is remembered: none of that is of its last t.
      for (int i = 0; i < SLICES; i++) slices[i] = new Slice(now);
      current = slices[newest];
    }
    if (steps <= 0) return;
    long start = last.start + steps * sliceNanos;
    for (long i = Math.min(steps, SLICES); i > 0; i--) {
      newest = newest + 1 == SLICES ? 0 : newest + 1;
      slices[newest] = new Slice(start - (i - 1) * sliceNanos);
    }
    current = slices[newest];
  }

  @Override
  long calls() {
    long n = 0;
    for (Slice s : slices) n += s.good.sum() + s.bad;
    return n;
  }

  @Override
  long failures() {
    long n = 0;
    for (Slice s : slices) n += s.failures;
    return n;
  }

  @Override
  long slow() {
    long n = 0;
    for (Slice s : slices) n += s.slow;
    return n;
  }
}
