package dev.brigade.task;

import dev.brigade.time.TimeSource;
import org.jspecify.annotations.Nullable;

/** A block with a deadline, on the thread that runs it; the alarm claims it. */
class DeadlineFrame extends Frame implements Runnable {
  final long at;
  final long lengthNanos;
  final TimeSource time;
  private TimeSource.@Nullable Alarm alarm;
  private volatile @Nullable CancelSource source;

  DeadlineFrame(TimeSource time, long at, long lengthNanos) {
    this.time = time;
    this.at = at;
    this.lengthNanos = lengthNanos;
  }

  /**
   * Opens a block that ends after {@code nanos}, or with the enclosing deadline if that is earlier.
   */
  static DeadlineFrame open(@Nullable TimeSource chosen, long nanos) {
    Frame current = current();
    TimeSource time = chosen != null ? chosen : timeOf(current);
    long own = time.after(nanos);
    long outer = deadlineOf(current, time);
    long at = TimeSource.earlier(own, outer);
    var frame = new DeadlineFrame(time, at, nanos);
    frame.push();
    try {
      if (at == own && own != outer) frame.arm();
    } catch (Throwable t) {
      // Should the alarm come all the same: there is nothing here to interrupt any more.
      frame.leave();
      throw t;
    }
    return frame;
  }

  final void arm() {
    if (at != TimeSource.NEVER) alarm = time.schedule(at, this);
  }

  /** The alarm. */
  @Override
  public final void run() {
    tryClaim(new CancelReason(CancelReason.Kind.DEADLINE, message(), null));
  }

  final String message() {
    return "the deadline of " + Durations.text(lengthNanos) + " passed";
  }

  /** Leaves the block after it returned. */
  final void returned() {
    leave();
    if (claimOrNull() instanceof Claim c) Stats.overran(this, c);
  }

  /** Leaves the block after it threw, and says what to throw instead. */
  final Throwable threw(Throwable thrown) {
    leave();
    if (!(claimOrNull() instanceof Claim c) || thrown instanceof Error) return thrown;
    var e = new DeadlineException(c.reason.message());
    Failures.suppress(e, thrown);
    return e;
  }

  final void leave() {
    closeAbove();
    if (alarm != null) alarm.cancel();
    if (!tryFinish() && claimOrNull() instanceof Claim c) settle(c);
    leaveStack();
  }

  void leaveStack() {
    pop();
  }

  @Override
  final TimeSource timeSource() {
    return time;
  }

  @Override
  final CancelSource source() {
    CancelSource s = source;
    if (s != null) return s;
    synchronized (this) {
      s = source;
      if (s == null) source = s = new CancelSource(time);
      return s;
    }
  }

  @Override
  final @Nullable CancelSource sourceOrNull() {
    return source;
  }

  static DeadlineException expiredBeforeStart(long nanos) {
    return new DeadlineException(
        "the deadline of " + Durations.text(nanos) + " had passed before the start");
  }
}
