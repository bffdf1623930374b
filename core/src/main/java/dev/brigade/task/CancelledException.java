package dev.brigade.task;

/**
 * The work was cancelled before it was finished. What it threw when it was interrupted is
 * suppressed in it.
 */
public final class CancelledException extends TaskException {
  private static final long serialVersionUID = 1L;

  private final transient CancelReason reason;

  /** With the reason, whose cause becomes the cause. */
  @SuppressWarnings("NullAway") // a null cause is "none"
  public CancelledException(CancelReason reason) {
    super(reason.message(), reason.cause());
    this.reason = reason;
  }

  /** As an outcome it needs no trace of its own: nobody threw it. */
  @SuppressWarnings("NullAway")
  CancelledException(CancelReason reason, boolean trace) {
    super(reason.message(), reason.cause(), trace);
    this.reason = reason;
  }

  /** The same, to be thrown here. */
  CancelledException again() {
    var e = new CancelledException(reason());
    for (Throwable s : getSuppressed()) e.addSuppressed(s);
    return e;
  }

  /** Why. */
  @SuppressWarnings("NullAway") // null only after deserialisation
  public CancelReason reason() {
    return reason != null
        ? reason
        : new CancelReason(CancelReason.Kind.REQUESTED, String.valueOf(getMessage()), getCause());
  }
}
