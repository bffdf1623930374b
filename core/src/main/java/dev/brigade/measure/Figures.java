package dev.brigade.measure;

/**
 * What was seen of the threads that ran the first items.
 *
 * @param items how many items ended on them
 * @param threads how many threads there were
 * @param wallNanos the time they spent in items, added up
 * @param cpuNanos of that, on a core
 * @param queuedNanos of that, ready but in the queue for a core
 * @param waitedNanos of that, neither
 * @param lockedShare the share of the known time that was spent waiting for a lock, recent times
 *     weighing more
 * @param looks how often a thread was looked at while there were several
 * @param lockedLooks how often it then waited for a lock
 * @param waits how often a thread began to wait
 * @param busy the share of the known time that was spent on a core, recent times weighing more
 * @param spanNanos from the first item to the latest look
 */
public record Figures(
    int items,
    int threads,
    long wallNanos,
    long cpuNanos,
    long queuedNanos,
    long waitedNanos,
    double lockedShare,
    int looks,
    int lockedLooks,
    int waits,
    double busy,
    long spanNanos) {

  /** Nothing seen yet. */
  public static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** The time that is known to have been spent computing or waiting. */
  public long netNanos() {
    return cpuNanos + waitedNanos;
  }
}
