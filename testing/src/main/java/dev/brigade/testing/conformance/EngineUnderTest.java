package dev.brigade.testing.conformance;

import dev.brigade.engine.Engine;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * How the conformance suite gets the engine that it tests, and what the suite can't ask the engine.
 *
 * @param name for people
 * @param opener gives an engine: a new one for each clause if owned, else the shared one
 * @param owned whether it is shut down by its owner; a shared engine's shutdown does nothing
 * @param bound how many tasks run at once at most, 0 if there is no bound
 * @param patience how long one clause may take before it counts as hung; real time
 */
public record EngineUnderTest(
    String name, Supplier<Engine> opener, boolean owned, int bound, Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Checks the values. */
  public EngineUnderTest {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(opener, "opener");
    if (bound < 0)
      throw new IllegalArgumentException("bound must not be negative, but was " + bound);
    if (patience.isZero() || patience.isNegative())
      throw new IllegalArgumentException("patience must be more than zero, but was " + patience);
  }

  /** An engine that the suite opens and closes. */
  public static EngineUnderTest owned(String name, int bound, Supplier<Engine> opener) {
    return new EngineUnderTest(name, opener, true, bound, PATIENCE);
  }

  /** An engine of everybody's, which can't be shut down. */
  public static EngineUnderTest shared(String name, int bound, Engine engine) {
    return new EngineUnderTest(name, () -> engine, false, bound, PATIENCE);
  }

  /** The same with another patience. */
  public EngineUnderTest withPatience(Duration other) {
    return new EngineUnderTest(name, opener, owned, bound, other);
  }

  /** Whether this many tasks run at once, if others leave it room. */
  boolean runsAtOnce(int tasks) {
    return bound == 0 || bound >= tasks;
  }
}
