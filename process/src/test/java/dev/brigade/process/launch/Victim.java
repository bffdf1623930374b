package dev.brigade.process.launch;

import java.io.DataInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.InputStream;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A worker's main class for tests: greeted with its parent, its folder and what to do. */
@SuppressWarnings("restricted")
public final class Victim {
  /** What is put here can't be optimised away. */
  static volatile @Nullable Object sink;

  private Victim() {}

  /** Runs in a process of its own. */
  public static void main(String[] arguments) throws Throwable {
    String end = System.getProperty("victim.end");
    if (end != null) {
      end(end);
      return;
    }
    var greeting = new DataInputStream(new FileInputStream(FileDescriptor.in));
    long parent = greeting.readLong();
    String folder = greeting.readUTF();
    String what = greeting.readUTF();
    final boolean armed = greeting.readBoolean();
    ParentWatch.start(Path.of(folder));
    if (armed) {
      DeathSignal.arm(parent);
      while (!DeathSignal.isArmed()) Thread.onSpinWait();
    }
    System.err.println("ready " + ProcessHandle.current().pid() + " " + System.in.read());
    be(what);
  }

  @SuppressWarnings("InfiniteLoopStatement")
  private static void be(String what) throws Throwable {
    switch (what) {
      case "idle", "stopped" -> {
        while (true) LockSupport.park();
      }
      case "spinning" -> {
        long n = 0;
        while (true) sink = ++n;
      }
      case "allocating" -> {
        while (true) sink = new byte[1 << 20];
      }
      case "in critical native code" -> {
        // Never returns, and no safepoint is reached meanwhile.
        int unused = (int) function("pause", Linker.Option.critical(false)).invokeExact();
      }
      case "without its standard input" -> {
        try (InputStream in = new FileInputStream(FileDescriptor.in)) {
          sink = in;
        }
        System.in.close();
        while (true) LockSupport.park();
      }
      default -> throw new IllegalArgumentException(what);
    }
  }

  private static void end(String how) throws Throwable {
    switch (how) {
      case "exit 7" -> System.exit(7);
      case "halt 3" -> Runtime.getRuntime().halt(3);
      case "throw" -> throw new IllegalStateException("thrown");
      case "abort" -> {
        int unused = (int) function("abort").invokeExact();
      }
      case "crash" -> {
        MethodHandle strlen =
            Linker.nativeLinker()
                .downcallHandle(
                    Linker.nativeLinker().defaultLookup().find("strlen").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        sink = (long) strlen.invokeExact(8L);
      }
      case "heap" -> {
        List<byte[]> all = new ArrayList<>();
        try {
          while (true) all.add(new byte[1 << 20]);
        } finally {
          sink = all;
        }
      }
      case "metaspace" -> {
        List<Class<?>> all = new ArrayList<>();
        URL[] here = {Victim.class.getProtectionDomain().getCodeSource().getLocation()};
        while (true)
          all.add(Class.forName(Victim.class.getName(), true, new URLClassLoader(here, null)));
      }
      case "SIGKILL", "SIGTERM" -> {
        String pid = Long.toString(ProcessHandle.current().pid());
        Process unused = new ProcessBuilder("kill", "-" + how.substring(3), pid).start();
        Thread.sleep(60_000);
      }
      case "print" -> {
        System.out.println("class path " + System.getProperty("java.class.path"));
        System.out.println("property " + System.getProperty("victim.property"));
        System.out.println("directory " + Path.of("").toAbsolutePath());
        System.out.println("environment " + System.getenv("VICTIM"));
        System.out.println("collector " + collector());
      }
      case "grandchild" -> {
        var builder = new ProcessBuilder("sleep", "1000").inheritIO();
        System.err.println("grandchild " + builder.start().pid());
      }
      case "family" -> {
        System.err.println("grandchild " + new ProcessBuilder("sleep", "1000").start().pid());
        Thread.sleep(60_000);
      }
      default -> throw new IllegalArgumentException(how);
    }
  }

  private static String collector() {
    return java.lang.management.ManagementFactory.getGarbageCollectorMXBeans().getFirst().getName();
  }

  private static MethodHandle function(String name, Linker.Option... options) {
    return Linker.nativeLinker()
        .downcallHandle(
            Linker.nativeLinker().defaultLookup().find(name).orElseThrow(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT),
            options);
  }
}
