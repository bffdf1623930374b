package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;

@LeakChecked
class Threads1ConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.owned("threads 1", 1, () -> Engine.openThreads(1));
  }
}
