package dev.brigade.engine;

import java.util.Objects;

/**
 * What a caller may rely on from an engine, and what the shapes look at to make good use of it.
 *
 * @param name a short name for people: {@code virtual}, {@code cores}, …
 * @param defaultLimit how many items a fan-out runs at once on it when nobody says; at least 1
 * @param sharesJvm whether tasks run in this JVM and share its memory
 * @param threadPerTask whether each task has a thread of its own that ends with it
 * @param chunked whether tasks are too dear for small items, so that a map should hand out several
 *     at a time
 * @param interruptible whether cancelling a running task interrupts it
 * @param delivery how often a started task may run
 * @param killConfirmed whether a task that ignores its interrupt can be ended all the same
 */
public record Traits(
    String name,
    int defaultLimit,
    boolean sharesJvm,
    boolean threadPerTask,
    boolean chunked,
    boolean interruptible,
    Delivery delivery,
    boolean killConfirmed) {

  /** How often a started task may run. */
  public enum Delivery {
    /** Never twice, whatever fails. */
    AT_MOST_ONCE,
    /** Again after a failure of the place where it ran. */
    AT_LEAST_ONCE
  }

  /** Checks the values. */
  public Traits {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(delivery, "delivery");
    if (defaultLimit < 1)
      throw new IllegalArgumentException(
          "defaultLimit must be at least 1, but was " + defaultLimit);
  }
}
