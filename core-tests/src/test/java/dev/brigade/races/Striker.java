package dev.brigade.races;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A platform thread that does one thing at a given nanosecond, over and over. */
final class Striker implements AutoCloseable {
  /** Beyond this time without work it parks, so that an idle one costs nothing. */
  private static final long PATIENCE_NANOS = 200_000;

  private record Strike(long atNanos, Runnable action) {}

  private final Thread thread = new Thread(this::loop, "striker");
  private volatile @Nullable Strike next;
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  Striker() {
    thread.setDaemon(true);
    thread.start();
  }

  void strike(long atNanos, Runnable action) {
    next = new Strike(atNanos, action);
    LockSupport.unpark(thread);
  }

  /** Waits until the last strike has been done. */
  void await() {
    Spin.await(() -> next == null);
    if (failure != null) throw new AssertionError("the strike failed", failure);
  }

  private void loop() {
    long idleSince = System.nanoTime();
    while (!closed) {
      Strike s = next;
      if (s == null) {
        if (System.nanoTime() - idleSince > PATIENCE_NANOS) LockSupport.park(this);
        else Thread.onSpinWait();
        continue;
      }
      Spin.until(s.atNanos);
      try {
        s.action.run();
      } catch (Throwable t) {
        failure = t;
      }
      next = null;
      idleSince = System.nanoTime();
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    Spin.await(() -> !thread.isAlive());
  }
}
