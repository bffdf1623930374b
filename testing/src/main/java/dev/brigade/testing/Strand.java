package dev.brigade.testing;

import org.jspecify.annotations.Nullable;

/** What a {@link VirtualClock} knows of one thread; guarded by the clock's lock. */
final class Strand {
  final Thread thread;

  /** How many tasks and bodies run on it, one inside the other; 0 for a thread not tracked. */
  int depth;

  volatile boolean parked;

  /** An interrupt was announced and has not been seen. */
  volatile boolean interruptComing;

  /** Its next park returns at once. */
  volatile boolean permit;

  /** It stands in a call that moves the time. */
  boolean advancing;

  /** Its wait ends with an exception. */
  boolean failed;

  /** The clock interrupted it, because it blocked outside the library. */
  boolean struck;

  @Nullable Object blocker;
  @Nullable Timer timer;

  Strand(Thread thread) {
    this.thread = thread;
  }

  /** Something to happen at a time: an alarm's action, or the end of a strand's wait. */
  static final class Timer {
    final long at;
    final long order;
    final @Nullable Runnable action;
    final @Nullable Strand strand;

    Timer(long at, long order, @Nullable Runnable action, @Nullable Strand strand) {
      this.at = at;
      this.order = order;
      this.action = action;
      this.strand = strand;
    }
  }
}
