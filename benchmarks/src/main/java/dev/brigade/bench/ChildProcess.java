package dev.brigade.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program run to its end, with its wall time. Its output goes through files: reading a pipe would
 * take processor time from the program that is measured.
 */
public record ChildProcess(
    int exit, boolean timedOut, long wallNanos, List<String> out, List<String> err) {

  public static ChildProcess run(List<String> command, Duration kill)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("bench", ".out");
    Path err = Files.createTempFile("bench", ".err");
    try {
      var builder =
          new ProcessBuilder(command)
              .directory(Programs.root().toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      long start = System.nanoTime();
      Process process = builder.start();
      boolean ended;
      try {
        process.getOutputStream().close();
        ended = process.waitFor(kill.toMillis(), TimeUnit.MILLISECONDS);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      long wall = System.nanoTime() - start;
      int exit = process.waitFor();
      return new ChildProcess(exit, !ended, wall, lines(out), lines(err));
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  /**
   * The same, for a program that must succeed: throws {@link MissingPeer} with the reason when it
   * does not.
   */
  public static ChildProcess check(List<String> command, Duration kill)
      throws IOException, InterruptedException, MissingPeer {
    var child = run(command, kill);
    if (child.timedOut())
      throw new MissingPeer(
          "did not end in the time given: killed after " + kill.toSeconds() + " s");
    if (child.exit() != 0)
      throw new MissingPeer("exit code " + child.exit() + ": " + child.failure());
    return child;
  }

  public double wallMillis() {
    return wallNanos / 1e6;
  }

  /** The line that tells most about a failure: that of an exception, or else the first. */
  public String failure() {
    return err.stream()
        .filter(line -> line.contains("Exception") || line.contains("Error"))
        .findFirst()
        .or(() -> err.stream().filter(line -> !line.isBlank()).findFirst())
        .orElse("no message")
        .strip();
  }

  private static List<String> lines(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
  }
}
