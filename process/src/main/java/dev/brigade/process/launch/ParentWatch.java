package dev.brigade.process.launch;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/*
 * Design. Two ways by which a worker learns of its parent's end, neither enough alone:
 *  - The lifeline: its standard input, a pipe that only the parent holds open. It works everywhere and
 *    from the first moment, but the halt that follows it needs a safepoint, which a thread in a critical
 *    native call holds up, and a stopped process reads nothing.
 *  - The death signal (DeathSignal), Linux only: the kernel kills, whatever the worker does.
 *
 * The pipe is opened a second time where /proc allows it, so that user code that closes descriptor 0
 * (or reads it) does not end or cheat the worker.
 */
/** In a worker: ends it when its parent is gone. */
public final class ParentWatch {
  /** What a worker exits with that nobody waits for. */
  static final int PARENT_GONE = 129;

  private ParentWatch() {}

  /**
   * Begins to watch, on a daemon thread, and makes {@code System.in} empty for user code. Called
   * when the greeting has been read from the standard input, of which nothing may be buffered
   * beyond it.
   *
   * @param folder removed when the parent's end is noticed, or null
   */
  public static void start(@Nullable Path folder) {
    InputStream lifeline = lifeline();
    System.setIn(InputStream.nullInputStream());
    Thread.ofPlatform()
        .daemon()
        .name("brigade-parent-watch")
        .stackSize(128 << 10)
        .inheritInheritableThreadLocals(false)
        .start(new Watch(lifeline, folder));
  }

  private static InputStream lifeline() {
    if (ProcessFacts.available()) {
      try {
        return new FileInputStream("/proc/self/fd/0");
      } catch (IOException _) {
        // A /proc that can't be opened; the descriptor itself, then.
      }
    }
    return new FileInputStream(FileDescriptor.in);
  }

  /** Ends this process at once, without its shutdown hooks. */
  static void gone(@Nullable Path folder) {
    try {
      if (folder != null) SpawnFolder.delete(folder);
    } finally {
      Runtime.getRuntime().halt(PARENT_GONE);
    }
  }

  private record Watch(InputStream lifeline, @Nullable Path folder) implements Runnable {
    @Override
    public void run() {
      try {
        while (lifeline.read() >= 0) {
          // Nothing is said here after the greeting.
        }
      } catch (IOException | Error _) {
        // As good as its end: without it the worker might be left behind.
      }
      gone(folder);
    }
  }
}
