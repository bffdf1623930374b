package dev.brigade.process;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;

@LeakChecked
class Processes2ConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.owned(
        "processes 2", 2, () -> ProcessPool.open(SmallPools.of(2)));
  }
}
