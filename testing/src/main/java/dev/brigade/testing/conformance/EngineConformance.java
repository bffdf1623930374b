package dev.brigade.testing.conformance;

import dev.brigade.engine.Traits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Holds an engine to the contract: that of {@link java.util.concurrent.ExecutorService} and {@link
 * java.util.concurrent.Future}, those of {@link dev.brigade.engine.Job} and {@link
 * dev.brigade.engine.Batch}, and what scopes and shapes promise on every engine. One test for each
 * clause that applies to the engine.
 *
 * {@snippet :
 * class MyEngineConformanceTest extends EngineConformance {
 *   protected EngineUnderTest engine() {
 *     return EngineUnderTest.owned("mine", 4, () -> MyEngine.open(4));
 *   }
 * }
 * }
 *
 * <p>Tasks of the suite are observed through files, so that an engine may run them in another
 * process on the same machine. They can be serialised; such a process needs the classes of this
 * package.
 */
public abstract class EngineConformance {
  /** For subclasses. */
  protected EngineConformance() {}

  /** The engine to hold to the contract. */
  protected abstract EngineUnderTest engine();

  /**
   * Whether a clause is checked here; all that apply are, unless a subclass says otherwise. For
   * engines that are dear to open: one class for the clauses that need one of their own, by {@link
   * Need#OWNED}, and another for the rest, on one engine that is opened once and given as a shared
   * one.
   */
  protected boolean includes(Clause clause) {
    return true;
  }

  /** Every clause, in the order of reading. */
  public static List<Clause> clauses() {
    List<Clause> all = new ArrayList<>();
    all.addAll(SubmissionClauses.clauses());
    all.addAll(FutureClauses.clauses());
    all.addAll(BulkClauses.clauses());
    all.addAll(EndingClauses.clauses());
    all.addAll(TraitsClauses.clauses());
    all.addAll(JobClauses.clauses());
    all.addAll(BatchClauses.clauses());
    all.addAll(ScopeClauses.clauses());
    all.addAll(ShapeClauses.clauses());
    all.addAll(TravelClauses.clauses());
    return all;
  }

  /** One test for each clause that applies. */
  @TestFactory
  final Stream<DynamicNode> contract() {
    EngineUnderTest subject = engine();
    Map<String, List<DynamicNode>> concerns = new LinkedHashMap<>();
    Traits traits = Clause.traits(subject);
    for (Clause c : clauses())
      if (includes(c) && c.appliesTo(subject, traits))
        concerns
            .computeIfAbsent(c.concern(), n -> new ArrayList<>())
            .add(DynamicTest.dynamicTest(c.name(), () -> c.hold(subject)));
    return concerns.entrySet().stream()
        .map(e ->
            DynamicContainer.dynamicContainer(subject.name() + ", " + e.getKey(), e.getValue()));
  }
}
