package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;

@LeakChecked
class Cores2ConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.owned("cores 2", 2, () -> Engine.openCores(2));
  }
}
