package dev.brigade.storm;

import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What a task of the storm does to its worker, on purpose. */
enum Mischief {
  NONE,
  SPIN,
  SLEEP,
  /** Heeds no interrupt. */
  STUBBORN,
  /** Is where no interrupt comes to. */
  NATIVE_SLEEP,
  BIG_RESULT,
  THROW,
  HALT,
  EXIT,
  EXIT_WITH_STUCK_HOOK,
  ABORT,
  SEGMENTATION_FAULT,
  SUICIDE,
  HEAP,
  DIRECT,
  METASPACE,
  STACK,
  THREADS,
  PRINT_FLOOD,
  CLOSE_STREAMS,
  CLOSE_DESCRIPTORS,
  UNWRITABLE_RESULT,
  ERROR_WHILE_WRITING,
  UNREADABLE_RESULT,
  ERROR_WHILE_READING,
  DEEP_RESULT,
  UNKNOWN_CLASS,
  CYCLIC_EXCEPTION,
  HOSTILE_EXCEPTION,
  UNREADABLE_EXCEPTION,
  GARBAGE_FRAME,
  HUGE_FRAME,
  LYING_FRAME;

  static final List<Mischief> HARMLESS =
      List.of(NONE, NONE, NONE, NONE, SPIN, SPIN, SLEEP, BIG_RESULT, THROW);

  private static final int LIMIT = 2_000;

  /** Whether the task can end as if it had done nothing special. */
  boolean mayReturn() {
    return switch (this) {
      case THROW,
          HALT,
          EXIT,
          EXIT_WITH_STUCK_HOOK,
          ABORT,
          SEGMENTATION_FAULT,
          SUICIDE,
          HEAP,
          UNWRITABLE_RESULT,
          ERROR_WHILE_WRITING,
          UNREADABLE_RESULT,
          ERROR_WHILE_READING,
          UNKNOWN_CLASS,
          CYCLIC_EXCEPTION,
          HOSTILE_EXCEPTION,
          UNREADABLE_EXCEPTION ->
          false;
      default -> true;
    };
  }

  /** Whether it can end with an exception of its own, or with one about its result. */
  boolean mayFail() {
    return switch (this) {
      case NONE, SPIN, STUBBORN, NATIVE_SLEEP, BIG_RESULT, PRINT_FLOOD, CLOSE_STREAMS -> false;
      default -> true;
    };
  }

