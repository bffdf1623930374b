package dev.brigade.cli;

import dev.brigade.cli.primes.PrimeListing;
import dev.brigade.cli.primes.PrimeSieve;
import dev.brigade.cli.terminal.Figures;
import dev.brigade.cli.terminal.Json;
import dev.brigade.cli.terminal.Progress;
import dev.brigade.cli.terminal.Terminal;
import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Counts or lists primes on all cores. */
@Command(
    name = "primes",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "Count or list primes, on all cores and in little memory.",
    footer = {
      "",
      "Examples:",
      "  brigade primes 1e9                     how many there are up to 1,000,000,000",
      "  brigade primes 1e12..1000000001000     from one to another, both included",
      "  brigade primes 100..200 --list         the primes themselves, ascending",
      "",
      "Numbers: 1000000, 1_000_000, 1e6, 10^6; up to 10^13."
    })
final class PrimesCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "N|FROM..TO", description = "Up to N, or from FROM to TO.")
  private String numbers;

  @Option(names = "--list", description = "Print each prime on a line, instead of the count.")
  private boolean list;

  @Option(names = "--json", description = "Print JSON, for machines.")
  private boolean json;

  PrimesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    NumberRange range;
    try {
      range = NumberRange.parse(numbers, PrimeSieve.MAX);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    if (list) list(range);
    else count(range);
    return 0;
  }

  private void count(NumberRange range) throws InterruptedException {
    long start = System.nanoTime();
    PrimeSieve sieve = PrimeSieve.of(range.from(), range.to());
    List<Integer> chunks = IntStream.range(0, sieve.chunkCount()).boxed().toList();
    long count;
    try (var progress = new Progress(terminal, "primes", chunks.size())) {
      count =
          Tasks.on(Engine.cores())
              .mapReduce(
                  chunks,
                  chunk -> {
                    long found = sieve.count(chunk);
                    progress.advance(1);
                    return found;
                  },
                  0L,
                  Long::sum);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    int cores = Engine.cores().traits().defaultLimit();
    if (json)
      terminal
          .out()
          .println(
              Json.write(
                  Json.object(
                      "from", range.from(),
                      "to", range.to(),
                      "count", count,
                      "seconds", seconds,
                      "cores", cores)));
    else if (terminal.outShown())
      terminal
          .out()
          .println(
              terminal.bold(Figures.whole(count))
                  + " primes from "
                  + Figures.whole(range.from())
                  + " to "
                  + Figures.whole(range.to())
                  + terminal.dim("  (" + Figures.seconds(seconds) + ", " + cores + " cores)"));
    else terminal.out().println(count);
  }

  private void list(NumberRange range) throws InterruptedException {
    // A listing on the terminal is progress enough.
    Terminal shown = terminal.outShown() ? terminal.withoutStatus() : terminal;
    var progress = new Progress(shown, "primes", PrimeListing.windows(range.from(), range.to()));
    try (progress) {
      PrimeListing.write(range.from(), range.to(), json, terminal.out(), progress::advance);
    } catch (InterruptedException e) {
      if (!json) sayHowToGoOn(range, progress.done());
      throw e;
    }
  }

  private void sayHowToGoOn(NumberRange range, long windows) {
    long next = range.from() + windows * PrimeListing.WINDOW;
    String rest = next + ".." + range.to();
    terminal.err().println("All primes below " + next + " are listed. To go on:");
    terminal.err().println("  brigade primes " + rest + " --list");
  }
}
