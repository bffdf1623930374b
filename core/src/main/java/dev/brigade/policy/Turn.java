package dev.brigade.policy;

import dev.brigade.task.Waiter;
import org.jspecify.annotations.Nullable;

/** Somebody's place in the line of a rate limit; all of it is guarded by the line's monitor. */
final class Turn {
  /** What has become of it. */
  enum State {
    /** In the line. */
    WAITING,
    /** Let through, in flight: not taken yet. */
    COME,
    /** Granted. */
    TAKEN,
    /** Given up. */
    LEFT,
    /** Larger than the rate, since the rate was changed, can ever give. */
    TOO_LARGE,
    /** Nobody would wake it: the clock could not set an alarm. */
    STRANDED
  }

  final int weight;
  State state = State.WAITING;
  @Nullable Waiter waiter;
  @Nullable Throwable stranding;

  // As the line has it.
  @Nullable Turn previous;
  @Nullable Turn next;
  int place;

  Turn(int weight, @Nullable Waiter waiter) {
    this.weight = weight;
    this.waiter = waiter;
  }
}
