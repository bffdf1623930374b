package dev.brigade.process;

import dev.brigade.task.DeadlineException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One unit of work on its way through a pool: waiting, given to a lane, ended. It may go back to
 * waiting as long as its worker has not begun it.
 *
 * <p>Guards: {@code order} belongs to the pool's lock, {@code sequence} and {@code crashes} to the
 * lane that has it.
 */
abstract class PoolTask implements Comparable<PoolTask> {
  final TaskRules rules;
  final int kind;
  final Parcel parcel;

  long order;
  long sequence;
  long sentNanos;
  int crashes;

  /** How many workers may have died of reading it. */
  int unread;

  private volatile @Nullable Lane lane;
  private volatile boolean cancelRequested;
  private volatile boolean interruptRequested;
  private volatile @Nullable DeadlineException deadline;
  private volatile long pid = -1;
  private volatile @Nullable Progress progress;
  private final AtomicBoolean ended = new AtomicBoolean();

  PoolTask(TaskRules rules, int kind, Parcel parcel) {
    this.rules = rules;
    this.kind = kind;
    this.parcel = parcel;
  }

  /** Highest priority first, then in order. */
  @Override
  public final int compareTo(PoolTask other) {
    int byPriority = Integer.compare(other.rules.priority(), rules.priority());
    return byPriority != 0 ? byPriority : Long.compare(order, other.order);
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public final int hashCode() {
    return System.identityHashCode(this);
  }

  final long bytes() {
    return parcel.bytes();
  }

  /**
   * Called when it leaves the queue, again if it went back.
   *
   * @return false if it is not wanted any more
   */
  abstract boolean begin();

  /**
   * It returned this.
   *
   * @return whether somebody has the value now
   */
  abstract boolean returned(@Nullable Object value);

  /** It threw, or was lost. */
  abstract void failed(Throwable failure);

  /** It will not begin. */
  abstract void dropped();

  /** What to hand back from {@code shutdownNow}. */
  abstract Runnable asRunnable();

  final boolean end() {
    return ended.compareAndSet(false, true);
  }

  final void given(Lane to, long toPid) {
    pid = toPid;
    lane = to;
  }

  final void takenBack() {
    lane = null;
  }

  final @Nullable Lane lane() {
    return lane;
  }

  final long pid() {
    return pid;
  }

  final @Nullable Progress progress() {
    return progress;
  }

  final void progressed(Progress now) {
    progress = now;
  }

  /** Its time ran out: whatever it ends with, this is what its holder gets. */
  final void deadline(DeadlineException passed) {
    deadline = passed;
  }

  final @Nullable DeadlineException deadline() {
    return deadline;
  }

  /** What to report when it ended with this. */
  final Throwable instead(Throwable failure) {
    DeadlineException passed = deadline;
    if (passed == null) return failure;
    if (passed != failure) passed.addSuppressed(failure);
    return passed;
  }

  /**
   * It is not to begin.
   *
   * @param interrupt whether it is also to be interrupted if it has begun
   */
  final void requestCancel(boolean interrupt) {
    // In this order: who sees the request sees what it asks for.
    if (interrupt) interruptRequested = true;
    cancelRequested = true;
  }

  final boolean interruptRequested() {
    return interruptRequested;
  }

  final boolean cancelRequested() {
    return cancelRequested;
  }
}
