package dev.brigade.process;

import dev.brigade.process.launch.DeathSignal;
import dev.brigade.task.Fn;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A program with a pool, for a test to kill: one worker for each argument. */
final class OrphanParent {
  /** What is put here can't be optimised away. */
  static volatile @Nullable Object sink;

  private OrphanParent() {}

  public static void main(String[] what) {
    var worker = WorkerOptions.of().withHeapBytes(128L << 20);
    var pool = ProcessPool.open(ProcessOptions.of(what.length).withWorker(worker));
    for (String w : what) {
      Fn<String, Integer, Exception> deed = OrphanParent::be;
      var unused = pool.call(deed, w);
    }
    Faults.parkForEver(pool);
  }

  private static int be(String what) throws Exception {
    // It is armed after the worker has become ready, so as not to take time from that.
    while (!DeathSignal.isArmed()) Thread.onSpinWait();
    // In one write, since others print at the same time.
    System.out.print("begun " + ProcessHandle.current().pid() + " " + what + "\n");
    System.out.flush();
    switch (what) {
      case "idle" -> {}
      case "waiting", "stopped" -> Faults.parkForEver("a task");
      case "spinning" -> {
        for (long n = 0; ; n++) sink = n;
      }
      case "allocating" -> {
        while (true) sink = new byte[1 << 20];
      }
      case "critical" -> pause();
      case "hiding" -> {
        // Nothing is heard from a closed descriptor.
        int unused = Faults.closeDescriptors(0);
        LockSupport.park();
      }
      default -> throw new IllegalArgumentException(what);
    }
    return 0;
  }

  /** Never returns, and no safepoint is reached meanwhile. */
  @SuppressWarnings("restricted")
  private static void pause() {
    Linker linker = Linker.nativeLinker();
    try {
      int unused =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("pause"),
                      FunctionDescriptor.of(ValueLayout.JAVA_INT),
                      Linker.Option.critical(false))
                  .invokeExact();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }
}
