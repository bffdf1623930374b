package dev.brigade.process;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The process of a worker, and what it leaves behind. */
final class WorkerProcessHandle {
  private final Process process;
  private final StringBuilder tail = new StringBuilder();
  private final Thread pump;
  private volatile boolean killed;

  WorkerProcessHandle(Process process) {
    this.process = process;
    this.pump =
        Thread.ofPlatform()
            .daemon()
            .name("brigade-worker-" + process.pid() + "-errors")
            .inheritInheritableThreadLocals(false)
            .start(this::pump);
  }

  private void pump() {
    byte[] buffer = new byte[8192];
    try (var in = process.getErrorStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        System.err.write(buffer, 0, n);
        synchronized (tail) {
          tail.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
          if (tail.length() > 8192) tail.delete(0, tail.length() - 8192);
        }
      }
    } catch (java.io.IOException e) {
      // Its end.
      return;
    }
  }

  Process process() {
    return process;
  }

  long pid() {
    return process.pid();
  }

  long residentBytes() {
    return 0;
  }

  void kill() {
    killed = true;
    Process unused = process.destroyForcibly();
  }

  /** Waits for the exit, which must be under way, and says what it was. */
  WorkerDiedException obituary(WorkerEnd why) {
    int code = -1;
    try {
      if (process.waitFor(10, TimeUnit.SECONDS)) code = process.exitValue();
      pump.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String text;
    synchronized (tail) {
      text = tail.toString();
    }
    WorkerDiedException.Cause cause =
        why.cause() != null
            ? why.cause()
            : code > 128 ? WorkerDiedException.Cause.SIGNAL : WorkerDiedException.Cause.EXIT;
    return new WorkerDiedException(
        "worker process "
            + pid()
            + " died: "
            + cause
            + (why.detail() == null ? "" : ", " + why.detail())
            + ", exit code "
            + code
            + (killed ? "" : ""),
        cause,
        pid(),
        code,
        text);
  }
}
