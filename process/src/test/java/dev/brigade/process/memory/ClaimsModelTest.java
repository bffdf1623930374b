package dev.brigade.process.memory;

import java.nio.ByteBuffer;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What parent and worker do to a claim word, against plain arithmetic. Under stress only: the model
 * checker does not follow views of buffers.
 */
@Tag("interleavings")
class ClaimsModelTest {
  /** As many as most builds try; many more by a property. */
  private static final int INTERLEAVINGS = Integer.getInteger("brigade.interleavings", 60);

  /** One page for one lane, as it is when it is new. */
  static StatusPage page() {
    return new StatusPage(ByteBuffer.allocateDirect(64 + StatusPage.ANSWERS).alignedSlice(8));
  }

  /** One parent, one worker, and anybody who looks. */
  @Param(name = "more", gen = IntGen.class, conf = "1:3")
  public static class Operations {
    private final StatusPage.Slot slot = page().slot(0);

    /** The parent sends. */
    @Operation(nonParallelGroup = "parent")
    public void allow(@Param(name = "more") int more) {
      slot.allow(more);
    }

    /** The parent takes back. */
    @Operation(nonParallelGroup = "parent")
    public int recall() {
      return slot.recall();
    }

    /** The worker begins. */
    @Operation(nonParallelGroup = "worker")
    public boolean tryBegin() {
      return slot.tryBegin(1);
    }

    /** Looks. */
    @Operation
    public int allowed() {
      return slot.allowed();
    }

    /** Looks. */
    @Operation
    public long started() {
      return slot.started();
    }
  }

  /** The same one call after another. */
  public static class Sequential {
    private int allowed;
    private long started;

    /** See the operations. */
    public void allow(int more) {
      allowed += more;
    }

    /** See the operations. */
    public int recall() {
      int back = allowed;
      allowed = 0;
      return back;
    }

    /** See the operations. */
    public boolean tryBegin() {
      if (allowed == 0) return false;
      allowed--;
      started++;
      return true;
    }

    /** See the operations. */
    public int allowed() {
      return allowed;
    }

    /** See the operations. */
    public long started() {
      return started;
    }
  }

  private static int iterations() {
    return INTERLEAVINGS < 1_000 ? 3 : 50;
  }

  @Test
  void claimsAreLinearizableUnderStress() {
    new StressOptions()
        .iterations(iterations())
        .invocationsPerIteration(INTERLEAVINGS * 20)
        .threads(3)
        .actorsPerThread(4)
        .sequentialSpecification(Sequential.class)
        .check(Operations.class);
  }
}
