package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.time.Duration;

/**
 * Stands for the outside world in the examples: calls that wait, each for some units, and record in
 * a {@link Timeline} who waited together with whom.
 *
 * <p>So that a busy machine can't make calls that run together look sequential, the first calls
 * hold on until as many as are expected have begun, or until the patience is over.
 */
final class Waits {
  /** Short, for a demonstration; no measurement depends on its length. */
  static final Duration UNIT = Duration.ofMillis(20);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Timeline timeline = new Timeline();
  private final int expected;
  private final long givesUp;
  private int arrived;

  private Waits(int expected, Duration patience) {
    this.expected = expected;
    this.givesUp = System.nanoTime() + patience.toNanos();
  }

  /** Calls of which so many are expected to be in progress at once. */
  static Waits together(int expected) {
    return new Waits(expected, PATIENCE);
  }

  /** Calls of which so many should be in progress at once, and it is known that they won't be. */
  static Waits inVain() {
    return new Waits(1, Duration.ZERO);
  }

  /** Waits for so many units, like a download, a query, or a pot of water. */
  void call(String name, int units) throws InterruptedException {
    try (var _ = timeline.busy(name, units)) {
      meet();
      Tasks.sleep(UNIT.multipliedBy(units));
    }
  }

  /** As {@link #call}, with something to bring back. */
  <T> T fetch(String name, int units, T result) throws InterruptedException {
    call(name, units);
    return result;
  }

  Timeline timeline() {
    return timeline;
  }

  private synchronized void meet() throws InterruptedException {
    arrived++;
    notifyAll();
    long left = givesUp - System.nanoTime();
    while (arrived < expected && left > 0) {
      wait(left / 1_000_000 + 1);
      left = givesUp - System.nanoTime();
    }
  }
}
