package dev.brigade.bench.primes;

import dev.brigade.bench.Budget;
import dev.brigade.bench.ChildProcess;
import dev.brigade.bench.Contender;
import dev.brigade.bench.Metric;
import dev.brigade.bench.MissingPeer;
import dev.brigade.bench.Plan;
import dev.brigade.bench.ProcessBench;
import dev.brigade.bench.Programs;
import dev.brigade.bench.Rounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Counts the primes up to a limit on all cores, as a whole program. */
public final class PrimesBench implements ProcessBench {
  private record Limit(String text, String primes) {}

  private static final List<Limit> QUICK =
      List.of(new Limit("1e9", "50847534"), new Limit("1e10", "455052511"));
  private static final List<Limit> FULL =
      List.of(QUICK.get(0), QUICK.get(1), new Limit("1e11", "4118054813"));

  @Override
  public String name() {
    return "primes";
  }

  @Override
  public String about() {
    return "whole programs: count the primes up to 1e9 and 1e10 (and 1e11 without --quick) on all cores";
  }

  @Override
  public int parts(Plan plan) {
    return limits(plan).size();
  }

  @Override
  public List<Case> cases(Plan plan, Budget budget) {
    return limits(plan).stream()
        .map(limit ->
            new Case(
                List.of(metric(limit)),
                List.of(
                    contender(Contender.OURS, PrimesBench::ours, limit, budget),
                    contender(
                        "primesieve",
                        () -> List.of(Programs.onPath("primesieve"), "-q"),
                        limit,
                        budget))))
        .toList();
  }

  /** The goal is for a range that is worth starting a JVM for. */
  private static Metric metric(Limit limit) {
    Metric count = Metric.lower("count to " + limit.text(), "ms");
    return limit.text().equals("1e10") ? count.withGoal("primesieve", 2.2) : count;
  }

  private static List<Limit> limits(Plan plan) {
    return plan.quick() ? QUICK : FULL;
  }

  private static List<String> ours() throws MissingPeer {
    Path brigade = Programs.root().resolve("brigade");
    if (!Files.isExecutable(brigade)) throw new MissingPeer("there is no ./brigade yet");
    return List.of(brigade.toString(), "primes");
  }

  private static Contender<Rounds.Sampler> contender(
      String name, Contender.Opening<List<String>> program, Limit limit, Budget budget) {
    return new Contender<>(
        name,
        () -> {
          List<String> start = program.open();
          var command = new ArrayList<>(start);
          command.add(limit.text());
          // The first run builds what is missing, fills the page cache, and is not counted.
          check(ChildProcess.check(command, budget.kill()), limit);
          return () -> {
            var run = ChildProcess.check(command, budget.kill());
            check(run, limit);
            return new double[] {run.wallMillis()};
          };
        });
  }

  private static void check(ChildProcess run, Limit limit) throws MissingPeer {
    boolean right =
        run.out().stream()
            .anyMatch(
                line -> line.replaceAll("(?<=[0-9])[ ,._'](?=[0-9])", "").contains(limit.primes()));
    if (!right)
      throw new MissingPeer(
          "wrong count up to " + limit.text() + ": " + String.join(" ", run.out()));
  }
}
