package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.time.TimeSource;
import java.util.Objects;

/**
 * The side of a {@link CancelToken} that can cancel. Keep it where the decision is made and hand
 * out {@link #token()}.
 *
 * {@snippet :
 * var stop = new CancelSource();
 * button.onClick(() -> stop.cancel("the user pressed stop"));
 * Tasks.cancelledBy(stop.token()).forEach(files, this::upload);
 * }
 *
 * <p>Safe for use by many threads. What happens before {@link #cancel} happens before a callback
 * runs or {@link CancelToken#isCancelled} returns true.
 */
public final class CancelSource {
  private final SourceToken token;

  /** A source on the machine's clock. */
  public CancelSource() {
    this(TimeSource.system());
  }

  CancelSource(TimeSource time) {
    this.token = new SourceToken(time);
  }

  /** What to hand out. */
  @CheckReturnValue
  public CancelToken token() {
    return token;
  }

  /**
   * Cancels, for people with this reason, and runs the callbacks on this thread. The first reason
   * wins.
   *
   * @return whether this call was the first
   */
  public boolean cancel(String reason) {
    return cancel(CancelReason.requested(reason));
  }

  boolean cancel(CancelReason reason) {
    return token.fire(Objects.requireNonNull(reason, "reason"));
  }
}
