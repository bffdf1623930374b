package dev.brigade.process;

import dev.brigade.process.launch.LaunchSpec;
import dev.brigade.process.launch.Launcher;
import dev.brigade.process.launch.StartCache;
import dev.brigade.process.launch.Workplace;
import dev.brigade.process.memory.StatusPage;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.Greeting;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import dev.brigade.process.wire.PipePairs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts one worker: its status page, the JVM, its greeting, its connections, and the initialiser.
 * A private folder is made only if something needs a name, and is gone when all is connected.
 *
 * <p>The connections are pipes that only the two processes can open, or where the system can't do
 * that, a socket in the folder. The JVM is started first and the rest prepared while it boots.
 */
final class WorkerStart {
  /** A longer message is refused by both sides. */
  static final int MAX_FRAME_BYTES = 1 << 30;

  /** What a worker exits with that may not open its parent's pipes. */
  static final int NO_PIPES = 91;

  /** What processes have exited with that were sent SIGKILL and SIGTERM. */
  private static final int KILLED = 128 + 9;

  private static final int TERMINATED = 128 + 15;

  /** Set when a worker could not: the next ones get sockets. By tests also. */
  static volatile boolean pipesRefused;

  private final WorkerOptions options;
  private final int lanes;
  private final String mainClass;
  private final Supplier<Codec> codecs;
  private final byte[] first;
  private final @Nullable Path recordTo;
  private volatile @Nullable StartCache cache;
  private final Workplace workplace = new Workplace();
  private volatile boolean refusedPipes;

  /** All that is open to a worker that has not been told its initialiser yet. */
  record Opened(StatusPage page, Link control, List<Link> lanes) {}

  WorkerStart(WorkerOptions options, int lanes, String mainClass, Supplier<Codec> codecs) {
    this(options, lanes, mainClass, codecs, new byte[0]);
  }

  /**
   * @param first frames that the worker gets before it is told its initialiser
   */
  WorkerStart(
      WorkerOptions options, int lanes, String mainClass, Supplier<Codec> codecs, byte[] first) {
    this(options, lanes, mainClass, codecs, first, null);
  }

  private WorkerStart(
      WorkerOptions options,
      int lanes,
      String mainClass,
      Supplier<Codec> codecs,
      byte[] first,
      @Nullable Path recordTo) {
    this.first = first;
    this.recordTo = recordTo;
    this.options = options;
    this.lanes = lanes;
    this.mainClass = mainClass;
    this.codecs = codecs;
  }

  /**
   * Of a worker with one lane that is watched for its start cache.
   *
   * @param to what was seen is written there when it exits
   */
  static WorkerStart recording(WorkerOptions options, Supplier<Codec> codecs, Path to) {
    return new WorkerStart(options, 1, WorkerMain.class.getName(), codecs, new byte[0], to);
  }

  /** Whether it failed for want of pipes alone, which no later one can. */
  boolean refusedPipes() {
    return refusedPipes;
  }

  /** The cache that it uses or would like to; null if none is wanted, or before the start. */
  @Nullable StartCache cache() {
    return cache;
  }

  /**
   * Does it all, within the time that the options give.
   *
   * @param begun is told of the process as soon as there is one
   */
  Opened open(Consumer<WorkerProcessHandle> begun) throws IOException {
    long until = System.nanoTime() + options.times().start().toNanos();
    try (StatusPage.Made page =
        StatusPage.create(lanes, () -> workplace.folder().path(), pipesRefused)) {
      LaunchSpec spec = spec();
      StartCache.Use use = cacheUse(spec);
      Process process = Launcher.start(spec, workplace, ProcessBuilder.Redirect.PIPE, use);
      begun.accept(handle(process));
      PipePairs pipes = pipesRefused ? null : PipePairs.open(lanes + 1);
      List<Link> links =
          pipes != null
              ? overPipes(process, page, pipes, until, use != null && recordTo == null)
              : overSockets(process, page, until);
      Link control = links.get(lanes);
      boolean complete = false;
      try {
        initialise(control);
        complete = true;
      } finally {
        if (!complete) for (Link l : links) l.close();
      }
      return new Opened(page.page(), control, List.copyOf(links.subList(0, lanes)));
    } finally {
      close();
    }
  }

