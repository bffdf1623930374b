package dev.brigade.cli.compare;

import dev.brigade.task.VoidWork;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a platform thread did with its time, in nanoseconds. Where the system tells, the time that
 * it stood in the queue for a core is left out of the waiting: on a busy machine it would make
 * computing look like waiting.
 *
 * @param onCore computing
 * @param waiting neither computing nor ready to
 */
record ThreadWork(long onCore, long waiting) {
  private static final Path LINUX = Path.of("/proc/thread-self/schedstat");

  private record Reading(long wall, long onCore, long queued) {}

  static <X extends Exception> ThreadWork during(VoidWork<X> work) throws X, InterruptedException {
    Reading before = read();
    work.run();
    Reading after = read();
    long onCore = after.onCore - before.onCore;
    long queued = after.queued - before.queued;
    return new ThreadWork(onCore, Math.max(0, after.wall - before.wall - onCore - queued));
  }

  private static Reading read() {
    try {
      String[] fields = Files.readString(LINUX).strip().split(" ");
      return new Reading(System.nanoTime(), Long.parseLong(fields[0]), Long.parseLong(fields[1]));
    } catch (IOException | NumberFormatException elsewhere) {
      long onCore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      return new Reading(System.nanoTime(), onCore, 0);
    }
  }
}
