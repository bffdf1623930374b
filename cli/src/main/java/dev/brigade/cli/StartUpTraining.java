package dev.brigade.cli;

import dev.brigade.cli.terminal.Terminal;
import java.io.OutputStream;

/**
 * What the JVM watches once to prepare the start-up cache that {@code ./brigade} uses: the more of
 * an ordinary start happens here, the less each later start has to do.
 */
final class StartUpTraining {
  private StartUpTraining() {}

  public static void main(String[] args) {
    Terminal.ofProcess().flush();
    run();
    run("--version");
    run("--help");
    run("no-such-command");
    for (String command : Main.commandLine(nowhere()).getSubcommands().keySet()) {
      run(command, "--help");
    }
    run("primes", "1000");
    run("primes", "1000", "--list");
    run("example");
    // As the program itself ends: the JDK sets up its log of exits.
    System.exit(0);
  }

  private static void run(String... args) {
    int unused = Main.run(nowhere(), args);
  }

  private static Terminal nowhere() {
    return Terminal.plain(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
  }
}
