package dev.brigade.cli;

import dev.brigade.cli.advise.Conclusion;
import dev.brigade.cli.advise.Dialogue;
import dev.brigade.cli.advise.Fetch;
import dev.brigade.cli.advise.NamedClass;
import dev.brigade.cli.advise.Processes;
import dev.brigade.cli.advise.Result;
import dev.brigade.cli.terminal.Terminal;
import dev.brigade.process.ProcessPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says which engine and how many at once: by measuring the user's work, or by asking. */
@Command(
    name = "advise",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "Find out which engine some work needs, and how many at once.",
    description = {
      "Runs a sample of your work once, measures what it does with its time, and says where to run "
          + "it and why. Without arguments: asks a few questions instead.",
      ""
    },
    footer = {
      "",
      "A class must have " + NamedClass.FORMS + ".",
      "",
      "Examples:",
      "  brigade advise                                        a few questions",
      "  brigade advise http://localhost:8080/a http://localhost:8080/b",
      "  brigade advise -i urls.txt --why                      with the evidence",
      "  brigade advise --command 'gzip -kc {}' ::: *.log      each once",
      "  brigade advise --class-path app.jar --class app.Parse a.txt b.txt",
      "  brigade advise --class-path app.jar --class app.Parse --processes --why *.txt",
      "",
      "Exit code: 0 all went well, 1 some items failed, 2 wrong use, 130 interrupted."
    })
final class AdviseCommand implements Callable<Integer> {
  private static final String MARK = ":::";

  private final Terminal terminal;
  private final InputStream input;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-i", "--input"},
      paramLabel = "FILE",
      description = "Addresses in FILE, one on a line; - for standard input.")
  private @Nullable String file;

  @Option(
      names = "--command",
      paramLabel = "'CMD {}'",
      description = "Run CMD for each argument after :::, which takes the place of {}.")
  private @Nullable String command;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description = "Call this class with each argument.")
  private @Nullable String className;

  @Option(
      names = "--class-path",
      paramLabel = "PATH",
      description = "Where the class is. (Default: the current folder.)")
  private String classPath = ".";

  @Option(
      names = "--processes",
      description = "With --class: try worker processes too, where more than one thread hinders.")
  private boolean processes;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "64",
      description = "Never more than N at once. (Default: ${DEFAULT-VALUE}.)")
  private Integer limit = 64;

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "500",
      description = "Run the first N inputs only. (Default: ${DEFAULT-VALUE}.)")
  private Integer sample = 500;

  @Option(names = "--why", description = "Print the evidence as well.")
  private boolean why;

  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Parameters(
      paramLabel = "URL | ::: ARG",
      arity = "0..*",
      description = "Addresses; or arguments for --command and --class.")
  private @Nullable List<String> rest;

  AdviseCommand(Terminal terminal, InputStream input) {
    this.terminal = terminal;
    this.input = input;
  }

  @Override
  public Integer call() throws Exception {
    atLeastOne("--limit", limit);
    atLeastOne("--sample", sample);
    if (command != null && className != null)
      throw wrong("--command and --class exclude each other: measure one thing at a time.");
    if (file != null && (command != null || className != null))
      throw wrong("-i is for addresses: give the inputs of a command or class after :::.");
    if (processes && className == null)
      throw wrong("--processes needs --class: only a class can be sent to worker processes.");
    if (command != null)
      return report(Processes.advise(command, sampled(arguments("--command", "'CMD {}'")), limit));
    if (className != null) return report(ofClass(className));
    if (file == null && rest == null) return dialogue();
    return report(ofAddresses());
  }

  private int dialogue() throws IOException {
    if (json || why)
      throw wrong("--why and --json need something to measure: addresses, --command or --class.");
    var reader = new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
    var dialogue = new Dialogue(reader, terminal);
    Conclusion end = dialogue.ask();
    if (end == null) return 0;
    dialogue.show(end);
    return 0;
  }

  private Result ofClass(String name) throws InterruptedException {
    List<String> arguments = sampled(arguments("--class", "NAME"));
    try {
      var found = NamedClass.find(classPath, name);
      if (!processes) return Result.measured(arguments, found, limit);
      try (ProcessPool pool = ProcessPool.open()) {
        var travelling = new NamedClass.Travelling(classPath, name).known(found);
        return Result.measured(arguments, travelling, limit, pool);
      }
    } catch (IllegalArgumentException e) {
      throw wrong("--class: " + e.getMessage() + ".");
    }
  }

  private Result ofAddresses() throws Exception {
    var addresses = new ArrayList<URI>();
    try {
      if (file != null) addresses.addAll(AddressLines.read("-i", file));
      if (rest != null)
        for (String text : rest) addresses.add(AddressLines.address(text, "argument"));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
    try (var fetch = new Fetch()) {
      return Result.measured(sampled(addresses), fetch, limit);
    }
  }

  private <T> List<T> sampled(List<T> all) {
    return all.size() <= sample ? all : all.subList(0, sample);
  }

  private List<String> arguments(String option, String form) {
    List<String> all = rest == null ? List.of() : rest;
    if (!all.isEmpty() && all.getFirst().equals(MARK)) all = all.subList(1, all.size());
    if (all.isEmpty())
      throw wrong(option + " needs inputs to run on: " + option + " " + form + " ::: ARG...");
    return all;
  }

  private int report(Result result) {
    if (json) terminal.out().println(result.json());
    else result.print(terminal);
    if (why && !json) result.printEvidence(terminal);
    if (why && !json && className != null && !processes && result.mayGainFromProcesses())
      terminal.out().println("\nProcesses were not tried: --processes does.");
    int shown = 0;
    for (String failure : result.failures()) {
      if (shown++ == 10) {
        terminal.err().println("... and " + (result.failures().size() - 10) + " more.");
        break;
      }
      terminal.err().println(failure);
    }
    return result.failures().isEmpty() ? 0 : 1;
  }

  private void atLeastOne(String option, int value) {
    if (value < 1) throw wrong(option + " must be at least 1, but was " + value + ".");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