  /** In the worker. */
  Object commit(int value, long nanos) throws Exception {
    switch (this) {
      case NONE -> {}
      case SPIN -> {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted())
          Thread.onSpinWait();
      }
      case SLEEP -> Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
      case STUBBORN -> {
        long end = System.nanoTime() + 400_000_000 + 20 * nanos;
        while (System.nanoTime() - end < 0) Thread.onSpinWait();
      }
      case NATIVE_SLEEP -> Native.sleepSeconds(1);
      case BIG_RESULT -> {
        byte[] bytes = new byte[1 << 18 | value & 0xFFFFF];
        Arrays.fill(bytes, (byte) value);
        return bytes;
      }
      case THROW -> throw new Ledger.MeantException();
      case HALT -> Runtime.getRuntime().halt(3);
      case EXIT -> System.exit(4);
      case EXIT_WITH_STUCK_HOOK -> {
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(() -> {
                  while (true) LockSupport.park();
                }));
        System.exit(5);
      }
      case ABORT -> Native.raise(Native.SIGABRT);
      case SEGMENTATION_FAULT -> Native.raise(Native.SIGSEGV);
      case SUICIDE -> Native.raise(Native.SIGKILL);
      case HEAP -> {
        List<long[]> all = new ArrayList<>();
        while (all.size() < LIMIT) all.add(new long[1 << 17]);
      }
      case DIRECT -> {
        List<ByteBuffer> all = new ArrayList<>();
        while (all.size() < LIMIT) all.add(ByteBuffer.allocateDirect(1 << 20));
      }
      case METASPACE -> fillMetaspace();
      case STACK -> {
        return deeper(value) + value;
      }
      case THREADS -> bomb();
      case PRINT_FLOOD -> {
        for (int i = 0; i < LIMIT; i++) {
          System.out.println("line " + i + " of the flood");
          System.err.println("line " + i + " of the flood of errors");
        }
      }
      case CLOSE_STREAMS -> {
        System.out.close();
        System.err.close();
        System.in.close();
      }
      case CLOSE_DESCRIPTORS -> {
        new FileOutputStream(FileDescriptor.out).close();
        new FileOutputStream(FileDescriptor.err).close();
        new FileInputStream(FileDescriptor.in).close();
        for (int i = 0; i <= 2; i++) Native.closeDescriptor(i);
      }
      case UNWRITABLE_RESULT, ERROR_WHILE_WRITING, UNREADABLE_RESULT, ERROR_WHILE_READING -> {
        return new Hostile.Value(this);
      }
      case DEEP_RESULT -> {
        Serializable deep = value;
        for (int i = 0; i < 100_000; i++) deep = new Hostile.Shell(deep);
        return deep;
      }
      case UNKNOWN_CLASS -> {
        return unknown();
      }
      case CYCLIC_EXCEPTION -> {
        var a = new IllegalStateException("a");
        var b = new IllegalStateException("b", a);
        a.initCause(b);
        a.addSuppressed(b);
        throw a;
      }
      case HOSTILE_EXCEPTION -> throw new Hostile.Failure(false);
      case UNREADABLE_EXCEPTION -> throw new Hostile.Failure(true);
      case GARBAGE_FRAME -> send(0, 0, 0, 3, 99, 98, 97);
      case HUGE_FRAME -> send(0x7F, 0xFF, 0xFF, 0xFF, 11);
      case LYING_FRAME -> send(0, 0, 0, 2, 10, 0x80);
    }
    return value;
  }

  private static long deeper(long n) {
    return n == Long.MIN_VALUE ? 0 : 1 + deeper(n + 1);
  }

  private static void fillMetaspace() throws Exception {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < 20 * LIMIT; i++) {
      try (var loader = new URLClassLoader(new URL[0], Mischief.class.getClassLoader())) {
        all.add(Proxy.newProxyInstance(loader, new Class<?>[] {Runnable.class}, (p, m, a) -> null));
      }
    }
    all.clear();
  }

  private static void bomb() {
    List<Thread> all = new ArrayList<>();
    try {
      for (int i = 0; i < LIMIT / 4; i++) all.add(Thread.ofPlatform().start(LockSupport::park));
    } finally {
      for (Thread t : all) LockSupport.unpark(t);
    }
  }

  /** Of a class that only this worker has. */
  private static Object unknown() throws Exception {
    byte[] bytes;
    try (var in = Mischief.class.getResourceAsStream("Hostile$Stranger.class")) {
      bytes = in.readAllBytes();
    }
    // Its own name, changed by a letter, in its class file.
    String name = "dev/brigade/storm/Hostile$Stranger";
    var text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    byte[] renamed =
        text.replace(name, "dev/brigade/storm/Hostile$Strangex")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    return new ClassLoader(Mischief.class.getClassLoader()) {
      Class<?> define() throws Exception {
        byte[] all = new ByteArrayInputStream(renamed).readAllBytes();
        return defineClass(null, all, 0, all.length);
      }
    }.define().getConstructor().newInstance();
  }

  /** Sends what is no message over the connection of the task's own lane. */
  private static void send(int... bytes) throws Exception {
    var out = new Output();
    for (int b : bytes) out.putByte(b);
    Class<?> lane = Class.forName("dev.brigade.process.WorkerLane");
    var current = lane.getDeclaredMethod("current");
    current.setAccessible(true);
    var link = lane.getDeclaredField("link");
    link.setAccessible(true);
    ((Link) link.get(current.invoke(null))).send(out);
  }
}
