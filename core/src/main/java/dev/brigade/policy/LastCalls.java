package dev.brigade.policy;

/**
 * The last n calls, in a ring. While it is full of good calls, one more changes nothing, and so
 * need not be written down: that is the fast path.
 */
final class LastCalls extends CallWindow {
  static final int MOST = 1_000_000;

  private static final int FAILED = 1;
  private static final int SLOW = 2;

  private final byte[] ring;
  private int next;
  private int size;
  private int failures;
  private int slow;
  private volatile boolean allGood;

  LastCalls(int calls) {
    ring = new byte[calls];
  }

  @Override
  boolean skips(long now) {
    return allGood;
  }

  @Override
  void record(boolean isFailed, boolean isSlow, long now) {
    if (size == ring.length) {
      byte old = ring[next];
      failures -= old & FAILED;
      slow -= (old & SLOW) >> 1;
    } else {
      size++;
    }
    ring[next] = (byte) ((isFailed ? FAILED : 0) | (isSlow ? SLOW : 0));
    next = next + 1 == ring.length ? 0 : next + 1;
    if (isFailed) failures++;
    if (isSlow) slow++;
    boolean good = size == ring.length && failures == 0 && slow == 0;
    if (good != allGood) allGood = good;
  }

  @Override
  void age(long now) {}

  @Override
  long calls() {
    return size;
  }

  @Override
  long failures() {
    return failures;
  }

  @Override
  long slow() {
    return slow;
  }
}
