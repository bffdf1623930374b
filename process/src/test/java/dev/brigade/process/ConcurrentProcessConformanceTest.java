package dev.brigade.process;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;

/** Two tasks at once in the one worker. */
@LeakChecked
class ConcurrentProcessConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.owned(
        "one process, two at once",
        2,
        () -> ProcessPool.open(SmallPools.of(1).withConcurrency(2)));
  }
}
