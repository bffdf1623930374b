package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;

@LeakChecked
class SharedVirtualConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.shared("virtual, shared", 0, Engine.virtual());
  }
}
