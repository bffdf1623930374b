package dev.brigade.process.launch;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * Design. PR_SET_PDEATHSIG is sent when the *thread* that forked the child ends, not when its process
 * does. So one thread that never ends forks all of them; it is a daemon, in the root group so that
 * nobody who clears away "his" threads ends it.
 *
 * Invariants.
 *  S1 At most one spawning thread per JVM, and it never ends: whatever an order throws is the order's.
 *  S2 Every order is answered exactly once; who ordered waits for the answer also when interrupted,
 *     since a process that nobody knows of would be worse (a start takes about a millisecond), and
 *     finds its interrupt still there.
 *
 * Guard: `thread`: the monitor of the class.
 */
/** Starts all processes on one thread that lives as long as this JVM. */
final class Spawner {
  private static final LinkedBlockingQueue<Order> ORDERS = new LinkedBlockingQueue<>();
  private static @Nullable Thread thread;

  private Spawner() {}

  /** One start, its answer, and who waits for it. */
  private static final class Order {
    final ProcessBuilder builder;
    final Thread from = Thread.currentThread();
    private @Nullable Process process;
    private @Nullable Throwable failure;
    private volatile boolean answered;

    Order(ProcessBuilder builder) {
      this.builder = builder;
    }

    void answer() {
      try {
        process = builder.start();
      } catch (Throwable t) {
        failure = t;
      }
      answered = true;
      LockSupport.unpark(from);
    }
  }

  /**
   * Starts a process.
   *
   * @throws IOException if the system could not start it
   */
  static Process start(ProcessBuilder builder) throws IOException {
    ensureThread();
    var order = new Order(builder);
    ORDERS.add(order);
    boolean interrupted = false;
    while (!order.answered) {
      LockSupport.park(order);
      if (Thread.interrupted()) interrupted = true;
    }
    if (interrupted) Thread.currentThread().interrupt();
    Process process = order.process;
    if (process != null) return process;
    Throwable failure = order.failure;
    if (failure instanceof IOException e) throw e;
    if (failure instanceof RuntimeException e) throw e;
    if (failure instanceof Error e) throw e;
    throw new IOException("the process was not started", failure);
  }

  /** The one that spawns; for tests. */
  static synchronized Thread ensureThread() {
    Thread running = thread;
    if (running != null) return running;
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    for (ThreadGroup up = root; up != null; up = up.getParent()) root = up;
    Thread fresh =
        Thread.ofPlatform()
            .group(root)
            .daemon()
            .name("brigade-spawner")
            .inheritInheritableThreadLocals(false)
            .unstarted(new Loop());
    fresh.setContextClassLoader(ClassLoader.getSystemClassLoader());
    fresh.start();
    thread = fresh;
    return fresh;
  }

  private static final class Loop implements Runnable {
    @Override
    @SuppressWarnings("InfiniteLoopStatement")
    public void run() {
      while (true) {
        try {
          ORDERS.take().answer();
        } catch (InterruptedException | RuntimeException | Error _) {
          // Nobody's business here may end it: an interrupt is a stray one, an error the heap's
          // end.
        }
      }
    }
  }
}
