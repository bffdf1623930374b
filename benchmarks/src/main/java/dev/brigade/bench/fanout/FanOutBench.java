package dev.brigade.bench.fanout;

import dev.brigade.bench.Budget;
import dev.brigade.bench.ChildProcess;
import dev.brigade.bench.Contender;
import dev.brigade.bench.Metric;
import dev.brigade.bench.Plan;
import dev.brigade.bench.ProcessBench;
import dev.brigade.bench.Programs;
import dev.brigade.bench.Rounds;
import java.util.ArrayList;
import java.util.List;

/**
 * Whole programs that start many tasks at once, each of which waits 10 ms: start of the runtime
 * included.
 */
public final class FanOutBench implements ProcessBench {
  private static final String WAIT_MILLIS = "10";

  @Override
  public String name() {
    return "fan-out";
  }

  @Override
  public String about() {
    return "whole programs: 10 000 and 100 000 tasks that each wait 10 ms; wall time and peak memory";
  }

  @Override
  public int parts(Plan plan) {
    return 2;
  }

  @Override
  public List<Case> cases(Plan plan, Budget budget) {
    return List.of(one("10 000 tasks", "10000", budget), one("100 000 tasks", "100000", budget));
  }

  private static Case one(String name, String tasks, Budget budget) {
    return new Case(
        List.of(
            Metric.lower(name + ", wall", "ms").withGoal("raw virtual thread", 1.3),
            Metric.lower(name + ", peak memory", "MB")),
        List.of(
            contender(Contender.OURS, () -> java(OursMain.class), tasks, budget),
            contender("raw virtual thread", () -> java(RawVirtualThreadMain.class), tasks, budget),
            contender(
                "asyncio.gather",
                () -> List.of(Programs.python(), Programs.script("gather.py")),
                tasks,
                budget),
            contender(
                "Promise.all",
                () -> List.of(Programs.onPath("node"), Programs.script("promise_all.mjs")),
                tasks,
                budget)));
  }

  private static List<String> java(Class<?> main) {
    var command = new ArrayList<>(Programs.java());
    command.add(main.getName());
    return command;
  }

  private static Contender<Rounds.Sampler> contender(
      String name, Contender.Opening<List<String>> program, String tasks, Budget budget) {
    return new Contender<>(
        name,
        () -> {
          var command = new ArrayList<>(program.open());
          command.addAll(List.of(tasks, WAIT_MILLIS));
          // The first run brings the program into the page cache and is not counted.
          ChildProcess.check(command, budget.kill());
          return () -> {
            var run = ChildProcess.check(command, budget.kill());
            return new double[] {run.wallMillis(), peakMegabytes(run.out())};
          };
        });
  }

  /** Each program ends with a line that says its peak resident memory in KiB. */
  private static double peakMegabytes(List<String> out) {
    return Double.parseDouble(out.getLast().strip()) * 1024 / 1e6;
  }
}
