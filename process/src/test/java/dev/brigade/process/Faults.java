package dev.brigade.process;

import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the tests of faults have their workers do. */
final class Faults {
  static final int SIGABRT = 6;
  static final int SIGKILL = 9;
  static final int SIGSEGV = 11;
  private static final int SIGSTOP = 19;

  private static final int MANY = 2_000;

  private Faults() {}

  /** A value that throws where it is told to. */
  static final class Value implements Serializable {
    private static final long serialVersionUID = 1L;
    private final boolean unwritable;
    private final boolean error;

    Value(boolean unwritable, boolean error) {
      this.unwritable = unwritable;
      this.error = error;
    }

    private void fail() {
      if (error) throw new AssertionError("will not travel");
      throw new IllegalStateException("will not travel");
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      if (unwritable) fail();
      out.defaultWriteObject();
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      if (!unwritable) fail();
    }
  }

  /** One level of many. */
  record Shell(Serializable inner) implements Serializable {}

  /** An exception that does not want to be read, nor looked at. */
  static final class HostileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
      in.defaultReadObject();
      throw new IllegalStateException("will not be read");
    }
  }

  @SuppressWarnings("restricted")
  static int raise(int signal) {
    Linker linker = Linker.nativeLinker();
    var type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    try {
      return (int)
          linker
              .downcallHandle(linker.defaultLookup().findOrThrow("raise"), type)
              .invokeExact(signal);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
  }

  /** Stops its process, until somebody continues it. */
  static int stopOneself(int n) {
    return raise(SIGSTOP) + n;
  }

  static int halt(int code) {
    Runtime.getRuntime().halt(code);
    return 0;
  }

  static int exit(int code) {
    System.exit(code);
    return 0;
  }

  static int exitWithStuckHook(int code) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> parkForEver("a hook")));
    System.exit(code);
    return 0;
  }

  static void parkForEver(Object why) {
    while (true) LockSupport.park(why);
  }

  static int heap(int megabytes) {
    List<long[]> all = new ArrayList<>();
    while (all.size() < megabytes) all.add(new long[1 << 17]);
    return all.size();
  }

  static int direct(int megabytes) {
    List<ByteBuffer> all = new ArrayList<>();
    while (all.size() < megabytes) all.add(ByteBuffer.allocateDirect(1 << 20));
    return all.size();
  }

  /** Classes without end: each loader has its own copy of this one's nested class. */
  static int metaspace(int classes) throws Exception {
    byte[] bytes;
    try (var in = Faults.class.getResourceAsStream("Faults$Shell.class")) {
      if (in == null) throw new AssertionError("no class file");
      bytes = in.readAllBytes();
    }
    List<Class<?>> all = new ArrayList<>();
    while (all.size() < classes) {
      var loader =
          new ClassLoader(Faults.class.getClassLoader()) {
            Class<?> define() {
              return defineClass("dev.brigade.process.Faults$Shell", bytes, 0, bytes.length);
            }
          };
      all.add(loader.define());
    }
    return all.size();
  }

  @SuppressWarnings("InfiniteRecursion")
  static int deeper(int n) {
    return deeper(n + 1) + 1;
  }

  static int threads(int count) {
    List<Thread> all = new ArrayList<>();
    for (int i = 0; i < Math.min(count, MANY); i++)
      all.add(Thread.ofPlatform().daemon().stackSize(128 << 10).start(LockSupport::park));
    for (Thread t : all) LockSupport.unpark(t);
    return all.size();
  }

  static int flood(int lines) {
    for (int i = 0; i < lines; i++) {
      System.out.println("a line of the flood, number " + i);
      System.err.println("a line of the flood of errors, number " + i);
    }
    return lines;
  }

  static int closeStreams(int n) {
    System.out.close();
    System.err.close();
    try {
      System.in.close();
    } catch (IOException e) {
      return -1;
    }
    return n;
  }

  static int closeDescriptors(int n) throws IOException {
    new FileOutputStream(FileDescriptor.out).close();
    new FileOutputStream(FileDescriptor.err).close();
    new FileInputStream(FileDescriptor.in).close();
    return n;
  }

  static Serializable deep(int levels) {
    Serializable deep = "the innermost";
    for (int i = 0; i < levels; i++) deep = new Shell(deep);
    return deep;
  }

  /** An object of a class that is only here: it has been renamed in its class file. */
  static Object stranger(int n) throws Exception {
    byte[] bytes;
    try (var in = Faults.class.getResourceAsStream("Faults$Shell.class")) {
      if (in == null) throw new AssertionError("no class file");
      String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
      bytes =
          text.replace("Faults$Shell", "Faults$Shelf")
              .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }
    var loader =
        new ClassLoader(Faults.class.getClassLoader()) {
          Class<?> define() {
            return defineClass("dev.brigade.process.Faults$Shelf", bytes, 0, bytes.length);
          }
        };
    var made = loader.define().getDeclaredConstructor(Serializable.class);
    made.setAccessible(true);
    return made.newInstance(n);
  }

  static int spinSeconds(int seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() - end < 0) Thread.onSpinWait();
    return seconds;
  }

  /** Sends what is no message over the connection of the current task's lane. */
  static int send(int... bytes) throws Exception {
    var out = new Output();
    for (int b : bytes) out.putByte(b);
    var link = WorkerLane.class.getDeclaredField("link");
    link.setAccessible(true);
    ((Link) link.get(WorkerLane.current())).send(out);
    return bytes.length;
  }
}
