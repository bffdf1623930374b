package dev.brigade.process;

import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Runs what may call code of others on a thread of its own, so that those who watch the workers are
 * never held up by it. In order, one at a time; the thread ends when it has had nothing to do for a
 * while, or nobody needs it any more.
 */
final class Aside implements Runnable {
  private static final long IDLE_SECONDS = 10;

  private final String name;
  private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
  private @Nullable Thread thread;
  private volatile boolean over;

  Aside(String name) {
    this.name = name;
  }

  void run(Runnable action) {
    boolean unused = waiting.add(action);
    synchronized (this) {
      if (thread != null) return;
      thread =
          Thread.ofPlatform().name(name).daemon().inheritInheritableThreadLocals(false).start(this);
    }
  }

  /** From now on the thread ends as soon as it has nothing to do. */
  void stop() {
    over = true;
    synchronized (this) {
      if (thread == null) return;
    }
    boolean unused = waiting.add(() -> {});
  }

  @Override
  public void run() {
    while (true) {
      Runnable next = null;
      try {
        next = waiting.poll(over ? 0 : IDLE_SECONDS, java.util.concurrent.TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        // Code of others may have left it behind; it means nothing here.
        continue;
      }
      if (next == null) {
        synchronized (this) {
          if (!waiting.isEmpty()) continue;
          thread = null;
          return;
        }
      }
      try {
        next.run();
      } catch (Throwable t) {
        Thread me = Thread.currentThread();
        me.getUncaughtExceptionHandler().uncaughtException(me, t);
      }
    }
  }
}
