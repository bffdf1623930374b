package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.policy.Policy;
import dev.brigade.time.TimeSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What was chosen for a fan-out, apart from the shapes that use it.
 *
 * @param limit how many items at once, or 0 for the engine's default
 * @param withinNanos the deadline of the whole, or negative for none
 * @param abandonNanos how long cancelled tasks are waited for, or negative for ever
 * @param auto how, if the engine is to be found by measuring, otherwise null
 * @param report where the page about it goes, if one is wanted
 */
record Choices(
    Engine engine,
    int limit,
    @Nullable String name,
    @Nullable TimeSource time,
    long withinNanos,
    long abandonNanos,
    @Nullable CancelToken token,
    @Nullable Policy policy,
    @Nullable Path report,
    @Nullable Measuring auto) {
  static final Choices DEFAULT =
      new Choices(Engine.virtual(), 0, null, null, -1, -1, null, null, null, null);

  Choices withEngine(Engine e) {
    return new Choices(
        e, limit, name, time, withinNanos, abandonNanos, token, policy, report, auto);
  }

  Choices withLimit(int n) {
    return new Choices(
        engine, n, name, time, withinNanos, abandonNanos, token, policy, report, auto);
  }

  Choices withName(@Nullable String n) {
    return new Choices(
        engine, limit, n, time, withinNanos, abandonNanos, token, policy, report, auto);
  }

  Choices withTime(TimeSource t) {
    return new Choices(
        engine, limit, name, t, withinNanos, abandonNanos, token, policy, report, auto);
  }

  Choices withDeadline(long nanos) {
    return new Choices(engine, limit, name, time, nanos, abandonNanos, token, policy, report, auto);
  }

  Choices withAbandon(long nanos) {
    return new Choices(engine, limit, name, time, withinNanos, nanos, token, policy, report, auto);
  }

  /** Cancelled by this token too. */
  Choices withToken(CancelToken stop) {
    CancelToken both = token == null ? stop : CancelToken.any(token, stop);
    return new Choices(
        engine, limit, name, time, withinNanos, abandonNanos, both, policy, report, auto);
  }

  /** Under this policy too, inside of those chosen before. */
  Choices withPolicy(Policy inner) {
    Policy both = policy == null ? inner : policy.then(inner);
    return new Choices(
        engine, limit, name, time, withinNanos, abandonNanos, token, both, report, auto);
  }

  Choices withoutPolicy() {
    return new Choices(
        engine, limit, name, time, withinNanos, abandonNanos, token, null, report, auto);
  }

  Choices withReport(@Nullable Path file) {
    return new Choices(
        engine, limit, name, time, withinNanos, abandonNanos, token, policy, file, auto);
  }

  /** Measured. */
  Choices withAuto(Measuring how) {
    return new Choices(
        engine, limit, name, time, withinNanos, abandonNanos, token, policy, report, how);
  }

  boolean hasPolicy() {
    return policy != null;
  }

  int width() {
    return limit != 0 ? limit : engine.traits().defaultLimit();
  }

  /**
   * How many batches are out at once on an engine that takes several items at a time. Where nobody
   * has set a limit, one more for each of its places, so that none waits for the next to come.
   */
  int batchesOut() {
    return limit != 0 ? limit : 2 * engine.traits().defaultLimit();
  }

  /** For people. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    if (auto != null)
      text.append("where measuring says")
          .append(auto.elsewhere() == null ? "" : ", on " + auto.elsewhere() + " too")
          .append(limit == 0 ? "" : ", limit " + limit);
    else text.append("on ").append(engine).append(", limit ").append(width());
    if (name != null) text.append(", named ").append(name);
    if (policy != null) text.append(", under ").append(policy);
    if (withinNanos >= 0) text.append(", within ").append(Durations.text(withinNanos));
    if (abandonNanos >= 0) text.append(", abandoned after ").append(Durations.text(abandonNanos));
    if (token != null) text.append(", cancelled by a token");
    if (report != null) text.append(", reported to ").append(report);
    return text.toString();
  }
}
