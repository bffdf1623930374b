package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;

@LeakChecked
class Threads4ConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.owned("threads 4", 4, () -> Engine.openThreads(4));
  }
}
