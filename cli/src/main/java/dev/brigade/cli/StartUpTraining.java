package dev.brigade.cli;

import java.io.PrintWriter;
import java.io.Writer;

/**
 * What the JVM watches once to prepare the start-up cache that {@code ./brigade} uses: the more of
 * an ordinary start happens here, the less each later start has to do.
 */
final class StartUpTraining {
  private StartUpTraining() {}

  public static void main(String[] args) {
    run("--version");
    run("--help");
    run("no-such-command");
    for (String command : Main.commandLine().getSubcommands().keySet()) {
      run(command, "--help");
    }
    // As the program itself ends: the JDK sets up its log of exits.
    System.exit(0);
  }

  private static void run(String... args) {
    var nowhere = new PrintWriter(Writer.nullWriter());
    Main.commandLine().setOut(nowhere).setErr(nowhere).execute(args);
  }
}
