package dev.brigade.process;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;

@LeakChecked
class Processes1ConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.owned("processes 1", 1, () -> ProcessPool.open(SmallPools.of(1)));
  }
}
