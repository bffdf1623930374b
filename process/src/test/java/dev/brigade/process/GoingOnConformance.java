package dev.brigade.process;

import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * All clauses but those that end the pool, one after the other on one pool seen through rules:
 * whatever a clause does to it, also a killed worker, the next one must not notice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GoingOnConformance extends EngineConformance {
  private final ProcessOptions options;
  private final TaskRules rules;
  private @Nullable ProcessPool pool;

  GoingOnConformance(ProcessOptions options, TaskRules rules) {
    this.options = options;
    this.rules = rules;
  }

  @BeforeAll
  void open() {
    pool = ProcessPool.open(options);
  }

  @AfterAll
  void close() {
    if (pool != null) pool.close();
  }

  @Override
  protected EngineUnderTest engine() {
    if (pool == null) throw new IllegalStateException("not open");
    int bound = options.size().max() * options.size().concurrency();
    return EngineUnderTest.shared(options.name(), bound, pool.with(rules));
  }
}
