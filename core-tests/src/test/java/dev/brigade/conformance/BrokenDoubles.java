package dev.brigade.conformance;

import dev.brigade.testing.conformance.Clause;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every clause against its broken double. All must fail: {@link BrokenDoublesTest} runs it. */
class BrokenDoubles {
  @TestFactory
  Stream<DynamicTest> clausesMeetTheirDoubles() {
    Map<String, EngineUnderTest> defects = Defects.all();
    return EngineConformance.clauses().stream()
        .filter(c -> defects.containsKey(c.name()))
        .map(c -> DynamicTest.dynamicTest(c.name(), () -> hold(c, defects)));
  }

  private static void hold(Clause clause, Map<String, EngineUnderTest> defects) throws Exception {
    clause.hold(defects.get(clause.name()));
  }
}
