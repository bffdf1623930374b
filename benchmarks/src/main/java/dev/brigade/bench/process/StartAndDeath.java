package dev.brigade.bench.process;

import dev.brigade.bench.Budget;
import dev.brigade.bench.ChildProcess;
import dev.brigade.bench.Contender;
import dev.brigade.bench.Metric;
import dev.brigade.bench.MissingPeer;
import dev.brigade.bench.Plan;
import dev.brigade.bench.ProcessBench;
import dev.brigade.bench.Programs;
import dev.brigade.bench.Rounds;
import dev.brigade.bench.Sink;
import dev.brigade.engine.Engine;
import dev.brigade.process.ProcessOptions;
import dev.brigade.process.ProcessPool;
import dev.brigade.process.ProcessTask;
import dev.brigade.process.WorkerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What takes too long, or is too unlike an operation in a loop, for slices of many. */
final class StartAndDeath implements ProcessBench, AutoCloseable {
  private static final int COMPUTING = 256;
  private static final int COMPUTING_OF_PYTHON = 16;
  private static final double HAND_OVER_MILLIS = 5;

  private final List<Runnable> closings = new ArrayList<>();

  @Override
  public String name() {
    return PoolBench.NAME;
  }

  @Override
  public String about() {
    return "";
  }

  @Override
  public int parts(Plan plan) {
    return 4;
  }

  @Override
  public List<Case> cases(Plan plan, Budget budget) {
    return List.of(poolStart(budget), cachedStart(budget), replacement(), speedUp(plan));
  }

  private Case poolStart(Budget budget) {
    String bareJvm = "bare JVM start";
    return new Case(
        List.of(Metric.lower("pool start", "ms").withGoal(bareJvm, 1.5)),
        List.of(
            new Contender<>(
                Contender.OURS, () -> () -> startOfOurs(ProcessOptions.of(PoolBench.WORKERS))),
            new Contender<>(bareJvm, () -> () -> bareJvmStart(budget)),
            told(Peers.EXECUTOR + ", forking", () -> Peers.cpython("none", "executor-start", 0)),
            told(Peers.EXECUTOR + ", spawning", () -> Peers.cpython("none", "spawn-start", 0)),
            told(Peers.POOL, () -> Peers.cpython("none", "pool-start", 0)),
            told(Peers.PISCINA, () -> Peers.piscina("none", "start", 0))));
  }

  private Case cachedStart(Budget budget) {
    String bareJvm = "bare JVM start";
    return new Case(
        List.of(Metric.lower("pool start, cached", "ms").withGoal(bareJvm, 1.5)),
        List.of(
            new Contender<>(Contender.OURS, this::cachedStartOfOurs),
            new Contender<>(bareJvm, () -> () -> bareJvmStart(budget))));
  }

  /** The first pool makes the cache, which is not counted. */
  private Rounds.Sampler cachedStartOfOurs() throws Exception {
    Path folder = Files.createTempDirectory("brigade-bench-start-cache");
    closings.add(() -> delete(folder));
    var options =
        ProcessOptions.of(PoolBench.WORKERS).withWorker(WorkerOptions.of().withStartCache(folder));
    try (ProcessPool pool = ProcessPool.open(options)) {
      while (!state(pool).startsWith("made")) {
        if (state(pool).contains("not ") && !state(pool).equals("not made yet"))
          throw new MissingPeer(state(pool));
        Thread.sleep(10);
      }
    }
    return () -> startOfOurs(options);
  }

  private static String state(ProcessPool pool) {
    return String.valueOf(pool.reading().figures().getOrDefault("startCache", "not made yet"));
  }

  private static void delete(Path folder) {
    try (var all = Files.newDirectoryStream(folder)) {
      for (Path file : all) Files.delete(file);
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Case replacement() {
    String allowed = "the 5 ms allowed";
    return new Case(
        List.of(Metric.lower("replacement", "ms").withGoal(allowed, 1)),
        List.of(
            new Contender<>(Contender.OURS, () -> keep(new Replacement(), Replacement::close)),
            new Contender<>(allowed, () -> () -> new double[] {HAND_OVER_MILLIS}),
            told(Peers.POOL, () -> Peers.cpython("none", "pool-replacement", 0)),
            told(Peers.EXECUTOR, () -> Peers.cpython("none", "executor-replacement", 0))));
  }

  /** Two workers against a plain loop in the same language: the loop's time by the workers'. */
  private Case speedUp(Plan plan) {
    return new Case(
        List.of(Metric.higher("cpu speed-up, 2 workers", "x")),
        List.of(
            new Contender<>(
                Contender.OURS, () -> speedUp(ProcessPool.open(PoolBench.WORKERS), plan)),
            new Contender<>(
                "Engine.cores()", () -> speedUp(Engine.openCores(PoolBench.WORKERS), plan)),
            new Contender<>(
                Peers.EXECUTOR,
                () -> {
                  var program = keep(Peers.cpython("executor", "speed-up", 0), PeerProgram::close);
                  return () -> {
                    String[] times = program.ask(COMPUTING_OF_PYTHON).split(" ");
                    return new double[] {
                      Double.parseDouble(times[0]) / Double.parseDouble(times[1])
                    };
                  };
                })));
  }

  private Rounds.Sampler speedUp(Engine engine, Plan plan) throws Exception {
    var map = keep(new CpuMap(engine, COMPUTING), CpuMap::close);
    long opened = System.nanoTime();
    do {
      Sink.take(map.run(1) - map.alone());
    } while (System.nanoTime() - opened < PoolBench.warmUpNanos(plan));
    return () -> {
      long start = System.nanoTime();
      long alone = map.alone();
      long between = System.nanoTime();
      if (map.run(1) != alone) throw new IllegalStateException("a wrong answer");
      return new double[] {(double) (between - start) / (System.nanoTime() - between)};
    };
  }

  /** From opening until each of the two workers has answered a task. */
  private static double[] startOfOurs(ProcessOptions options) throws Exception {
    long start = System.nanoTime();
    try (ProcessPool pool = ProcessPool.open(options)) {
      Set<Long> seen = new HashSet<>();
      while (seen.size() < PoolBench.WORKERS) {
        var asked = new ArrayList<ProcessTask<Integer>>();
        for (int i = 0; i < PoolBench.WORKERS; i++) asked.add(pool.call(Mapped::increment, i));
        for (var task : asked) {
          Sink.take(task.get());
          seen.add(task.pid());
        }
      }
      return millisSince(start);
    }
  }

  private static double[] bareJvmStart(Budget budget) throws Exception {
    var command =
        List.of(
            Programs.java().getFirst(),
            "-cp",
            System.getProperty("java.class.path"),
            Hello.class.getName());
    return new double[] {ChildProcess.check(command, budget.kill()).wallMillis()};
  }

  /** A program that measures itself, in nanoseconds. The first time is not counted. */
  private Contender<Rounds.Sampler> told(String name, Contender.Opening<PeerProgram> opening) {
    return new Contender<>(
        name,
        () -> {
          var program = keep(opening.open(), PeerProgram::close);
          String unused = program.ask(0);
          return () -> new double[] {Double.parseDouble(program.ask(0)) / 1e6};
        });
  }

  static double[] millisSince(long startNanos) {
    return new double[] {(System.nanoTime() - startNanos) / 1e6};
  }

  private <T> T keep(T one, Consumer<T> closing) {
    closings.add(() -> closing.accept(one));
    return one;
  }

  @Override
  public void close() {
    closings.forEach(Runnable::run);
  }
}
