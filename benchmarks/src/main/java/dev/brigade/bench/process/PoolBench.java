package dev.brigade.bench.process;

import dev.brigade.bench.Metric;
import dev.brigade.bench.MicroBench;
import dev.brigade.bench.MicroCase;
import dev.brigade.bench.Plan;
import dev.brigade.bench.Row;
import dev.brigade.bench.Side;
import dev.brigade.bench.Sink;
import dev.brigade.engine.Engine;
import dev.brigade.process.ProcessPool;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Pools of two workers: what tasks cost once everything is warm, and after that ({@link
 * StartAndDeath}) how pools start and workers are replaced.
 */
public final class PoolBench implements MicroBench {
  static final String NAME = "process";
  static final int WORKERS = 2;

  private static final String SHARED_MEMORY = "shared_memory of CPython";

  /** So much longer than the harness's own warm-up, of each side in turn, ours is warmed up. */
  private static final int LONGER = 3;

  private static final int TASKS = 5000;
  private static final int MAPPED = 1_000_000;
  private static final int CHUNK = 1000;
  private static final int COMPUTING = 256;

  /** Which parts of the time are for what runs warm and for what starts and dies. */
  private static final double WARM_PART = 0.6;

  private static final double SLOW_PART = 0.25;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String about() {
    return "pools of 2 worker processes: tasks, maps, arrays, start, replacement; CPython, Piscina, our cores engine";
  }

  @Override
  public void run(Plan plan, Consumer<Row> out) throws Exception {
    MicroBench.super.run(part(plan, WARM_PART), out);
    try (var slow = new StartAndDeath()) {
      slow.run(part(plan, SLOW_PART), out);
    }
  }

  private static Plan part(Plan plan, double part) {
    Duration budget = Duration.ofMillis((long) (plan.budget().toMillis() * part));
    return new Plan(plan.quick(), plan.forks(), plan.rounds(), plan.warmUp(), plan.slice(), budget);
  }

  @Override
  public List<MicroCase> cases(Plan plan) {
    return List.of(
        roundTrip("round trip", true, plan)
            .withPeer(Peers.EXECUTOR, 0.25, () -> Peers.cpython("executor", "round-trip", 0))
            .withPeer(Peers.POOL, () -> Peers.cpython("pool", "round-trip", 0))
            .withPeer(Peers.PISCINA, 1.0, () -> Peers.piscina("pool", "round-trip", 0)),
        roundTrip("round trip, virtual thread", false, plan)
            .withPeer(Peers.EXECUTOR, 0.25, () -> Peers.cpython("executor", "round-trip", 0)),
        oneByOne(plan),
        chunks(plan),
        autoChunks(plan),
        array(),
        arrayCopiedIn(),
        cpuEfficiency(plan));
  }

  /** From the main thread, as in the peers' programs, and from a virtual one. */
  private static MicroCase roundTrip(String name, boolean mainThread, Plan plan) {
    var metric = Metric.lower(name, "µs");
    return new MicroCase(metric, mainThread, 1, nanos -> nanos / 1e3, List.of())
        .withOurs(() -> warm(new OurRoundTrip(), 1000, plan));
  }

  private static MicroCase oneByOne(Plan plan) {
    return MicroCase.nanos("", "", TASKS)
        .withMetric(Metric.higher("one by one", "tasks/s"), nanos -> 1e9 / nanos)
        .withOurs(() -> warm(new OurOneByOne(TASKS), 1, plan))
        .withPeer(Peers.EXECUTOR, 8.0, () -> Peers.cpython("executor", "one-by-one", TASKS))
        .withPeer("executor.map", () -> Peers.cpython("executor", "map", TASKS))
        .withPeer(Peers.POOL, () -> Peers.cpython("pool", "one-by-one", TASKS))
        .withPeer(Peers.PISCINA, () -> Peers.piscina("pool", "one-by-one", TASKS));
  }

  private static MicroCase chunks(Plan plan) {
    return perSecond("chunks")
        .withOurs(() -> warm(new ChunksByHand(MAPPED, CHUNK), 1, plan))
        .withPeer(Peers.POOL, 5.0, () -> Peers.cpython("pool", "chunks", MAPPED))
        .withPeer(Peers.EXECUTOR, () -> Peers.cpython("executor", "chunks", MAPPED));
  }

  private static MicroCase autoChunks(Plan plan) {
    return perSecond("auto chunks")
        .withOurs(() -> warm(new OurMap(MAPPED), 1, plan))
        .withPeer("best chunks by hand", () -> ChunksByHand.best(MAPPED))
        .withPeer(Peers.POOL, () -> Peers.cpython("pool", "auto-chunks", MAPPED));
  }

  private static MicroCase perSecond(String name) {
    return MicroCase.nanos("", "", MAPPED)
        .withMetric(Metric.higher(name, "items/s"), nanos -> 1e9 / nanos);
  }

  private static MicroCase array() {
    return millis("array 64 MiB")
        .withOurs(() -> new OurSharedArray(false))
        .withPeer("serialised", 0.05, SerialisedArray::new)
        .withPeer(SHARED_MEMORY, () -> Peers.cpython("arrays", "shared", 0));
  }

  private static MicroCase arrayCopiedIn() {
    return millis("array 64 MiB, copied in")
        .withOurs(() -> new OurSharedArray(true))
        .withPeer(SHARED_MEMORY, () -> Peers.cpython("arrays", "copied-in", 0))
        .withPeer(Peers.POOL + ", serialised", () -> Peers.cpython("arrays", "serialised", 0));
  }

  private static MicroCase cpuEfficiency(Plan plan) {
    return millis("cpu efficiency")
        .withOurs(() -> warm(new CpuMap(ProcessPool.open(WORKERS), COMPUTING), 1, plan))
        .withPeer(
            "Engine.cores()",
            1 / 0.9,
            () -> warm(new CpuMap(Engine.openCores(WORKERS), COMPUTING), 1, plan));
  }

  private static MicroCase millis(String name) {
    return MicroCase.nanos("", "", 1).withMetric(Metric.lower(name, "ms"), nanos -> nanos / 1e6);
  }

  /**
   * The harness warms up in turns, of which the peers' take long and are few, while their programs
   * hardly get faster: three JVMs must be compiled first.
   */
  private static Side warm(Side side, int operations, Plan plan) throws Exception {
    long nanos = warmUpNanos(plan);
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) Sink.take(side.run(operations));
    return side;
  }

  static long warmUpNanos(Plan plan) {
    return plan.warmUp().multipliedBy(LONGER).toNanos();
  }
}
