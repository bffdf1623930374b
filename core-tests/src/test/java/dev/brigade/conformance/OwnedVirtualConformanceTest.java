package dev.brigade.conformance;

import dev.brigade.engine.Engine;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;

@LeakChecked
class OwnedVirtualConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.owned("virtual, owned", 0, Engine::openVirtual);
  }
}
