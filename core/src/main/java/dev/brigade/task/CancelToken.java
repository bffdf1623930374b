package dev.brigade.task;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A soft signal to stop: it can be looked at, waited on by a callback, and combined; it interrupts
 * nobody by itself. Use it where an interrupt does not reach, such as a loop that computes or a
 * native call that must be told; inside a task {@link Tasks#token()} is the one to look at. (In
 * JavaScript: {@code AbortSignal}.)
 *
 * <p>A token is either not cancelled or cancelled for good, with the first reason. Each callback
 * runs at most once, on the thread that cancels (on a thread of its own if a deadline does), or at
 * once on the registering thread if that was before; what one throws is logged and does not stop
 * the others.
 *
 * <p>Combining and timing out cost nothing until somebody registers a callback, and nothing again
 * once it is taken back: a short-lived token on a long-lived one leaves nothing behind.
 */
public abstract sealed class CancelToken permits SourceToken, DerivedToken {

  CancelToken() {}

  /** An entry of a callback; closing it takes the callback back, and is harmless later. */
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Whether to stop. */
  @CheckReturnValue
  public final boolean isCancelled() {
    return reasonOrNull() != null;
  }

  /** Why to stop, or null. */
  @CheckReturnValue
  public abstract @Nullable CancelReason reasonOrNull();

  /**
   * Runs {@code callback} once when this token is cancelled, at once if it is already.
   *
   * @param callback must be fast and must not block
   */
  public abstract Registration onCancel(Consumer<? super CancelReason> callback);

  /**
   * Returns if there is no reason to stop.
   *
   * @throws CancelledException with the reason otherwise
   */
  public final void throwIfCancelled() {
    CancelReason r = reasonOrNull();
    if (r != null) throw new CancelledException(r);
  }

  /** A token that is never cancelled. */
  @CheckReturnValue
  public static CancelToken never() {
    return DerivedToken.NEVER_CANCELLED;
  }

  /** A token that is cancelled as soon as one of these is; of none, never. */
  @CheckReturnValue
  public static CancelToken any(CancelToken... tokens) {
    return new DerivedToken(TimeSource.system(), all(tokens), TimeSource.NEVER, 0);
  }

  private static List<CancelToken> all(CancelToken... tokens) {
    Objects.requireNonNull(tokens, "tokens");
    for (int i = 0; i < tokens.length; i++) Objects.requireNonNull(tokens[i], "tokens[" + i + "]");
    return List.of(tokens);
  }

  /** A token that is cancelled after a time, on the clock of the current scope. */
  @CheckReturnValue
  public static CancelToken timeout(Duration after) {
    TimeSource time = Frame.timeOf(Frame.current());
    long nanos = Durations.nanos(after, "after");
    return new DerivedToken(time, List.of(), time.after(nanos), nanos);
  }
}
