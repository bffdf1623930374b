package dev.brigade.bench.memory;

import dev.brigade.bench.Budget;
import dev.brigade.bench.ChildProcess;
import dev.brigade.bench.Contender;
import dev.brigade.bench.Metric;
import dev.brigade.bench.MissingPeer;
import dev.brigade.bench.Plan;
import dev.brigade.bench.ProcessBench;
import dev.brigade.bench.Programs;
import dev.brigade.bench.Rounds;
import java.util.ArrayList;
import java.util.List;

/** Heap for each parked task, its stack included. Every sample is a JVM of its own. */
public final class MemoryBench implements ProcessBench {
  private static final int TASKS = 100_000;

  /**
   * The serial collector compacts all of the heap, so that what it reports as used is exact.
   * Compiling in the foreground and a single carrier give the stacks the same frames, and so the
   * same size, in each run.
   */
  private static final String[] EXACT = {
    "-XX:+UseSerialGC",
    "-Xms1g",
    "-Xmx1g",
    "-XX:-BackgroundCompilation",
    "-Djdk.virtualThreadScheduler.parallelism=1",
    "-Djdk.virtualThreadScheduler.maxPoolSize=1",
    "--enable-preview"
  };

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String about() {
    return "heap bytes for each of 100 000 parked tasks, stack included";
  }

  @Override
  public int parts(Plan plan) {
    return 2;
  }

  @Override
  public List<Case> cases(Plan plan, Budget budget) {
    return List.of(
        one(Metric.lower("parked task", "bytes/task"), false, budget),
        one(Metric.lower("parked task, one ScopedValue", "bytes/task"), true, budget));
  }

  private static Case one(Metric metric, boolean scopedValue, Budget budget) {
    return new Case(
        List.of(scopedValue ? metric : metric.withGoal("raw virtual thread", 1.10)),
        List.of(
            new Contender<>(Contender.OURS, () -> sampler("Ours", scopedValue, budget)),
            new Contender<>(
                "raw virtual thread", () -> sampler("RawVirtualThread", scopedValue, budget)),
            new Contender<>(
                "StructuredTaskScope", () -> sampler("StructuredScope", scopedValue, budget)),
            new Contender<>("Jox", () -> sampler("JoxScope", scopedValue, budget))));
  }

  private static Rounds.Sampler sampler(String side, boolean scopedValue, Budget budget) {
    var command = new ArrayList<>(Programs.java(EXACT));
    command.addAll(
        List.of(
            MemoryMain.class.getName(),
            side,
            Boolean.toString(scopedValue),
            Integer.toString(TASKS)));
    return () -> {
      String[] said = ChildProcess.check(command, budget.kill()).out().getLast().split("\t", 2);
      if (!said[0].equals("bytes")) throw new MissingPeer(said[said.length - 1]);
      return new double[] {Double.parseDouble(said[1])};
    };
  }
}
