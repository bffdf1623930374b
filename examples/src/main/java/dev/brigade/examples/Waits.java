package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.time.Duration;

/**
 * Stands for the outside world in the examples: calls that wait, each for some units, like a
 * download, a query or a pot of water. A {@link Timeline} records who waited together with whom.
 */
final class Waits {
  /** Short, for a demonstration; no measurement depends on its length. */
  static final Duration UNIT = Duration.ofMillis(10);

  private final Timeline timeline = new Timeline();
  private final Meeting meeting;

  private Waits(Meeting meeting) {
    this.meeting = meeting;
  }

  /** One of several ways of making calls. */
  @FunctionalInterface
  interface Way {
    void run(Waits world) throws Exception;
  }

  /** Calls of which so many are expected to be in progress at once. */
  static Waits together(int expected) {
    return new Waits(Meeting.of(expected));
  }

  /** Calls from which nothing is expected. */
  static Waits inVain() {
    return new Waits(Meeting.inVain());
  }

  /** Does something when all expected calls are in progress. */
  void whenTogether(Runnable action) {
    meeting.whenMet(action);
  }

  /** Waits for so many units. */
  void call(String name, int units) throws InterruptedException {
    try (var _ = timeline.busy(name, units)) {
      meeting.arrive();
      Tasks.sleep(Duration.ofMillis(units * UNIT.toMillis()));
    }
  }

  /** As {@link #call}, and brings something back. */
  <T> T fetch(String name, int units, T result) throws InterruptedException {
    call(name, units);
    return result;
  }

  Timeline timeline() {
    return timeline;
  }
}
