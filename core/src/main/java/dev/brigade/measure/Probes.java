package dev.brigade.measure;

import dev.brigade.annotation.CheckReturnValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where probes come from: the machine, or a test. */
public interface Probes {

  /** A probe of the current thread, which must be a platform thread. */
  @CheckReturnValue
  Probe here();

  /** What people should know of how good the figures are; empty if there is nothing. */
  String caveat();

  /** The best that this machine has. */
  static Probes ofMachine() {
    return Machine.PROBES;
  }

  /** Holds the machine's own, so that it is looked for once. */
  final class Machine {
    static final Probes PROBES = find();

    private Machine() {}

    private static Probes find() {
      Path own = Path.of("/proc/thread-self/schedstat");
      try {
        // Zeros alone mean a kernel that keeps no such statistics.
        if (Files.isReadable(own) && !Files.readString(own).startsWith("0 0 0"))
          return new SchedStat.All();
      } catch (IOException | SecurityException elsewhere) {
        return new StateProbe.All();
      }
      return new StateProbe.All();
    }
  }
}
