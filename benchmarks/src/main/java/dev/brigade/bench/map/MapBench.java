package dev.brigade.bench.map;

import dev.brigade.bench.Metric;
import dev.brigade.bench.MicroBench;
import dev.brigade.bench.MicroCase;
import dev.brigade.bench.MissingPeer;
import dev.brigade.bench.Plan;
import dev.brigade.bench.Side;
import java.util.List;

/**
 * A bounded map: what an item costs, and how much of the allowed width is really used while items
 * wait.
 */
public final class MapBench implements MicroBench {
  static final int WIDTH = 64;
  private static final int AT_ONCE = 100_000;
  private static final int NO_OPS = 10_000;
  private static final int WAITS = WIDTH * 50;
  private static final int WAIT_MILLIS = 1;

  @Override
  public String name() {
    return "map";
  }

  @Override
  public String about() {
    return "a map over 10 000 items at width 64: cost of an item, and share of the ideal speed when items wait 1 ms";
  }

  @Override
  public List<MicroCase> cases(Plan plan) {
    double idealNanos = 1e6 * WAIT_MILLIS / WIDTH;
    MicroCase noOp = MicroCase.nanos("no-op at width 64", "ns/item", NO_OPS);
    MicroCase waiting =
        MicroCase.nanos("", "", WAITS)
            .withMetric(
                Metric.higher("wait 1 ms at width 64", "share of ideal speed"),
                nanos -> idealNanos / nanos);
    return List.of(
        sides(noOp, NO_OPS, 0, true),
        sides(noOp, NO_OPS, 0, true).onMainThread(),
        sides(waiting, WAITS, WAIT_MILLIS, false)
            .withPeer("bare threads", 0.95, () -> new BareThreads(WAITS, WAIT_MILLIS, WIDTH)),
        atOnce());
  }

  /** All at once: the cost of a worker for each item, warm. */
  private static MicroCase atOnce() {
    return MicroCase.nanos("100 000 waits of 10 ms at once", "ns/item", AT_ONCE)
        .withOurs(() -> new Ours(AT_ONCE, 10, AT_ONCE))
        .withPeer("raw virtual thread", 1.3, () -> new BareThreads(AT_ONCE, 10, AT_ONCE));
  }

  private static MicroCase sides(MicroCase one, int items, int millis, boolean goal) {
    MicroCase ours = one.withOurs(() -> new Ours(items, millis, WIDTH));
    MicroCase first =
        goal
            ? ours.withPeer("mapConcurrent", 0.5, () -> new MapConcurrent(items, millis))
            : ours.withPeer("mapConcurrent", () -> new MapConcurrent(items, millis));
    return first
        .withPeer(
            "Jox parLimit",
            () -> MissingPeer.load(Side.class, MapBench.class, "JoxParLimit", items, millis))
        .withPeer(
            "virtual-thread executor + Semaphore", () -> new ExecutorWithSemaphore(items, millis));
  }
}
