package dev.brigade.conformance;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.SerialisingEngine;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;

@LeakChecked
class SerialisingConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.owned("serialising", 0, SerialisingEngine::open);
  }
}
