package dev.brigade.testing.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.task.Work;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One clause meets one engine: the engine, opened for it, and the probe. */
public final class Trial implements AutoCloseable {
  private final EngineUnderTest subject;
  private final Path folder;
  private @Nullable Engine opened;

  Trial(EngineUnderTest subject) throws IOException {
    this.subject = subject;
    this.folder = Files.createTempDirectory("brigade-trial");
  }

  /** The engine, opened when first asked for. */
  public synchronized Engine engine() {
    if (opened == null) opened = subject.opener().get();
    return opened;
  }

  /** What sees what tasks do, wherever they run. */
  public Probe probe() {
    return new Probe(folder.toString());
  }

  EngineUnderTest subject() {
    return subject;
  }

  int bound() {
    return subject.bound();
  }

  /** A command that can travel. */
  interface Errand extends Runnable, Serializable {
    void act() throws Exception;

    @Override
    default void run() {
      try {
        act();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static Runnable errand(Errand errand) {
    return errand;
  }

  static <T> Callable<T> work(Work<T, ?> work) {
    return work;
  }

  <T> Future<T> submit(Work<T, ?> work) {
    return engine().submit(work(work));
  }

  /** Occupies every place of a bounded engine until {@link #release}. */
  void fill() throws InterruptedException {
    Probe p = probe();
    for (int i = 0; i < bound(); i++) {
      Future<?> unused = engine().submit(errand(() -> holdPlace(p)));
    }
    p.await("place taken", bound());
  }

  private static void holdPlace(Probe p) throws InterruptedException {
    p.mark("place taken");
    p.pass("places free");
  }

  void release() throws IOException {
    probe().open("places free");
  }

  /** What {@code get} throws as its cause. */
  static Throwable failureOf(Future<?> future) throws InterruptedException {
    try {
      Object value = future.get();
      throw new AssertionError("there was a value instead of a failure: " + value);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause == null) throw new AssertionError("an ExecutionException without a cause", e);
      return cause;
    }
  }

  /** Opens what may be held, ends the engine if it is the trial's own, and deletes the folder. */
  @Override
  public void close() throws IOException {
    probe().openEverything();
    Engine e;
    synchronized (this) {
      e = opened;
    }
    if (e != null && subject.owned()) e.shutdownNow();
    File[] files = folder.toFile().listFiles();
    if (files != null) for (File f : files) Files.deleteIfExists(f.toPath());
    // What still runs may write again; such a folder stays for the system to clear.
    boolean unused = folder.toFile().delete();
  }
}
