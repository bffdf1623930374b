package dev.brigade.storm;

import dev.brigade.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Threads of a storm: joined at the end, with their failures, and never waited for for ever. */
final class Crowd implements AutoCloseable {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** What a thread of the crowd does. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

  Thread start(Action action) {
    return start(Thread.ofPlatform().daemon(), action);
  }

  Thread start(Thread.Builder builder, Action action) {
    Thread t =
        builder
            .name("storm-" + threads.size())
            .start(() -> {
              try {
                action.run();
              } catch (Throwable e) {
                failures.add(e);
              }
            });
    threads.add(t);
    return t;
  }

  /** A failure seen on a thread that is not the crowd's. */
  void fail(Throwable failure) {
    failures.add(failure);
  }

  @Override
  public void close() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    for (Thread t : threads) {
      try {
        while (t.isAlive() && System.nanoTime() - end < 0) t.join(1_000);
      } catch (InterruptedException e) {
        throw new AssertionError("the storm itself was interrupted", e);
      }
      if (t.isAlive()) failures.add(hang(t));
    }
    if (failures.isEmpty()) return;
    var first = new AssertionError(failures.size() + " failures", failures.peek());
    failures.stream().skip(1).limit(8).forEach(first::addSuppressed);
    throw first;
  }

  private static AssertionError hang(Thread thread) {
    var e = new AssertionError(thread + " hangs; alive: " + Tasks.snapshot());
    e.setStackTrace(thread.getStackTrace());
    for (Map.Entry<Thread, StackTraceElement[]> other : Thread.getAllStackTraces().entrySet()) {
      if (!other.getKey().getName().startsWith("brigade-")) continue;
      var at = new AssertionError(other.getKey().toString());
      at.setStackTrace(other.getValue());
      e.addSuppressed(at);
    }
    return e;
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) throw new AssertionError("waited in vain for " + what);
      Thread.yield();
    }
  }
}
