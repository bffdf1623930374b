package dev.brigade.process;

import dev.brigade.process.launch.Killing;
import dev.brigade.process.launch.Launcher;
import dev.brigade.process.launch.SpawnFolder;
import dev.brigade.process.launch.StartCache;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import dev.brigade.task.Fn;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes a start cache on a thread of its own: a worker of no pool runs a task and ends, while its
 * JVM writes down what that took; another JVM makes the cache of it. Both are children like
 * workers, so they end with this process, and all they write until the end lies in a folder that is
 * cleared away like a worker's.
 *
 * <p>Guard of {@code process} and {@code stopped}: the lock. Once stopped no process is begun, and
 * the one that runs is killed.
 */
final class StartCacheMaker implements Runnable {
  private static final Duration ENOUGH = Duration.ofSeconds(60);
  private static final int ROUNDS = 20;

  private final WorkerOptions options;
  private final Supplier<Codec> codecs;
  private final StartCache cache;
  private final StartCache.Making making;
  private final long until = System.nanoTime() + ENOUGH.toNanos();
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Process process;
  private boolean stopped;
  private @Nullable Thread thread;

  private StartCacheMaker(
      WorkerOptions options, Supplier<Codec> codecs, StartCache cache, StartCache.Making making) {
    this.options = options;
    this.codecs = codecs;
    this.cache = cache;
    this.making = making;
  }

  /** Begins, if there is something to make; or null. */
  static @Nullable StartCacheMaker start(
      String name, WorkerOptions options, Supplier<Codec> codecs, StartCache cache) {
    StartCache.Making making = cache.tryMake();
    if (making == null) return null;
    var maker = new StartCacheMaker(bare(options), codecs, cache, making);
    try {
      maker.thread =
          Thread.ofPlatform()
              .name(name)
              .daemon()
              .inheritInheritableThreadLocals(false)
              .start(maker);
    } catch (RuntimeException | Error e) {
      making.failed(e.toString());
      making.close();
      throw e;
    }
    return maker;
  }

  /** Without what is the user's code or for the user's eyes. */
  private static WorkerOptions bare(WorkerOptions options) {
    var jvm = options.jvm();
    return WorkerOptions.of()
        .withJvm(
            new WorkerOptions.Jvm(
                jvm.options(), jvm.environment(), jvm.directory(), null, jvm.startCache()))
        .withCaps(options.caps())
        .withOutput(new WorkerOptions.Output.Discard())
        .withTimes(options.times());
  }

  /** Ends it at once: from any thread, any number of times. */
  void stop() {
    Process p;
    lock.lock();
    try {
      stopped = true;
      p = process;
    } finally {
      lock.unlock();
    }
    if (p != null) {
      var unused = Killing.kill(p);
    }
  }

  /** Ends it, and waits until nothing is left of it, a few milliseconds. */
  void stopAndWait() {
    stop();
    Thread t = thread;
    if (t == null) return;
    try {
      boolean unused = t.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    // An exit of the program leaves no file either; a kill leaves some to the next program.
    Thread atExit = new Thread(this::stopAndWait, "brigade-start-cache-exit");
    SpawnFolder folder = null;
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
      folder = SpawnFolder.create();
      make(folder.path());
    } catch (Throwable t) {
      if (isStopped()) making.stopped();
      else making.failed(t.toString());
    } finally {
      if (folder != null) folder.delete();
      making.close();
      forget(atExit);
    }
  }

  private static void forget(Thread atExit) {
    try {
      boolean unused = Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException _) {
      // This is the exit.
    }
  }

  private boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  private void make(Path folder) throws IOException, InterruptedException {
    Path configuration = folder.resolve("configuration");
    Path made = folder.resolve("cache");
    WorkerStart start = WorkerStart.recording(options, codecs, configuration);
    try {
      rehearse(start);
      end("the recording worker");
      begun(Launcher.create(start.spec(), folder, cache.create(configuration, made)));
      end("the JVM that makes the cache");
      if (Files.size(made) == 0) throw new IOException("the cache is empty");
      if (isStopped()) throw new IOException("stopped");
      making.publish(made);
    } finally {
      stopAndReap();
    }
  }

  private void rehearse(WorkerStart start) throws IOException {
    var opened = start.open(handle -> begun(handle.process()));
    try {
      Link control = opened.control();
      await(control, FrameKind.READY);
      Link lane = opened.lanes().getFirst();
      opened.page().slot(0).allow(1);
      lane.send(call());
      lane.drain();
      await(lane, FrameKind.RETURNED);
      var out = new Output();
      Link.end(out, Link.begin(out, FrameKind.RETIRE));
      control.send(out);
      control.drain();
      // Its exit closes it; to close it before would kill it.
      while (control.readWithin(20) >= 0) refuseIfLate();
    } finally {
      opened.control().close();
      for (Link lane : opened.lanes()) lane.close();
    }
  }

  /** As a pool sends it. */
  private Output call() throws IOException {
    Codec codec = codecs.get();
    Fn<Integer, Integer, Exception> task = StartCacheMaker::task;
    var out = new Output();
    int frame = Link.begin(out, FrameKind.DEFINE);
    out.putVarLong(1);
    codec.write(task, out);
    Link.end(out, frame);
    frame = Link.begin(out, FrameKind.CALL);
    out.putVarLong(1);
    codec.write(ROUNDS, out);
    Link.end(out, frame);
    return out;
  }

  /** In the worker. */
  private static int task(int rounds) throws Exception {
    Rehearsal.rounds(rounds);
    // A worker has folders on its class path, which can't be on that of a cache.
    try (var folder =
        new URLClassLoader(new URL[] {Path.of("classes").toUri().resolve("classes/").toURL()})) {
      URL unused = folder.findResource("none");
    }
    return rounds;
  }

  private void await(Link link, int kind) throws IOException {
    while (true) {
      int read = link.readWithin(20);
      while (read > 0 && link.next() != null) {
        if (link.kind() == kind) return;
        if (link.kind() == FrameKind.THREW || link.kind() == FrameKind.UNREADY)
          throw new IOException("the recording worker's task failed");
      }
      if (read < 0) throw new IOException("the recording worker ended early");
      refuseIfLate();
    }
  }

  private void refuseIfLate() throws IOException {
    if (isStopped() || System.nanoTime() - until > 0)
      throw new IOException("it was stopped or took more than " + ENOUGH.toSeconds() + " s");
  }

  private void begun(Process started) {
    boolean late;
    lock.lock();
    try {
      process = started;
      late = stopped;
    } finally {
      lock.unlock();
    }
    if (late) {
      var unused = Killing.kill(started);
    }
  }

  private void end(String who) throws IOException, InterruptedException {
    Process p = process;
    if (p == null) throw new IOException("there is no process");
    if (!p.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS))
      throw new IOException(who + " did not end in time");
    // Its number may be another's from now on.
    ended();
    if (p.exitValue() != 0) throw new IOException(who + " ended with code " + p.exitValue());
  }

  private void ended() {
    lock.lock();
    try {
      process = null;
    } finally {
      lock.unlock();
    }
  }

  private void stopAndReap() throws InterruptedException {
    Process p = process;
    if (p != null && p.isAlive()) {
      boolean unused = Killing.killAndWait(p, Duration.ofSeconds(2));
    }
    ended();
  }
}
