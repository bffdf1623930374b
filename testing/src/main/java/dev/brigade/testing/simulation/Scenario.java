package dev.brigade.testing.simulation;

import java.util.Objects;

/**
 * A batch of tasks for a simulated server.
 *
 * @param name for people
 * @param server what it runs against
 * @param tasks how many; a rejected one is sent again
 * @param timeoutNanos after which the client gives up an answer, while the server works on; {@link
 *     Long#MAX_VALUE} for never
 */
public record Scenario(String name, ServerModel server, int tasks, long timeoutNanos) {
  /** Checks each value. */
  public Scenario {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(server, "server");
    if (tasks < 1) throw new IllegalArgumentException("tasks must be at least 1, but was " + tasks);
    if (timeoutNanos < 1)
      throw new IllegalArgumentException(
          "timeoutNanos must be at least 1, but was " + timeoutNanos);
  }

  /** Without a timeout. */
  public Scenario(String name, ServerModel server, int tasks) {
    this(name, server, tasks, Long.MAX_VALUE);
  }

  /** The same with another number of tasks. */
  public Scenario tasks(int other) {
    return new Scenario(name, server, other, timeoutNanos);
  }
}
