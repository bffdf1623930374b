package dev.brigade.task;

import dev.brigade.time.TimeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The token of a {@link CancelSource}. Its callbacks are guarded by its monitor and run outside it.
 */
final class SourceToken extends CancelToken {
  final TimeSource time;
  private volatile @Nullable CancelReason reason;
  private final Set<Callback> callbacks = new LinkedHashSet<>();

  SourceToken(TimeSource time) {
    this.time = time;
  }

  private final class Callback implements Registration {
    final Consumer<? super CancelReason> action;

    Callback(Consumer<? super CancelReason> action) {
      this.action = action;
    }

    void run(CancelReason why) {
      try {
        action.accept(why);
      } catch (Throwable t) {
        System.getLogger("dev.brigade")
            .log(System.Logger.Level.ERROR, "a cancellation callback failed", t);
      }
    }

    @Override
    public void close() {
      synchronized (callbacks) {
        callbacks.remove(this);
      }
    }
  }

  @Override
  public @Nullable CancelReason reasonOrNull() {
    return reason;
  }

  boolean fire(CancelReason why) {
    List<Callback> run;
    synchronized (callbacks) {
      if (reason != null) return false;
      reason = why;
      run = new ArrayList<>(callbacks);
      callbacks.clear();
    }
    if (run.isEmpty()) return true;
    // Callbacks close connections and the like; everybody's deadlines must not wait for that.
    if (time.mayBlockHere() || !apart(run, why)) for (Callback c : run) c.run(why);
    return true;
  }

  private static boolean apart(List<Callback> run, CancelReason why) {
    try {
      Thread.ofVirtual()
          .name("brigade-cancel")
          .inheritInheritableThreadLocals(false)
          .start(() -> run.forEach(c -> c.run(why)));
      return true;
    } catch (OutOfMemoryError | RuntimeException e) {
      return false;
    }
  }

  @Override
  public Registration onCancel(Consumer<? super CancelReason> action) {
    var callback = new Callback(Objects.requireNonNull(action, "callback"));
    CancelReason now;
    synchronized (callbacks) {
      now = reason;
      if (now == null) callbacks.add(callback);
    }
    if (now != null) callback.run(now);
    return callback;
  }

  /** How many callbacks wait; for tests of leaks. */
  int callbackCount() {
    synchronized (callbacks) {
      return callbacks.size();
    }
  }

  @Override
  public String toString() {
    return reason == null ? "not cancelled" : "cancelled: " + reason;
  }
}
