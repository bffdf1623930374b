package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A deadline around one piece of work on the current thread that tells afterwards whether it
 * struck: what a policy needs in order to count. Otherwise use {@link Tasks#within(Duration,
 * Work)}, which does the same.
 *
 * {@snippet :
 * var deadline = Deadline.in(Duration.ofSeconds(2));
 * Page page = deadline.call(() -> fetch(url));
 * if (deadline.struck()) log("was fetched, but too late");
 * }
 *
 * <p>For one call on one thread.
 */
public final class Deadline {
  private final long nanos;
  private @Nullable DeadlineFrame frame;

  private Deadline(long nanos) {
    this.nanos = nanos;
  }

  /** A deadline that begins to run with {@link #call}; zero or negative strikes before the work. */
  @CheckReturnValue
  public static Deadline in(Duration timeout) {
    return new Deadline(Durations.nanos(timeout, "timeout"));
  }

  /**
   * Does the work, as {@link Tasks#within(Duration, Work)}.
   *
   * @throws DeadlineException if this deadline passed
   * @throws X what the work threw
   * @throws IllegalStateException when called again
   */
  @CheckReturnValue
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    if (frame != null) throw new IllegalStateException("a Deadline serves one call");
    if (nanos <= 0) throw DeadlineFrame.expiredBeforeStart(nanos);
    DeadlineFrame opened = DeadlineFrame.open(null, nanos);
    frame = opened;
    T value;
    try {
      value = work.call();
    } catch (Throwable t) {
      throw Failures.<X>sneaky(opened.threw(t));
    }
    opened.returned();
    return value;
  }

  /**
   * Whether it struck before the work was finished: then it threw {@link DeadlineException}, or an
   * {@link Error}, or returned its value too late. A deadline further out, or a cancellation, does
   * not count. Final once {@link #call} has ended.
   */
  @CheckReturnValue
  public boolean struck() {
    return nanos <= 0 || frame != null && frame.claimOrNull() != null;
  }
}
