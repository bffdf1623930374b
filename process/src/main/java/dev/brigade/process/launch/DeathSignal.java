package dev.brigade.process.launch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;

/*
 * Design. prctl(PR_SET_PDEATHSIG, SIGKILL) belongs to the *thread* of the child that calls it: the
 * kernel looks through the threads of each child when a parent ends, and the mark of a thread that has
 * ended is gone with it. (It is also the parent's spawning *thread* whose end sends it: see Spawner.)
 * So the thread that calls it here never ends.
 *
 * It takes 15 to 40 ms of processor time to link the function, most of it the first use of the
 * foreign-function API, so the worker first says that it is ready, and DeathSignalWrapper is preferred.
 */
/** In a worker on Linux: has the kernel kill it when its parent ends, whatever it is about. */
public final class DeathSignal {
  private static final int PR_SET_PDEATHSIG = 1;
  private static final long SIGKILL = 9;

  private static volatile boolean armed;

  private DeathSignal() {}

  /**
   * Arms it, unless {@link DeathSignalWrapper} did, on a thread of its own, some 40 ms later; does
   * nothing on other systems, nor where native access is refused.
   *
   * @param parent the process that started this one; if that is gone already, so is this one
   */
  public static void arm(long parent) {
    if (isArmed() || !System.getProperty("os.name", "").equals("Linux")) return;
    Thread.ofPlatform()
        .daemon()
        .name("brigade-death-signal")
        .inheritInheritableThreadLocals(false)
        .start(new Arm(parent));
  }

  /** Whether it is. */
  public static boolean isArmed() {
    return armed || Boolean.getBoolean(DeathSignalWrapper.ARMED);
  }

  private record Arm(long parent) implements Runnable {
    @Override
    @SuppressWarnings("InfiniteLoopStatement")
    public void run() {
      try {
        if (prctl(SIGKILL) != 0) return;
        // The parent may have ended before the call: then somebody else has adopted this process.
        long now = ProcessFacts.parent(ProcessHandle.current().pid());
        if (now != ProcessFacts.UNKNOWN && now != parent) ParentWatch.gone(null);
        armed = true;
      } catch (Throwable _) {
        return; // No such function, or no permission: the lifeline remains.
      }
      while (true) LockSupport.park(this);
    }

    @SuppressWarnings(
        "restricted") // Native access is this process's own business: a worker is ours.
    private static int prctl(long signal) throws Throwable {
      Linker linker = Linker.nativeLinker();
      MemorySegment address = linker.defaultLookup().find("prctl").orElseThrow();
      MethodHandle prctl =
          linker.downcallHandle(
              address,
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
              Linker.Option.firstVariadicArg(1));
      return (int) prctl.invokeExact(PR_SET_PDEATHSIG, signal);
    }
  }
}