  private List<Link> overSockets(Process process, StatusPage.Made page, long until)
      throws IOException {
    List<Link> links =
        new SocketDoor(workplace.folder(), options.times().start())
            .admit(process, lanes, token -> greet(process, page, List.of(), token), until);
    boolean complete = false;
    try {
      hello(process, links.get(lanes), until, false);
      complete = true;
      return links;
    } finally {
      if (!complete) for (Link l : links) l.close();
    }
  }

  private WorkerProcessHandle handle(Process process) {
    try {
      return new WorkerProcessHandle(process, options.output());
    } catch (RuntimeException | Error e) {
      // No thread to be had for its output, say: nobody else knows of it.
      Process unused = process.destroyForcibly();
      throw e;
    }
  }

  private StartCache.@Nullable Use cacheUse(LaunchSpec spec) {
    Path folder = options.jvm().startCache();
    if (folder == null) return null;
    StartCache c = StartCache.of(folder, spec);
    cache = c;
    return recordTo == null ? c.use() : c.record(recordTo);
  }

  LaunchSpec spec() {
    return new LaunchSpec(
        jvmOptions(), options.jvm().environment(), options.jvm().directory(), mainClass);
  }

  private List<String> jvmOptions() {
    List<String> all = new ArrayList<>();
    WorkerOptions.Caps caps = options.caps();
    if (caps.heapBytes() > 0) all.add("-Xmx" + caps.heapBytes());
    if (caps.directBytes() > 0) all.add("-XX:MaxDirectMemorySize=" + caps.directBytes());
    if (caps.metaspaceBytes() > 0) all.add("-XX:MaxMetaspaceSize=" + caps.metaspaceBytes());
    all.addAll(options.jvm().options());
    return all;
  }

  private void greet(Process process, StatusPage.Made page, List<Integer> pipes, byte[] token)
      throws IOException {
    new Greeting(
            Objects.requireNonNullElse(workplace.path(), "").toString(),
            page.path(),
            lanes,
            ProcessHandle.current().pid(),
            Objects.requireNonNullElse(options.jvm().filter(), ""),
            pipes,
            token)
        .write(process.getOutputStream());
  }

  private List<Link> overPipes(
      Process process, StatusPage.Made page, PipePairs pipes, long until, boolean cached)
      throws IOException {
    List<Link> links = new ArrayList<>();
    boolean complete = false;
    try {
      List<Integer> numbers = new ArrayList<>();
      for (var p : pipes.pairs()) {
        numbers.add(p.childReads());
        numbers.add(p.childWrites());
        links.add(p.link(MAX_FRAME_BYTES));
      }
      greet(process, page, numbers, new byte[Greeting.TOKEN_BYTES]);
      hello(process, links.get(lanes), until, cached);
      pipes.opened();
      complete = true;
      return links;
    } finally {
      if (!complete) {
        for (Link l : links) l.close();
        pipes.close();
      }
    }
  }

  /**
   * As long as this process holds the other ends too, the worker's death shows only in its exit.
   */
  private void hello(Process process, Link control, long until, boolean cached) throws IOException {
    while (true) {
      int read = control.readWithin(20);
      if (read > 0 && control.next() != null && control.kind() == FrameKind.HELLO) return;
      if (!process.isAlive()) {
        if (process.exitValue() == NO_PIPES) {
          pipesRefused = true;
          refusedPipes = true;
        } else if (cached) distrust(process.exitValue());
        throw new IOException("the worker's JVM ended before it was connected");
      }
      if (System.nanoTime() - until > 0)
        throw new IOException(
            "the worker was not connected within "
                + TimeUnit.NANOSECONDS.toMillis(options.times().start().toNanos())
                + " ms");
    }
  }

  /** The JVM ended of itself before any code of the program's could end it. */
  private void distrust(int exitValue) {
    StartCache c = cache;
    if (c != null && exitValue != KILLED && exitValue != TERMINATED) c.refuse();
  }

  private void initialise(Link control) throws IOException {
    Codec codec = codecs.get();
    var out = new Output();
    out.putBytes(first);
    int frame = Link.begin(out, FrameKind.INITIALISE);
    out.putByte((options.initialiser() != null ? 1 : 0) + (options.teardown() != null ? 2 : 0));
    if (options.initialiser() != null) codec.write(options.initialiser(), out);
    if (options.teardown() != null) codec.write(options.teardown(), out);
    Link.end(out, frame);
    control.send(out);
    control.drain();
  }

  /** Removes what is left of the folder; harmless when repeated. */
  void close() {
    workplace.delete();
  }
}
