package dev.brigade.bench.memory;

import dev.brigade.bench.MissingPeer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Parks the tasks of one side and prints what each holds of the heap. */
final class MemoryMain {
  private static final int WARM_ROUNDS = 10;
  private static final int WARM_TASKS = 10_000;

  private MemoryMain() {}

  /** Arguments: class of the side, whether a ScopedValue is bound, number of tasks. */
  public static void main(String[] args) throws Exception {
    boolean scopedValue = Boolean.parseBoolean(args[1]);
    int tasks = Integer.parseInt(args[2]);
    try {
      var side = MissingPeer.load(ParkedTasks.class, MemoryMain.class, args[0]);
      // Loads classes, starts carriers, and compiles the way to a parked task: interpreted frames
      // take more of the heap.
      for (int i = 0; i < WARM_ROUNDS; i++) warmUp(side, scopedValue);
      long before = used();
      var arrived = new CountDownLatch(tasks);
      Runnable body =
          () -> {
            arrived.countDown();
            while (true) LockSupport.park();
          };
      Runnable measure =
          () -> {
            await(arrived);
            print("bytes\t" + (double) (used() - before) / tasks);
          };
      side.hold(tasks, scopedValue, body, measure);
    } catch (MissingPeer e) {
      print("missing\t" + e.getMessage());
    }
  }

  private static void warmUp(ParkedTasks side, boolean scopedValue) throws Exception {
    var arrived = new CountDownLatch(WARM_TASKS);
    var parked = ConcurrentHashMap.<Thread>newKeySet();
    var released = new AtomicBoolean();
    Runnable body =
        () -> {
          parked.add(Thread.currentThread());
          arrived.countDown();
          while (!released.get()) LockSupport.park();
        };
    side.hold(
        WARM_TASKS,
        scopedValue,
        body,
        () -> {
          await(arrived);
          released.set(true);
          parked.forEach(LockSupport::unpark);
        });
  }

  /** Prints and ends at once: nothing wakes the parked tasks. */
  private static void print(String line) {
    System.out.println(line);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  /** Used heap once it no longer shrinks: the last tasks to arrive have parked by then. */
  private static long used() {
    long last = Long.MAX_VALUE;
    while (true) {
      System.gc();
      long now = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
      if (now >= last) return now;
      last = now;
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
