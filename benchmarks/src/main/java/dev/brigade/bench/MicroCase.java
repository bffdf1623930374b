package dev.brigade.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * A case that runs inside a JVM of its own, all sides together.
 *
 * @param mainThread whether the operations are called from the main thread; otherwise from a
 *     virtual one
 * @param itemsPerOperation by how many items an operation's time is divided
 * @param value turns nanoseconds per item into the metric's value
 * @param contenders our own first
 */
public record MicroCase(
    Metric metric,
    boolean mainThread,
    int itemsPerOperation,
    DoubleUnaryOperator value,
    List<Contender<Side>> contenders) {

  /** A case measured in nanoseconds per item, called from a virtual thread. */
  public static MicroCase nanos(String caseName, String unit, int itemsPerOperation) {
    return new MicroCase(
        Metric.lower(caseName, unit), false, itemsPerOperation, nanos -> nanos, List.of());
  }

  public MicroCase withMetric(Metric other, DoubleUnaryOperator fromNanos) {
    return new MicroCase(other, mainThread, itemsPerOperation, fromNanos, contenders);
  }

  /** The same case, called from the main thread. */
  public MicroCase onMainThread() {
    Metric named = metric.withCaseName(metric.caseName() + ", main thread");
    return new MicroCase(named, true, itemsPerOperation, value, contenders);
  }

  public MicroCase withOurs(Contender.Opening<? extends Side> opening) {
    return with(metric, Contender.OURS, opening);
  }

  public MicroCase withPeer(String name, Contender.Opening<? extends Side> opening) {
    return with(metric, name, opening);
  }

  /** A peer with a goal: the ratio ours / peer at worst. */
  public MicroCase withPeer(String name, double goal, Contender.Opening<? extends Side> opening) {
    return with(metric.withGoal(name, goal), name, opening);
  }

  private MicroCase with(Metric newMetric, String name, Contender.Opening<? extends Side> opening) {
    var all = new ArrayList<>(contenders);
    all.add(new Contender<>(name, opening));
    return new MicroCase(newMetric, mainThread, itemsPerOperation, value, List.copyOf(all));
  }
}
