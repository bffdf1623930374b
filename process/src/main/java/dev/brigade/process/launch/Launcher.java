package dev.brigade.process.launch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts worker JVMs with the classes of this one. */
public final class Launcher {
  private Launcher() {}

  /**
   * Starts a JVM. Its standard input is a pipe that is never written to after the caller's greeting
   * and whose end means that this process is gone.
   *
   * @param folder private to this start; files that are needed for it may be left there
   */
  public static Process start(LaunchSpec spec, Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(spec.jvmOptions());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(spec.mainClass());
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(spec.environment());
    if (spec.directory() != null) builder.directory(spec.directory());
    builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
    return builder.start();
  }
}
