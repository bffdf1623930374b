package dev.brigade.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/*
 * Design. A job that handles its thread's uncaught exceptions finds itself through its thread that
 * way, so the thread must be made here, with the job at hand.
 *
 * Invariants. A thread is in `threads` from before its start until its task has ended. Who starts
 * one adds it and then reads `shutdown`; shutdown sets that and then reads the set: so a thread is
 * either refused or seen. `terminated` opens when the engine is shut down and the set is empty.
 */
/** A virtual thread for each task. */
final class VirtualEngine extends AbstractExecutorService implements Engine {
  private static final Traits TRAITS =
      new Traits("virtual", 1024, true, true, false, true, Traits.Delivery.AT_MOST_ONCE, false);
  private static final ThreadFactory UNNAMED =
      Thread.ofVirtual().inheritInheritableThreadLocals(false).factory();

  static final Engine SHARED =
      new SharedEngine(new VirtualEngine()) {
        @Override
        public void launch(Job job) {
          newThread(job, job).start();
        }
      };

  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final CountDownLatch terminated = new CountDownLatch(1);
  private volatile boolean shutdown;

  private static Thread newThread(Runnable run, Runnable task) {
    Thread t = UNNAMED.newThread(run);
    if (task instanceof Thread.UncaughtExceptionHandler h) t.setUncaughtExceptionHandler(h);
    return t;
  }

  @Override
  public Traits traits() {
    return TRAITS;
  }

  @Override
  public void launch(Job job) {
    execute(job);
  }

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command");
    Thread t = newThread(() -> run(command), command);
    threads.add(t);
    boolean started = false;
    try {
      if (shutdown) throw new RejectedExecutionException("the engine is shut down: " + this);
      t.start();
      started = true;
    } finally {
      if (!started) ended(t);
    }
  }

  private void run(Runnable command) {
    try {
      command.run();
    } finally {
      ended(Thread.currentThread());
    }
  }

  private void ended(Thread t) {
    threads.remove(t);
    if (shutdown && threads.isEmpty()) terminated.countDown();
  }

  @Override
  public void shutdown() {
    shutdown = true;
    if (threads.isEmpty()) terminated.countDown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown();
    threads.forEach(Thread::interrupt);
    return new ArrayList<>();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }

  @Override
  public String toString() {
    return "virtual threads";
  }
}
