package dev.brigade.task;

import dev.brigade.time.TimeSource;

/**
 * A block that the library's cancellation from further out does not reach, within a budget of its
 * own.
 */
final class ShieldFrame extends DeadlineFrame {
  private final boolean flagOnEntry;

  private ShieldFrame(TimeSource time, long at, long nanos, boolean flagOnEntry) {
    super(time, at, nanos);
    this.flagOnEntry = flagOnEntry;
  }

  static ShieldFrame open(long budgetNanos) {
    Frame r = currentRoot();
    TimeSource time = timeOf(r == null ? null : r.top);
    long at = time.after(budgetNanos);
    ShieldFrame frame;
    if (r == null) {
      frame = new ShieldFrame(time, at, budgetNanos, Thread.interrupted());
      frame.push();
    } else {
      synchronized (r) {
        frame = new ShieldFrame(time, at, budgetNanos, Thread.interrupted());
        frame.push();
      }
    }
    try {
      frame.arm();
    } catch (Throwable t) {
      frame.leave();
      throw t;
    }
    return frame;
  }

  @Override
  boolean isShield() {
    return true;
  }

  /** Delivers what was held back. */
  @Override
  @SuppressWarnings("NullAway") // on the stack, so there is a root
  void leaveStack() {
    Frame r = root;
    synchronized (r) {
      boolean held = flagOnEntry;
      for (Frame f = outer; f != null; f = f.outer) {
        held |= heldBack(f);
        if (f.isShield()) break;
      }
      pop();
      if (held) Thread.currentThread().interrupt();
    }
  }

  /** Whether a claim of this frame, further out, is to be felt now; under the root's monitor. */
  private boolean heldBack(Frame f) {
    if (!(f.claimOrNull() instanceof Claim c) || c.settled || c.self) return false;
    if (c.delivered || !f.interruptible()) return c.delivered;
    c.foreign = flagOnEntry && flagIsForeign(outer);
    c.delivered = true;
    return true;
  }
}
