package dev.brigade.cli;

import dev.brigade.cli.compare.BuiltIn;
import dev.brigade.cli.compare.Commands;
import dev.brigade.cli.compare.ComparisonRun;
import dev.brigade.cli.compare.OwnWork;
import dev.brigade.cli.compare.Settings;
import dev.brigade.cli.compare.Urls;
import dev.brigade.cli.terminal.NearMatches;
import dev.brigade.cli.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the same work in a loop, on each kind of thread, in worker processes, and by auto. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "Measure what doing several things at once gains on this machine.",
    description = {
      "Runs the same work in a loop, on platform threads, on virtual threads, on the cores, and as "
          + "Tasks.auto() chooses, and shows times, speed-ups and memory. Without options: five "
          + "kinds of built-in work; what computes is run in worker processes too, whose start is "
          + "told apart.",
      ""
    },
    footer = {
      "",
      "Kinds of work:",
      "  io      requests to a local server that takes its time",
      "  cpu     computing",
      "  mixed   a request, then computing on the answer",
      "  files   writing and reading files",
      "  lock    computing under one lock",
      "",
      "Examples:",
      "  brigade compare --quick                       all kinds, in about 20 seconds",
      "  brigade compare --quick --html page.html      the same, as a page with timelines",
      "  brigade compare --only io,cpu --json          every figure, for machines",
      "  brigade compare --urls urls.txt --limit 4     fetch each address, 4 at once",
      "  brigade compare --command 'gzip -kc {}' ::: *.log",
      "",
      "Your own work runs once in each of five ways, times --rounds: take care with",
      "commands that change something.",
      "",
      "Exit code: 0 all went well, 1 some items failed, 2 wrong use, 130 interrupted."
    })
final class CompareCommand implements Callable<Integer> {
  private static final String MARK = ":::";
  private static final int OWN_LIMIT = 8;

  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Option(names = "--quick", description = "Less work and fewer rounds.")
  private boolean quick;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "KIND",
      description = "Only these kinds of work: io, cpu, mixed, files, lock.")
  private @Nullable List<String> only;

  @Option(
      names = "--urls",
      paramLabel = "FILE",
      description = "Fetch each address in FILE (one on a line; - for standard input).")
  private @Nullable String urls;

  @Option(
      names = "--command",
      paramLabel = "'CMD {}'",
      description = "Run CMD for each argument after :::, which takes the place of {}.")
  private @Nullable String command;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most N items at once. (Default: all; 8 for --urls and --command.)")
  private @Nullable Integer limit;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "Time each way N times; the median counts. (Default: as many as fit in a few seconds; 1 for "
              + "--urls and --command.)")
  private @Nullable Integer rounds;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with timelines and figures too, to open in a browser.")
  private @Nullable String html;

  @Option(names = "--json", description = "Print one JSON document with every figure.")
  private boolean json;

  @Parameters(paramLabel = "::: ARG", arity = "0..*", description = "Arguments for --command.")
  private @Nullable List<String> rest;

  CompareCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    atLeastOne("--limit", limit);
    atLeastOne("--rounds", rounds);
    List<String> arguments = arguments();
    if (urls != null && command != null)
      throw wrong("--urls and --command exclude each other: compare one thing at a time.");
    if (urls == null && command == null) return builtIn();
    if (only != null) throw wrong("--only chooses built-in work: leave it out with your own work.");
    int atOnce = limit == null ? OWN_LIMIT : limit;
    try (OwnWork work =
        urls != null
            ? new Urls(addresses(urls), atOnce)
            : new Commands(String.valueOf(command), arguments, atOnce)) {
      return own(work);
    }
  }

  private int builtIn() throws Exception {
    List<BuiltIn> kinds = kinds();
    Settings settings = rounds == null ? Settings.repeated(quick) : Settings.exactly(rounds, true);
    new ComparisonRun(terminal, settings, json, target())
        .builtIn(kinds, quick, limit == null ? 0 : limit);
    return 0;
  }

  private int own(OwnWork work) throws Exception {
    int times = rounds != null ? rounds : 1;
    Settings settings = Settings.exactly(times, false);
    int failed = new ComparisonRun(terminal, settings, json, target()).own(work);
    return failed == 0 ? 0 : 1;
  }

  /** Where the page goes; refused before any work is done for it. */
  private @Nullable Path target() {
    if (html == null) return null;
    try {
      Path file = Path.of(html);
      if (Files.isDirectory(file))
        throw wrong("--html: " + html + " is a folder: name a file in it.");
      // What is no plain file, such as /dev/stdout, is written to as it is.
      if (Files.exists(file) && !Files.isRegularFile(file)) return file;
      Path folder = (Files.exists(file) ? file.toRealPath() : file.toAbsolutePath()).getParent();
      if (folder == null || !Files.isDirectory(folder))
        throw wrong("--html: there is no folder " + folder + ": create it first.");
      Files.delete(Files.createTempFile(folder, ".brigade-", ".tmp"));
      return file;
    } catch (InvalidPathException | IOException e) {
      throw wrong("--html: cannot write " + html + ": " + reason(e));
    }
  }

  private static String reason(Exception e) {
    return e instanceof AccessDeniedException ? "access denied." : e.getMessage() + ".";
  }

  private List<BuiltIn> kinds() {
    if (only == null) return List.of(BuiltIn.values());
    var kinds = new ArrayList<BuiltIn>();
    for (String name : only) {
      String label = name.strip().toLowerCase(Locale.ROOT);
      if (!BuiltIn.labels().contains(label)) throw wrong(unknownKind(name));
      kinds.add(BuiltIn.valueOf(label.toUpperCase(Locale.ROOT)));
    }
    return kinds;
  }

  private static String unknownKind(String name) {
    List<String> near = NearMatches.of(name, BuiltIn.labels());
    return "--only: there is no kind of work '"
        + name
        + "'. "
        + (near.isEmpty() ? "" : "Did you mean " + String.join(" or ", near) + "? ")
        + "Choose among "
        + String.join(", ", BuiltIn.labels())
        + ".";
  }

  private List<String> arguments() {
    if (command == null) {
      if (rest != null) throw wrong("'" + rest.getFirst() + "' is not expected here. " + form());
      return List.of();
    }
    if (rest == null || rest.size() < 2 || !rest.getFirst().equals(MARK))
      throw wrong("--command needs arguments to run on. " + form());
    return rest.subList(1, rest.size());
  }

  private static String form() {
    return "Arguments belong to --command: --command 'CMD {}' ::: ARG...";
  }

  private List<URI> addresses(String file) throws IOException {
    try {
      return AddressLines.read("--urls", file);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private void atLeastOne(String option, @Nullable Integer value) {
    if (value != null && value < 1)
      throw wrong(option + " must be at least 1, but was " + value + ".");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
