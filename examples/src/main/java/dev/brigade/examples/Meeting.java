package dev.brigade.examples;

import java.time.Duration;

/**
 * Holds on those who arrive until as many are there as are expected, or until the patience is over.
 * So a busy machine can't make work that runs together look sequential, and work that does run one
 * by one is not waited for without end. Who comes later goes straight on.
 */
final class Meeting {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final int expected;
  private final long givesUp;
  private int arrived;
  private Runnable whenMet = () -> {};

  private Meeting(int expected, Duration patience) {
    this.expected = expected;
    this.givesUp = System.nanoTime() + patience.toNanos();
  }

  static Meeting of(int expected) {
    return new Meeting(expected, PATIENCE);
  }

  /** A meeting that nobody waits for. */
  static Meeting inVain() {
    return new Meeting(1, Duration.ZERO);
  }

  /** Does something when all expected are there, before they go on. */
  synchronized void whenMet(Runnable action) {
    whenMet = action;
  }

  synchronized void arrive() throws InterruptedException {
    if (++arrived == expected) whenMet.run();
    notifyAll();
    long left = givesUp - System.nanoTime();
    while (arrived < expected && left > 0) {
      wait(left / 1_000_000 + 1);
      left = givesUp - System.nanoTime();
    }
  }
}
