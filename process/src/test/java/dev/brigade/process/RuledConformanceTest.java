package dev.brigade.process;

import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.jspecify.annotations.Nullable;

/** A pool seen through rules is an engine as well, one whose end is not its own business. */
class RuledConformanceTest extends EngineConformance {
  private static @Nullable ProcessPool pool;

  @BeforeAll
  static void open() {
    pool = ProcessPool.open(SmallPools.of(2));
  }

  @AfterAll
  static void close() {
    if (pool != null) pool.close();
  }

  @Override
  protected EngineUnderTest engine() {
    if (pool == null) throw new IllegalStateException();
    TaskRules rules =
        TaskRules.plain()
            .withPriority(3)
            .withTimeout(Duration.ofMinutes(10))
            .withCrashRetries(1)
            .withProgress(p -> {});
    return EngineUnderTest.shared("processes 2 with rules", 2, pool.with(rules));
  }
}
