package dev.brigade.policy;

import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real budget, on a clock that stands still, against a sequential twin. */
@Tag("interleavings")
class RetryBudgetModelTest {
  /** Calls that bring half a retry each, and two retries from the floor. */
  public static class Operations {
    private final RetryBudget budget =
        RetryBudget.ofShare(0.5).withFloor(2).withTime(new ModelTime());

    /** A call. */
    @Operation
    public void called() {
      budget.called();
    }

    /** A retry. */
    @Operation
    public boolean tryRetry() {
      return budget.tryRetry();
    }
  }

  /** The same in plain arithmetic, one after another. */
  public static class Sequential {
    private int halves;
    private int floor = 2;

    /** See the operations. */
    public void called() {
      halves++;
    }

    /** See the operations. */
    public boolean tryRetry() {
      if (floor > 0) {
        floor--;
        return true;
      }
      if (halves < 2) return false;
      halves -= 2;
      return true;
    }
  }

  @Test
  void callsAndRetriesAreLinearizable() {
    new ModelCheckingOptions()
        .iterations(iterations())
        .invocationsPerIteration(Models.interleavings())
        .threads(2)
        .actorsPerThread(4)
        .sequentialSpecification(Sequential.class)
        .check(Operations.class);
  }

  @Test
  void callsAndRetriesAreLinearizableUnderStress() {
    new StressOptions()
        .iterations(iterations())
        .invocationsPerIteration(Models.interleavings())
        .threads(3)
        .actorsPerThread(4)
        .sequentialSpecification(Sequential.class)
        .check(Operations.class);
  }

  /** Scenarios; each is tried in many interleavings. */
  private static int iterations() {
    return Models.interleavings() < 1_000 ? 5 : 50;
  }
}
