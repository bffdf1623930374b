package dev.brigade.cli;

import dev.brigade.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/**
 * The {@code brigade} program. Each command is a class of its own. Exit codes: 0 all done, 1 some
 * failed, 2 wrong use, 130 interrupted.
 */
@Command(
    name = "brigade",
    description = "Does many things at once: bounded, cancellable, observable.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "'brigade COMMAND --help' shows the options of a command, and examples.",
      "Exit code: 0 all done, 1 some failed, 2 wrong use, 130 interrupted."
    })
final class Main implements Runnable {
  private static final int FAILED = 1;
  private static final int WRONG_USE = 2;
  private static final int INTERRUPTED = 130;

  private final Terminal terminal;

  private Main(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    terminal
        .out()
        .print(
            terminal.bold("brigade")
                + " does many things at once: bounded, cancellable, observable.\n\n"
                + "Try:\n"
                + "  brigade compare --quick   what it gains on this machine, measured\n"
                + "  brigade advise            which engine, and how many at once\n"
                + "  brigade example           small programs, each with its claim checked\n"
                + "  brigade primes 1e9        something for all cores to do\n\n"
                + "'brigade --help' lists the commands, 'brigade COMMAND --help' explains one.\n");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {
        "brigade " + (version == null ? "(unpackaged)" : version) + ", JDK " + Runtime.version()
      };
    }
  }

  public static void main(String[] args) {
    Terminal terminal = Terminal.ofProcess();
    var stopping = new Stopping(Thread.currentThread());
    Runtime.getRuntime().addShutdownHook(stopping);
    int code = run(terminal, args);
    stopping.ended();
    System.exit(code);
  }

  /** Runs one command line; returns the exit code, with everything written. */
  static int run(Terminal terminal, String... args) {
    try {
      return commandLine(terminal).execute(args);
    } finally {
      terminal.flush();
    }
  }

  static CommandLine commandLine(Terminal terminal) {
    var compare = new CommandLine(new CompareCommand(terminal));
    // What follows ::: is the user's, whatever it looks like.
    compare.setStopAtPositional(true);
    var advise = new CommandLine(new AdviseCommand(terminal, System.in));
    advise.setStopAtPositional(true);
    var all =
        new CommandLine(new Main(terminal))
            .addSubcommand(compare)
            .addSubcommand(advise)
            .addSubcommand(new PrimesCommand(terminal))
            .addSubcommand(new ExampleCommand(terminal));
    return all.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
        .setColorScheme(Help.defaultColorScheme(terminal.coloured() ? Help.Ansi.ON : Help.Ansi.OFF))
        .registerConverter(Integer.class, WrongUse::wholeNumber)
        .setParameterExceptionHandler((wrong, given) -> complain(wrong))
        .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
  }

  private static int complain(ParameterException wrong) {
    PrintWriter err = wrong.getCommandLine().getErr();
    err.println(WrongUse.explain(wrong));
    err.flush();
    return WRONG_USE;
  }

  private static int report(Exception failure, CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    if (failure instanceof InterruptedException) {
      command.getErr().println(name + ": stopped.");
      command.getErr().flush();
      return INTERRUPTED;
    }
    command.getErr().println(name + ": " + failure);
    if (failure instanceof RuntimeException) failure.printStackTrace(command.getErr());
    command.getErr().flush();
    return FAILED;
  }
}
