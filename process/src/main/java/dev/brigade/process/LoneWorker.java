package dev.brigade.process;

import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.GarbageException;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The process of a {@link WorkerProcess}: its own thread starts it, reads its connection, and in
 * the end waits for its exit.
 *
 * <p>It goes from starting to ready, perhaps to ending, and is then over. Ending means that its
 * handler has ended, or that its program calls {@code exit}: from then on it has a limited time.
 *
 * <p>Guard of what is below the lock: the lock, under which nothing of others is called.
 */
final class LoneWorker implements Runnable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final long PING_EVERY = TimeUnit.SECONDS.toNanos(1);
  private static final long END_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final int number = NUMBERS.incrementAndGet();
  private final WorkerOptions options;
  private final WorkerStart start;
  private final Mail mail;
  private final Supplier<Codec> codecs;
  private final long bornNanos = System.nanoTime();
  private final CountDownLatch spawned = new CountDownLatch(1);
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch gone = new CountDownLatch(1);
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  private volatile @Nullable WorkerProcessHandle process;
  private volatile @Nullable Link link;
  private volatile long heardNanos = bornNanos;
  private volatile boolean wasReady;
  private volatile boolean handled;
  private volatile @Nullable WorkerDiedException death;

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable WorkerEnd end;
  private long endByNanos;

  // The watch's.
  private long pingedNanos = bornNanos;

  LoneWorker(WorkerOptions options, byte[] first, Mail mail, Supplier<Codec> codecs) {
    this.options = options;
    this.mail = mail;
    this.codecs = codecs;
    start = new WorkerStart(options, 0, WorkerMain.class.getName(), codecs, first);
  }

  void start() {
    LoneWorkers.add(this);
    Thread unused =
        Thread.ofPlatform()
            .name("brigade-worker-" + number)
            .daemon()
            .inheritInheritableThreadLocals(false)
            .start(this);
  }

  // ---- its life, on its own thread

  @Override
  public void run() {
    WorkerEnd reason = WorkerEnd.LOST;
    Throwable unready = null;
    try {
      Link control = start.open(this::begun).control();
      link = control;
      heardNanos = System.nanoTime();
      mail.connect(control::send);
      unready = serve(control);
    } catch (GarbageException e) {
      reason = new WorkerEnd(WorkerDiedException.Cause.GARBAGE, e.getMessage());
    } catch (Throwable t) {
      if (!wasReady) unready = t;
    }
    over(reason, unready);
  }

  private void begun(WorkerProcessHandle started) {
    process = started;
    spawned.countDown();
    lock.lock();
    try {
      if (end == null) return;
    } finally {
      lock.unlock();
    }
    started.kill();
  }

  /** Reads to the end; returns why the worker did not become ready. */
  private @Nullable Throwable serve(Link control) throws IOException {
    Throwable unready = null;
    while (control.read()) {
      heardNanos = System.nanoTime();
      for (Input in = control.next(); in != null; in = control.next()) {
        switch (control.kind()) {
          case FrameKind.READY -> {
            wasReady = true;
            ready.countDown();
          }
          case FrameKind.UNREADY -> unready = codecs.get().readFailure(in);
          case FrameKind.PONG -> {}
          case FrameKind.EXITING -> endBy(options.times().grace().toNanos());
          case FrameKind.NO_MORE -> {
            mail.refuse();
            mail.take(FrameKind.NO_MORE, in);
            handled = true;
            endBy(Math.max(options.times().grace().toNanos(), END_NANOS));
            tell(FrameKind.RETIRE, -1);
          }
          default -> mail.take(control.kind(), in);
        }
      }
    }
    return unready;
  }

  private void endBy(long nanos) {
    lock.lock();
    try {
      if (endByNanos == 0) endByNanos = System.nanoTime() + nanos;
    } finally {
      lock.unlock();
    }
  }

  private void over(WorkerEnd reason, @Nullable Throwable unready) {
    WorkerEnd why;
    lock.lock();
    try {
      if (end == null) end = reason;
      why = end;
    } finally {
      lock.unlock();
    }
    WorkerProcessHandle p = process;
    // An orderly end closes the connection as its last act: it is given the time for the rest.
    if (p != null && !handled) p.kill();
    close();
    WorkerDiedException how = obituary(p, handled ? WorkerEnd.RETIRED : why, unready);
    if (!handled) death = how;
    LoneWorkers.remove(this);
    start.close();
    spawned.countDown();
    ready.countDown();
    gone.countDown();
    mail.die(how::again);
    boolean unused = exit.complete(how.exitCode());
  }

  private static WorkerDiedException obituary(
      @Nullable WorkerProcessHandle p, WorkerEnd why, @Nullable Throwable unready) {
    WorkerDiedException how =
        p == null
            ? new WorkerDiedException(
                "the worker could not be started: " + unready,
                WorkerDiedException.Cause.NOT_READY,
                -1,
                -1,
                "")
            : p.obituary(why);
    if (unready == null) return how;
    if (p != null && why.cause() == null)
      how =
          new WorkerDiedException(
              "worker process " + p.pid() + " did not become ready: " + unready,
              WorkerDiedException.Cause.NOT_READY,
              p.pid(),
              how.exitCode(),
              how.errorOutput());
    Throwable unused = how.initCause(unready);
    return how;
  }

  private void close() {
    Link l = link;
    if (l == null) return;
    try {
      l.close();
    } catch (IOException e) {
      // It is gone in any case.
      return;
    }
  }

  // ---- what is asked of it

  /** Ends its process; the thread that reads its connection does the rest. */
  void kill(WorkerEnd why) {
    lock.lock();
    try {
      if (end == null) end = why;
    } finally {
      lock.unlock();
    }
    WorkerProcessHandle p = process;
    if (p != null) p.kill();
  }

  void interrupt() {
    tell(FrameKind.CANCEL, 0);
  }

  private void tell(int kind, long lane) {
    Link l = link;
    if (l == null) return;
    var out = new Output(32);
    int frame = Link.begin(out, kind);
    if (lane >= 0) {
      out.putVarLong(lane);
      out.putVarLong(0);
    }
    Link.end(out, frame);
    try {
      l.send(out);
    } catch (IOException e) {
      // The reading thread finds out as well.
      return;
    }
  }

  /** Looked at every tenth of a second, by the thread that watches all. */
  void look(long now, long gapNanos) {
    long by;
    lock.lock();
    try {
      if (end != null) return;
      by = endByNanos;
    } finally {
      lock.unlock();
    }
    var times = options.times();
    if (by != 0) {
      if (now - by > 0)
        kill(
            new WorkerEnd(
                WorkerDiedException.Cause.KILLED,
                "it did not end when it was told or had said to"));
      return;
    }
    if (!wasReady) {
      if (now - bornNanos > times.start().toNanos())
        kill(
            new WorkerEnd(
                WorkerDiedException.Cause.NOT_READY,
                "it was not ready within " + times.start().toMillis() + " ms"));
      return;
    }
    if (now - pingedNanos >= PING_EVERY) {
      pingedNanos = now;
      ping();
    }
    long silence = times.silence().toNanos();
    long heard = Math.max(heardNanos - now, gapNanos - now) + now;
    if (silence > 0 && now - heard > silence) {
      kill(
          new WorkerEnd(
              WorkerDiedException.Cause.SILENT,
              "it gave no sign of life for " + times.silence().toMillis() + " ms"));
      return;
    }
    long cap = options.caps().residentBytes();
    WorkerProcessHandle p = process;
    if (cap <= 0 || p == null) return;
    long resident = p.residentBytes();
    if (resident > cap)
      kill(
          new WorkerEnd(
              WorkerDiedException.Cause.MEMORY_CAP,
              "it took " + resident + " bytes, and may take " + cap));
  }

  private void ping() {
    Link l = link;
    if (l == null) return;
    var out = new Output(32);
    int frame = Link.begin(out, FrameKind.PING);
    out.putLong(System.nanoTime());
    Link.end(out, frame);
    try {
      l.send(out);
    } catch (IOException e) {
      return;
    }
  }

  // ---- waiting for it

  void awaitReady() throws InterruptedException {
    ready.await();
    WorkerDiedException d = death;
    if (d != null && !wasReady) throw d.again();
  }

  long awaitPid() {
    boolean interrupted = false;
    while (true) {
      try {
        spawned.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
    return pid();
  }

  /** Waits for its end in good order; an interrupt kills it. */
  void awaitEnd() {
    try {
      gone.await();
    } catch (InterruptedException e) {
      kill(new WorkerEnd(WorkerDiedException.Cause.KILLED, "close was interrupted"));
      awaitGone();
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until it is gone, come what may. */
  void awaitGone() {
    boolean interrupted = false;
    while (true) {
      try {
        gone.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) Thread.currentThread().interrupt();
  }

  // ---- what is known of it

  int number() {
    return number;
  }

  long pid() {
    WorkerProcessHandle p = process;
    return p == null ? -1 : p.pid();
  }

  boolean isOver() {
    return gone.getCount() == 0;
  }

  CompletableFuture<Integer> onExit() {
    return exit.copy();
  }

  @Nullable WorkerDiedException death() {
    return death;
  }

  @Override
  public String toString() {
    return "worker process " + number + ", pid " + pid();
  }
}
