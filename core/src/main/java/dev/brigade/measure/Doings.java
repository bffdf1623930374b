package dev.brigade.measure;

import java.util.concurrent.locks.AbstractOwnableSynchronizer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What a thread waits for, as far as the JVM knows. */
final class Doings {
  private Doings() {}

  /**
   * Waiting and locked where the JVM can tell; null for a thread that to the JVM runs, though it
   * may wait in the kernel.
   */
  static Probe.@Nullable Doing of(Thread thread) {
    return switch (thread.getState()) {
      case BLOCKED -> Probe.Doing.LOCKED;
      case WAITING, TIMED_WAITING -> parked(thread);
      case TERMINATED -> Probe.Doing.GONE;
      case NEW, RUNNABLE -> null;
    };
  }

  private static Probe.Doing parked(Thread thread) {
    Object blocker = LockSupport.getBlocker(thread);
    return blocker != null && isLock(blocker) ? Probe.Doing.LOCKED : Probe.Doing.WAITING;
  }

  /** Latches are waited for, not contended. A semaphore that items wait for works as a lock. */
  static boolean isLock(Object blocker) {
    String type = blocker.getClass().getName();
    if (blocker instanceof AbstractOwnableSynchronizer) return !type.contains("CountDownLatch");
    return type.equals("dev.brigade.task.Guarded");
  }

  /** The first of the user's frames in which the thread is; empty if there is none. */
  static String where(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      String type = frame.getClassName();
      if (type.startsWith("java.") || type.startsWith("jdk.") || type.startsWith("sun.")) continue;
      if (type.startsWith("dev.brigade.task.") || type.startsWith("dev.brigade.policy.")) continue;
      String simple = type.substring(type.lastIndexOf('.') + 1);
      return simple + "." + frame.getMethodName() + " (" + position(frame) + ")";
    }
    return "";
  }

  private static String position(StackTraceElement frame) {
    String file = frame.getFileName() == null ? "unknown source" : frame.getFileName();
    return frame.getLineNumber() < 0 ? file : file + ":" + frame.getLineNumber();
  }
}
