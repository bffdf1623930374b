package dev.brigade.process;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Clause;
import dev.brigade.testing.conformance.EngineConformance;
import dev.brigade.testing.conformance.EngineUnderTest;
import dev.brigade.testing.conformance.Need;

/** The clauses that end the pool, each on a pool of its own. */
@LeakChecked
abstract class EndingConformance extends EngineConformance {
  private final ProcessOptions options;

  EndingConformance(ProcessOptions options) {
    this.options = options;
  }

  @Override
  protected EngineUnderTest engine() {
    int bound = options.size().max() * options.size().concurrency();
    return EngineUnderTest.owned(options.name(), bound, () -> ProcessPool.open(options));
  }

  @Override
  protected boolean includes(Clause clause) {
    return clause.needs().contains(Need.OWNED);
  }
}
