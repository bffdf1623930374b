package dev.brigade.bench;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where the programs are that whole-process benches run. */
public final class Programs {
  private Programs() {}

  /** The repository's root, which {@code ./bench} passes on. */
  public static Path root() {
    return Path.of(System.getProperty("brigade.root", "")).toAbsolutePath();
  }

  /**
   * The command that starts this JDK with this class path; a main class and its arguments follow.
   */
  public static List<String> java(String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.add("-Dbrigade.root=" + root());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    return List.copyOf(command);
  }

  /** The program of that name on the PATH, or {@link MissingPeer}. */
  public static String onPath(String name) throws MissingPeer {
    String path = System.getenv().getOrDefault("PATH", "");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new MissingPeer(name + " was not found on the PATH"))
        .toString();
  }

  /**
   * The interpreter itself: version managers put a script before it whose start would be counted.
   */
  public static String python() throws Exception {
    var asked =
        ChildProcess.check(
            List.of(onPath("python3"), "-c", "import sys; print(sys.executable)"),
            Duration.ofSeconds(10));
    return asked.out().getLast();
  }

  /** A program's script, which lives with the sources. */
  public static String script(String name) {
    return root().resolve("benchmarks/src/main/scripts").resolve(name).toString();
  }
}
