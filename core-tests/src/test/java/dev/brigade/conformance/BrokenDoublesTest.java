package dev.brigade.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.brigade.engine.Engine;
import dev.brigade.testing.SerialisingEngine;
import dev.brigade.testing.conformance.Clause;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The conformance suite can fail, each clause of it, and fails only what is broken. */
class BrokenDoublesTest {

  @Test
  void eachClauseHasItsDouble() {
    assertEquals(names(EngineConformance.clauses()), new TreeSet<>(Defects.all().keySet()));
    assertEquals(
        EngineConformance.clauses().size(),
        names(EngineConformance.clauses()).size(),
        "two clauses have the same name");
  }

  private static Set<String> names(List<Clause> clauses) {
    return clauses.stream().map(Clause::name).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void eachDoubleFailsItsClause() {
    Map<String, TestExecutionResult> results = new ConcurrentHashMap<>();
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectClass(BrokenDoubles.class))
            .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
            .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
            .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
            .configurationParameter(
                "junit.jupiter.execution.parallel.config.fixed.parallelism", "16")
            .build();
    LauncherFactory.create()
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) results.put(test.getDisplayName(), result);
              }
            });
    assertEquals(names(EngineConformance.clauses()), new TreeSet<>(results.keySet()));
    List<String> passed =
        results.entrySet().stream()
            .filter(e -> e.getValue().getStatus() != TestExecutionResult.Status.FAILED)
            .map(Map.Entry::getKey)
            .toList();
    assertEquals(List.of(), passed, "these clauses did not find their broken double out");
    if (Boolean.getBoolean("brigade.doubles.show"))
      results.forEach(
          (name, r) -> System.out.println(name + " -> " + r.getThrowable().orElse(null)));
  }

  /** What makes a double fail is its defect, not that it is a double. */
  @TestFactory
  Stream<DynamicTest> aDoubleWithoutADefectPasses() {
    var virtual =
        EngineUnderTest.owned("a double", 0, () -> new ForwardingEngine(Engine.openVirtual()));
    var elsewhere =
        EngineUnderTest.owned("a double", 0, () -> new ForwardingEngine(SerialisingEngine.open()));
    var batches =
        EngineUnderTest.owned(
            "a double", 0, () -> new ForwardingEngine(SerialisingEngine.openChunked()));
    return Stream.of(virtual, elsewhere, batches)
        .flatMap(subject ->
            EngineConformance.clauses().stream()
                .filter(c -> c.appliesTo(subject))
                .map(c -> DynamicTest.dynamicTest(c.name(), () -> c.hold(subject))));
  }
}
