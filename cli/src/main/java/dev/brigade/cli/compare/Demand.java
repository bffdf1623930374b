package dev.brigade.cli.compare;

import dev.brigade.cli.terminal.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one item needs on average, in any unit of time.
 *
 * @param waiting for something else than a core
 * @param computing on a core
 * @param locked the part of {@code computing} during which no other item may compute
 */
public record Demand(double waiting, double computing, double locked) {
  static final Demand WAITING = new Demand(1, 0, 0);
  static final Demand COMPUTING = new Demand(0, 1, 0);
  static final Demand LOCKED = new Demand(0, 1, 1);

  /** What keeps the work from being done even faster. */
  enum Bound {
    /** How many may be in progress at once; with no limit, how long a single item takes. */
    AT_ONCE,
    /** The cores, which have to do the computing. */
    CORES,
    /** The lock, which lets one in at a time. */
    LOCK
  }

  /** Which bound is met first when all waits overlap and all cores compute. */
  Bound bound(int items, int limit, int cores) {
    double onCores = onCores(items, limit, cores);
    if (items * locked >= Math.max(onCores, atOnce(items, limit))) return Bound.LOCK;
    return onCores >= atOnce(items, limit) ? Bound.CORES : Bound.AT_ONCE;
  }

  /**
   * The highest speed-up that any way of running could reach: all waits overlap up to the limit,
   * cores share the computing, and what is locked goes one at a time.
   */
  double idealSpeedUp(int items, int limit, int cores) {
    double shortest =
        Math.max(items * locked, Math.max(onCores(items, limit, cores), atOnce(items, limit)));
    return items * each() / shortest;
  }

  private double onCores(int items, int limit, int cores) {
    return items * computing / Math.min(cores, limit);
  }

  private double atOnce(int items, int limit) {
    return Math.ceilDiv(items, limit) * each();
  }

  private double each() {
    return waiting + computing;
  }

  /** The share of waiting. */
  double waitingShare() {
    return waiting / each();
  }

  Map<String, @Nullable Object> toJson() {
    return Json.object("waitingShare", waitingShare(), "lockedShare", locked / each());
  }
}
