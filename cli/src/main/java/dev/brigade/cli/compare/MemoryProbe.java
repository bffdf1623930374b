package dev.brigade.cli.compare;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Measures memory in a process of its own, which runs one kind of work in one way, once: what ran
 * before in the same process would hide it. The heap's young part is small, so that garbage does
 * not hide it either. Only on Linux, where the system remembers the most that was resident.
 */
final class MemoryProbe {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private MemoryProbe() {}

  /** The peak in bytes, if it can be measured here. */
  static Optional<Long> peakBytes(BuiltIn kind, Way way, boolean quick, int limit, int port)
      throws InterruptedException {
    if (!Files.isReadable(STATUS)) return Optional.empty();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-Xmn8m",
            "-cp",
            System.getProperty("java.class.path"),
            MemoryProbe.class.getName(),
            kind.name(),
            way.name(),
            String.valueOf(quick),
            String.valueOf(limit),
            String.valueOf(port));
    Process process = null;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      // A few bytes, so the pipe never fills and can be read at the end.
      int code = process.waitFor();
      String answer =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return code == 0 ? Optional.of(Long.valueOf(answer.strip())) : Optional.empty();
    } catch (IOException | NumberFormatException notHere) {
      return Optional.empty();
    } finally {
      if (process != null) process.destroyForcibly();
    }
  }

  static void main(String[] args) throws Exception {
    BuiltIn kind = BuiltIn.valueOf(args[0]);
    boolean quick = Boolean.parseBoolean(args[2]);
    Way way = Way.valueOf(args[1]);
    long ofWorkers = 0;
    try (Workload work = kind.open(quick, Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        Workers workers = way == Way.PROCESSES ? Workers.open(way.atOnce(work)) : null) {
      way.run(work, work.size(), advice -> {}, workers);
      if (workers != null) ofWorkers = workers.residentBytes();
    }
    for (String line : Files.readAllLines(STATUS))
      if (line.startsWith(PEAK))
        System.out.println(ofWorkers + 1024 * Long.parseLong(line.replaceAll("\\D", "")));
  }
}
