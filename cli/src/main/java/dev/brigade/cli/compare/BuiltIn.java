package dev.brigade.cli.compare;

import dev.brigade.task.VoidFn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The kinds of work that come with the comparison. */
public enum BuiltIn {
  /** Requests to a server that takes its time. */
  IO,
  /** Computing. */
  CPU,
  /** A request, then computing on its answer. */
  MIXED,
  /** Writing and reading files. */
  FILES,
  /** Computing under one lock. */
  LOCK;

  /** As typed after {@code --only}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All labels. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(BuiltIn::label).toList();
  }

  /** Whether it sends requests to the embedded server. */
  boolean needsServer() {
    return this == IO || this == MIXED;
  }

  /**
   * @param quick whether a short run is wanted
   * @param limit how many items at once, 0 for all of them
   * @param port where the embedded server listens, if it {@link #needsServer()}
   */
  Workload open(boolean quick, int limit, int port) throws IOException {
    return switch (this) {
      case IO -> new Requests(quick ? 40 : 100, limit, port, quick ? 25 : 40);
      case CPU -> new Computing(quick ? 48 : 96, limit, 8);
      case MIXED -> new Mixed(quick ? 24 : 60, limit, port, quick ? 25 : 40, 8);
      case FILES -> new FileTraffic(quick ? 60 : 150, limit);
      case LOCK -> new OneStove(quick ? 60 : 150, limit, 4);
    };
  }

  /** What all of them have in common. */
  private abstract static class Items implements Workload {
    private final BuiltIn kind;
    private final int size;
    private final int limit;

    Items(BuiltIn kind, int size, int limit) {
      this.kind = kind;
      this.size = size;
      this.limit = limit == 0 ? size : Math.min(limit, size);
    }

    @Override
    public String kind() {
      return kind.label();
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public int limit() {
      return limit;
    }
  }

  private static final class Requests extends Items {
    private final int port;
    private final int delayMillis;

    Requests(int size, int limit, int port, int delayMillis) {
      super(IO, size, limit);
      this.port = port;
      this.delayMillis = delayMillis;
    }

    @Override
    public String what() {
      return size() + " requests to a local server that answers after " + delayMillis + " ms";
    }

    @Override
    public void run(int item) throws IOException {
      DelayServer.get(port, delayMillis);
    }

    @Override
    public Demand demand(double seconds, double computed) {
      return Demand.WAITING;
    }
  }

  private static final class Computing extends Items {
    private final int portions;

    Computing(int size, int limit, int portions) {
      super(CPU, size, limit);
      this.portions = portions;
    }

    @Override
    public String what() {
      return size() + " computations that never wait";
    }

    @Override
    public void run(int item) {
      Computation.run(portions);
    }

    @Override
    public VoidFn<Integer, ?> travelling() {
      int each = portions;
      return item -> Computation.run(each);
    }

    @Override
    public Demand demand(double seconds, double computed) {
      return Demand.COMPUTING;
    }
  }

  private static final class Mixed extends Items {
    private final int port;
    private final int delayMillis;
    private final int portions;

    Mixed(int size, int limit, int port, int delayMillis, int portions) {
      super(MIXED, size, limit);
      this.port = port;
      this.delayMillis = delayMillis;
      this.portions = portions;
    }

    @Override
    public String what() {
      return size() + " requests of " + delayMillis + " ms, each answer computed on";
    }

    @Override
    public void run(int item) throws IOException {
      DelayServer.get(port, delayMillis);
      Computation.run(portions);
    }

    @Override
    public Demand demand(double seconds, double computed) throws IOException, InterruptedException {
      int times = 5;
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) DelayServer.get(port, delayMillis);
      long fetched = System.nanoTime();
      ThreadWork computing = ThreadWork.during(() -> Computation.run(portions * times));
      return new Demand(fetched - start, computing.onCore(), 0);
    }
  }

  private static final class FileTraffic extends Items {
    private static final int KILOBYTES = 256;

    private final Path folder = Files.createTempDirectory("brigade-compare");
    private final byte[] content = new byte[KILOBYTES << 10];

    FileTraffic(int size, int limit) throws IOException {
      super(FILES, size, limit);
      for (int i = 0; i < content.length; i++) content[i] = (byte) (i * 31);
    }

    @Override
    public String what() {
      return size() + " files of " + KILOBYTES + " KB, each written and read";
    }

    @Override
    public void run(int item) throws IOException {
      Path file = folder.resolve(item + ".bin");
      Files.write(file, content);
      if (!Arrays.equals(content, Files.readAllBytes(file)))
        throw new IOException("not what was written: " + file);
    }

    @Override
    public Demand demand(double seconds, double computed) throws Exception {
      ThreadWork work = ThreadWork.during(() -> Way.SEQUENTIAL.run(this));
      return new Demand(work.waiting(), work.onCore(), 0);
    }

    @Override
    public void close() throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) Files.delete(file);
      }
      Files.delete(folder);
    }
  }

  private static final class OneStove extends Items {
    private final ReentrantLock stove = new ReentrantLock();
    private final int portions;

    OneStove(int size, int limit, int portions) {
      super(LOCK, size, limit);
      this.portions = portions;
    }

    @Override
    public String what() {
      return size() + " computations, each under the same lock";
    }

    @Override
    public void run(int item) {
      stove.lock();
      try {
        Computation.run(portions);
      } finally {
        stove.unlock();
      }
    }

    /** Each process has a lock of its own, as each Python process has. */
    @Override
    public VoidFn<Integer, ?> travelling() {
      int each = portions;
      return item -> {
        OwnStove.STOVE.lock();
        try {
          Computation.run(each);
        } finally {
          OwnStove.STOVE.unlock();
        }
      };
    }

    /** This process's. */
    private static final class OwnStove {
      static final ReentrantLock STOVE = new ReentrantLock();

      private OwnStove() {}
    }

    @Override
    public Demand demand(double seconds, double computed) {
      return Demand.LOCKED;
    }
  }
}
