package dev.brigade.task;

import dev.brigade.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Cancelled when one of its parents is, or when a time comes; asks them instead of listening. */
final class DerivedToken extends CancelToken {
  static final CancelToken NEVER_CANCELLED =
      new DerivedToken(TimeSource.system(), List.of(), TimeSource.NEVER, 0);

  private final TimeSource time;
  private final List<CancelToken> parents;
  private final long at;
  private final long lengthNanos;
  private volatile @Nullable CancelReason reason;

  DerivedToken(TimeSource time, List<CancelToken> parents, long at, long lengthNanos) {
    this.time = time;
    this.parents = parents;
    this.at = at;
    this.lengthNanos = lengthNanos;
  }

  @Override
  public @Nullable CancelReason reasonOrNull() {
    if (reason != null) return reason;
    for (CancelToken p : parents) {
      CancelReason r = p.reasonOrNull();
      if (r != null) return settle(r);
    }
    if (!time.passed(at)) return null;
    String text = "the timeout of " + Durations.text(lengthNanos) + " passed";
    return settle(new CancelReason(CancelReason.Kind.DEADLINE, text, null));
  }

  private synchronized CancelReason settle(CancelReason r) {
    if (reason == null) reason = r;
    return reason;
  }

  @Override
  public Registration onCancel(Consumer<? super CancelReason> action) {
    Objects.requireNonNull(action, "callback");
    CancelReason already = reasonOrNull();
    if (already != null) {
      runLogged(() -> action.accept(already));
      return () -> {};
    }
    var once = new AtomicBoolean();
    var links = new Links();
    Consumer<CancelReason> run =
        r -> {
          try {
            if (once.compareAndSet(false, true)) action.accept(settle(r));
          } finally {
            links.close();
          }
        };
    // Not under a lock: a parent that is cancelled runs the callback here.
    for (CancelToken p : parents) links.add(p.onCancel(run));
    if (at != TimeSource.NEVER) links.add(time.schedule(at, () -> fire(run))::cancel);
    return () -> {
      once.set(true);
      links.close();
    };
  }

  /** What to take back: once closed, it takes back at once what is added. */
  private static final class Links {
    private final List<Registration> open = new ArrayList<>();
    private boolean closed;

    void add(Registration link) {
      synchronized (this) {
        if (!closed) {
          open.add(link);
          return;
        }
      }
      link.close();
    }

    void close() {
      List<Registration> close;
      synchronized (this) {
        closed = true;
        close = List.copyOf(open);
        open.clear();
      }
      close.forEach(Registration::close);
    }
  }

  private void fire(Consumer<CancelReason> run) {
    CancelReason r = reasonOrNull();
    if (r != null) runLogged(() -> run.accept(r));
  }

  private static void runLogged(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable t) {
      System.getLogger("dev.brigade")
          .log(System.Logger.Level.ERROR, "a cancellation callback failed", t);
    }
  }

  @Override
  public String toString() {
    CancelReason r = reasonOrNull();
    return r == null ? "not cancelled" : "cancelled: " + r;
  }
}
