package dev.brigade.task;

/** That a block was claimed by a deadline or a cancellation before it finished. */
final class Claim {
  final CancelReason reason;
  final long atNanos;

  /** Made by the block's own thread: it needs no interrupt and may go on waiting. */
  final boolean self;

  // Guarded by the monitor of the block's root frame.
  boolean delivered;
  boolean foreign;
  boolean settled;

  /** Whether the claimer is through with it: set after all that it had to tell was told. */
  volatile boolean told;

  Claim(CancelReason reason, long atNanos, boolean self) {
    this.reason = reason;
    this.atNanos = atNanos;
    this.self = self;
  }
}
