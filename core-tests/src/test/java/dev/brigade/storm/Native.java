package dev.brigade.storm;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** What only the C library can do: signals, and ends that no JVM survives. */
final class Native {
  static final int SIGABRT = 6;
  static final int SIGKILL = 9;
  static final int SIGSEGV = 11;
  static final int SIGTERM = 15;
  static final int SIGCONT = 18;
  static final int SIGSTOP = 19;

  private Native() {}

  private static final MethodHandle KILL = twoInts("kill");
  private static final MethodHandle RAISE = oneInt("raise");
  private static final MethodHandle CLOSE = oneInt("close");
  private static final MethodHandle SLEEP = oneInt("sleep");

  private static MethodHandle oneInt(String name) {
    return find(name, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  private static MethodHandle twoInts(String name) {
    return find(
        name,
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  @SuppressWarnings("restricted")
  private static MethodHandle find(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }

  /** Sends a signal to a child of this process; does nothing if there is no such child any more. */
  static boolean signalChild(long pid, int signal) {
    return isChild(pid) && call(() -> (int) KILL.invokeExact((int) pid, signal)) == 0;
  }

  private static boolean isChild(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return !fields[0].equals("Z") && Long.parseLong(fields[1]) == ProcessHandle.current().pid();
    } catch (java.io.IOException e) {
      return false;
    }
  }

  static void raise(int signal) {
    int unused = call(() -> (int) RAISE.invokeExact(signal));
  }

  static void closeDescriptor(int number) {
    int unused = call(() -> (int) CLOSE.invokeExact(number));
  }

  /** Where no interrupt reaches it. */
  static void sleepSeconds(int seconds) {
    int unused = call(() -> (int) SLEEP.invokeExact(seconds));
  }

  private interface Downcall {
    int run() throws Throwable;
  }

  private static int call(Downcall downcall) {
    try {
      return downcall.run();
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }
}
