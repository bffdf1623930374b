package dev.brigade.cli;

import dev.brigade.cli.terminal.Json;
import dev.brigade.cli.terminal.Lines;
import dev.brigade.cli.terminal.NearMatches;
import dev.brigade.cli.terminal.Terminal;
import dev.brigade.examples.Example;
import dev.brigade.examples.Examples;
import dev.brigade.examples.Theme;
import dev.brigade.examples.Verdict;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the examples, or runs some. */
@Command(
    name = "example",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "List or run small programs, each with its claim checked here.",
    description = {
      "Each shows one construct: what a guide claims of it, and what was measured here. Without a "
          + "name: lists them. Claims come from five guides to concurrency in Python and JavaScript "
          + "as they are commonly taught: 000 overview, 001 course, 002 concepts, 003 asynchronous "
          + "programming, 004 Python.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  brigade example                list them, by theme",
      "  brigade example gather         run one",
      "  brigade example --all --json   run all, for machines",
      "",
      "Exit code: 0 all claims hold, 1 one does not, 2 wrong use, 130 interrupted."
    })
final class ExampleCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME", arity = "0..*", description = "Which to run.")
  private @Nullable List<String> names;

  @Option(names = "--all", description = "Run all of them.")
  private boolean all;

  @Option(names = "--json", description = "Print one JSON document, for machines.")
  private boolean json;

  ExampleCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (all && names != null)
      throw wrong("--all runs every example: leave out '" + names.getFirst() + "', or --all.");
    if (all) return run(Examples.all());
    if (names != null) return run(names.stream().map(this::find).toList());
    if (json) listAsJson();
    else list();
    return 0;
  }

  private Example find(String name) {
    return Examples.find(name).orElseThrow(() -> wrong(unknown(name)));
  }

  private static String unknown(String name) {
    List<String> names = Examples.all().stream().map(Example::name).toList();
    List<String> near = NearMatches.of(name, names);
    String rest =
        near.isEmpty()
            ? "'brigade example' lists them."
            : "Did you mean " + String.join(" or ", near) + "?";
    return "there is no example '" + name + "'. " + rest;
  }

  private int run(List<Example> examples) throws Exception {
    boolean hold = true;
    var documents = new ArrayList<Map<String, @Nullable Object>>();
    for (Example example : examples) {
      Verdict verdict = example.run(json ? nowhere() : terminal.out());
      hold &= verdict.holds();
      documents.add(document(example, verdict));
      if (!json && examples.size() > 1) terminal.out().println();
      terminal.flush();
    }
    if (json) terminal.out().println(Json.write(Json.object("examples", documents)));
    return hold ? 0 : 1;
  }

  private static Map<String, @Nullable Object> document(Example example, Verdict verdict) {
    var document = document(example);
    document.put("holds", verdict.holds());
    document.put(
        "measurements",
        verdict.rows().stream()
            .map(row ->
                Json.object(
                    "what", row.what(),
                    "claimed", row.claimed(),
                    "measured", row.measured(),
                    "holds", row.holds()))
            .toList());
    return document;
  }

  private static Map<String, @Nullable Object> document(Example example) {
    return Json.object(
        "name", example.name(),
        "theme", example.theme().title(),
        "guides", List.of(example.guide().split(", ")),
        "claim", example.claim());
  }

  private void listAsJson() {
    List<?> documents = Examples.all().stream().map(ExampleCommand::document).toList();
    terminal.out().println(Json.write(Json.object("examples", documents)));
  }

  private void list() {
    int width = Examples.all().stream().mapToInt(e -> e.name().length()).max().orElse(0) + 4;
    for (Theme theme : Theme.values()) {
      List<Example> examples = Examples.all().stream().filter(e -> e.theme() == theme).toList();
      if (examples.isEmpty()) continue;
      terminal.out().println(terminal.bold(theme.title()));
      for (Example example : examples) {
        String name = "  " + example.name() + " ".repeat(width - 2 - example.name().length());
        List<String> claim = Lines.wrapped(example.claim(), Lines.COLUMNS - width);
        terminal.out().println(terminal.cyan(name) + claim.getFirst());
        for (String line : claim.subList(1, claim.size()))
          terminal.out().println(" ".repeat(width) + line);
      }
      terminal.out().println();
    }
    terminal.out().println("Run one: brigade example " + Examples.all().getFirst().name());
  }

  private static PrintStream nowhere() {
    return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
