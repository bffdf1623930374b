package dev.brigade.bench.fanout;

import java.nio.file.Files;
import java.nio.file.Path;

/** The peak resident memory of this process, as Linux counts it. */
final class PeakMemory {
  private PeakMemory() {}

  /** Prints it in KiB, or NaN where the system does not tell; fails when tasks are missing. */
  static void report(int done, int expected) throws Exception {
    if (done != expected)
      throw new IllegalStateException(done + " of " + expected + " tasks were done");
    Path status = Path.of("/proc/self/status");
    String kib = "NaN";
    if (Files.isReadable(status))
      for (String line : Files.readAllLines(status))
        if (line.startsWith("VmHWM:")) kib = line.replaceAll("[^0-9]", "");
    System.out.println(kib);
  }
}
