package dev.brigade.cli.compare;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the user's command once for each argument, through the shell, and forgets what it wrote. */
public final class Commands implements OwnWork {
  private static final Path OWN_TIMES = Path.of("/proc/self/stat");
  private static final double TICK_SECONDS = 0.01;
  private static final ProcessBuilder.Redirect NOTHING =
      ProcessBuilder.Redirect.from(new File("/dev/null"));

  private final String command;
  private final List<String> arguments;
  private final int limit;
  private final Failures failures = new Failures();

  /** At most {@code limit} processes at once. */
  public Commands(String command, List<String> arguments, int limit) {
    this.command = command;
    this.arguments = List.copyOf(arguments);
    this.limit = Math.min(limit, arguments.size());
  }

  /**
   * The line for the shell: the argument, quoted, in the place of each {@code {}}, or at the end.
   */
  static String line(String command, String argument) {
    String quoted = "'" + argument.replace("'", "'\\''") + "'";
    return command.contains("{}") ? command.replace("{}", quoted) : command + " " + quoted;
  }

  @Override
  public String kind() {
    return "command";
  }

  @Override
  public String what() {
    return arguments.size() + " runs of " + command;
  }

  @Override
  public int size() {
    return arguments.size();
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
  public void run(int item) throws IOException, InterruptedException {
    String line = line(command, arguments.get(item));
    Process process =
        new ProcessBuilder("/bin/sh", "-c", line)
            .redirectInput(NOTHING)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      int code = process.waitFor();
      if (code != 0) failures.add(item, line + ": exit code " + code);
    } finally {
      if (process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
      }
    }
  }

  /** Of processes that have ended; the system adds it up for their parent. */
  @Override
  public double computedSeconds() {
    try {
      // The second field is a name in parentheses, which may hold spaces; then the third follows.
      String stat = Files.readString(OWN_TIMES);
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * TICK_SECONDS;
    } catch (IOException elsewhere) {
      return 0;
    }
  }

  @Override
  public Demand demand(double seconds, double computed) {
    double computing = Math.min(seconds, computed);
    return new Demand(seconds - computing, computing, 0);
  }

  @Override
  public List<String> failures() {
    return failures.lines();
  }
}
