package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import org.jspecify.annotations.Nullable;

/**
 * A width that changes while work goes on: how many items a fan-out may have in progress now. Who
 * drives items by it starts no more than {@link #limit}, tells of each start and end, and is told
 * when there is room for more, so that no thread has to wait for it. To bound calls from many
 * places, use a {@code Limit} or an {@code AdaptiveLimit} itself.
 *
 * {@snippet :
 * ElasticWidth width = AdaptiveLimit.of(256).width();
 * ElasticWidth.Turn turn = width.begin();
 * try {
 *   show(fetch(url));
 *   turn.ended(null);
 * } catch (Exception e) {
 *   turn.ended(e);
 * }
 * }
 *
 * <p>Thread-safe. Memory effects: none to rely on.
 */
public interface ElasticWidth {
  /** How many may be in progress now; at least 1. What is above it after it shrank may end. */
  int limit();

  /** An item begins. */
  Turn begin();

  /**
   * Registers who is told that the limit has grown. Called on the thread whose item made it grow,
   * outside any lock; must be short and must not block. What it throws is logged.
   *
   * @return the registration, which closing takes back
   */
  @CheckReturnValue
  Registration onGrowth(Runnable grown);

  /** An item in progress. */
  interface Turn {
    /**
     * The item has ended; harmless when called again.
     *
     * @param failure what it threw, or null if it was good
     */
    void ended(@Nullable Throwable failure);
  }

  /** A listener that can be taken back. */
  interface Registration extends AutoCloseable {
    /** Takes the listener back; harmless when called again. */
    @Override
    void close();
  }
}
