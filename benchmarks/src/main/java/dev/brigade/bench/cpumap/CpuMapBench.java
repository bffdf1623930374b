package dev.brigade.bench.cpumap;

import dev.brigade.bench.Metric;
import dev.brigade.bench.MicroBench;
import dev.brigade.bench.MicroCase;
import dev.brigade.bench.Plan;
import java.util.List;

/** A map of computing items over all cores, for equal and for very unequal items. */
public final class CpuMapBench implements MicroBench {
  /**
   * Ours may take this much more than the best chunk size found by trying them all: 95 % of its
   * speed.
   */
  private static final double OF_BEST_CHUNK = 1 / 0.95;

  private static final double OF_PLAIN_LOOP = 1.03;

  @Override
  public String name() {
    return "cpu-map";
  }

  @Override
  public String about() {
    return "a map of computing items over all cores, against the best fixed chunk size and parallel streams";
  }

  @Override
  public List<String> jvmFlags() {
    return List.of(
        "-XX:CompileCommand=quiet",
        "-XX:CompileCommand=dontinline," + Burn.class.getName() + "::spin");
  }

  @Override
  public List<MicroCase> cases(Plan plan) {
    return List.of(
        parallel(Items.UNIFORM_1_US),
        parallel(Items.UNIFORM_100_US),
        parallel(Items.UNIFORM_10_MS),
        parallel(Items.MIXED),
        parallel(Items.MIXED_HEAVY_LAST),
        measured(Items.UNIFORM_1_US),
        oneCore());
  }

  /** By auto, which has to find out first that it computes. */
  private static MicroCase measured(Items items) {
    return millis(items.caseName() + ", auto")
        .withOurs(() -> new Measured(items.make()))
        .withPeer("Brigade's cores", OF_PLAIN_LOOP, () -> new Ours(items.make(), Burn.CORES));
  }

  private static MicroCase parallel(Items items) {
    return millis(items.caseName())
        .withOurs(() -> new Ours(items.make(), Burn.CORES))
        .withPeer("best fixed chunk", OF_BEST_CHUNK, () -> FixedChunk.best(items.make()))
        .withPeer("parallel stream", () -> new ParallelStream(items.make()));
  }

  private static MicroCase oneCore() {
    return millis(Items.UNIFORM_1_US.caseName() + ", on one core")
        .withOurs(() -> new Ours(Items.UNIFORM_1_US.make(), 1))
        .withPeer("plain loop", OF_PLAIN_LOOP, () -> new PlainLoop(Items.UNIFORM_1_US.make()));
  }

  private static MicroCase millis(String caseName) {
    return MicroCase.nanos("", "", 1)
        .withMetric(Metric.lower(caseName, "ms/map"), nanos -> nanos / 1e6);
  }
}
