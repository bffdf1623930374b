package dev.brigade.conformance;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.SerialisingEngine;
import dev.brigade.testing.conformance.Clause;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

@LeakChecked
class SerialisingBatchesConformanceTest extends EngineConformance {
  @Override
  protected EngineUnderTest engine() {
    return EngineUnderTest.owned("serialising in batches", 0, SerialisingEngine::openChunked);
  }

  /** An engine that takes batches for single tasks keeps what it can of their contract. */
  @TestFactory
  Stream<DynamicTest> batchesAreKeptByAnEngineThatDoesNotKnowThem() {
    var subject =
        EngineUnderTest.owned(
            "not knowing batches",
            0,
            () -> BatchDefects.knowingNoBatches(SerialisingEngine.openChunked()));
    return EngineConformance.clauses().stream()
        .filter(c -> c.appliesTo(subject) && !c.name().equals("the items of a batch share nothing"))
        .map(c -> DynamicTest.dynamicTest(c.toString(), () -> holdTo(c, subject)));
  }

  private static void holdTo(Clause clause, EngineUnderTest subject) throws Exception {
    clause.hold(subject);
  }
}
