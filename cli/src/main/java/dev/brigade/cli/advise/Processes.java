package dev.brigade.cli.advise;

import dev.brigade.auto.Advice;
import dev.brigade.auto.Advice.Work;
import dev.brigade.cli.compare.Commands;
import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/*
 * A command computes in a process of its own, while the thread that waits for it does nothing, so
 * auto() would always find that it waits. The system keeps how long the processes that have ended were
 * on a core; how long they were queued for one it does not tell, so at most as many run at once as there
 * are cores.
 */
/** Measures commands by what their processes computed. */
public final class Processes {
  private static final double COMPUTES = 0.8;
  private static final double WAITS = 0.2;

  private Processes() {}

  /** Runs the command once for each argument. */
  public static Result advise(String command, List<String> arguments, int limit)
      throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    int atOnce = Math.min(cores, limit);
    var wall = new LongAdder();
    long begun = System.nanoTime();
    try (var commands = new Commands(command, arguments, atOnce)) {
      double before = commands.computedSeconds();
      List<Integer> indices = IntStream.range(0, arguments.size()).boxed().toList();
      List<Outcome<Boolean>> ran =
          Tasks.limit(atOnce)
              .settle(
                  indices,
                  i -> {
                    long start = System.nanoTime();
                    commands.run(i);
                    wall.add(System.nanoTime() - start);
                    return true;
                  });
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      var cpu = Duration.ofNanos((long) ((commands.computedSeconds() - before) * 1e9));
      var failures = new ArrayList<>(commands.failures());
      failures.addAll(Result.failures(arguments, ran));
      return new Result(
          advice(Duration.ofNanos(wall.sum()), cpu, took, arguments.size(), atOnce, cores, limit),
          failures);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static Advice advice(
      Duration wall, Duration cpu, Duration took, int items, int atOnce, int cores, int limit) {
    double busy = Math.min(1, cpu.toNanos() / (double) Math.max(1, wall.toNanos()));
    Work work = busy >= COMPUTES ? Work.COMPUTES : busy <= WAITS ? Work.WAITS : Work.MIXED;
    int best =
        switch (work) {
          case COMPUTES -> cores;
          case WAITS -> limit;
          default -> (int) Math.ceil(cores / busy);
        };
    best = Math.max(1, Math.min(best, limit));
    var estimates =
        List.of(
            estimate("sequential", 1, wall, false),
            estimate("virtual", best, wall.dividedBy(Math.min(best, items)), true));
    var evidence =
        new Advice.Evidence(
            items,
            items,
            atOnce,
            cores,
            wall,
            cpu,
            Duration.ZERO,
            busy,
            0,
            "",
            "the time that processes queue for a core can't be told from waiting: measure on an"
                + " idle machine");
    return new Advice(
        work,
        evidence,
        new Advice.Choice(atOnce == 1 ? "sequential" : "virtual", atOnce, false),
        took,
        estimates,
        List.of(),
        why(work, busy, cores),
        "Tasks.limit(" + best + ").forEach(inputs, this::run), each in a process");
  }

  private static Advice.Estimate estimate(String way, int limit, Duration time, boolean chosen) {
    return new Advice.Estimate(way, limit, time, chosen);
  }

  private static String why(Work work, double busy, int cores) {
    String share =
        "its processes were on a core for " + Math.round(busy * 100) + " % of their time";
    return switch (work) {
      case COMPUTES ->
          "This command computes: "
              + share
              + ". More at once than the "
              + cores
              + " cores gain nothing.";
      case WAITS ->
          "This command waits: " + share + ". Run as many at once as the other side bears.";
      default -> "This command computes and waits: " + share + ".";
    };
  }
}
