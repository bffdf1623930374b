package dev.brigade.policy;

import static dev.brigade.models.Models.expect;

import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The real Limit: what does not wait against a sequential twin, what waits against its promises.
 */
@Tag("interleavings")
class LimitModelTest {
  /** The operations that do not wait. */
  @Param(name = "weight", gen = IntGen.class, conf = "1:2")
  @Param(name = "capacity", gen = IntGen.class, conf = "2:3")
  public static class Operations {
    private final Limit limit = Limit.of(2, new ModelTime());
    private final Limit.Permit[] permits = new Limit.Permit[3];

    /** Takes into a slot of its own, so that a release knows what to give back. */
    @Operation(nonParallelGroup = "slot 1")
    public boolean take1(@Param(name = "weight") int weight) {
      return take(1, weight);
    }

    /** As the other one. */
    @Operation(nonParallelGroup = "slot 2")
    public boolean take2(@Param(name = "weight") int weight) {
      return take(2, weight);
    }

    /** Gives back, twice over, which must be harmless. */
    @Operation(nonParallelGroup = "slot 1")
    public void release1() {
      release(1);
    }

    /** As the other one. */
    @Operation(nonParallelGroup = "slot 2")
    public void release2() {
      release(2);
    }

    /** Grows or shrinks. */
    @Operation
    public void resize(@Param(name = "capacity") int capacity) {
      limit.resize(capacity);
    }

    /** What is held. */
    @Operation
    public int held() {
      return limit.statistics().held();
    }

    private boolean take(int slot, int weight) {
      if (permits[slot] != null) return false;
      permits[slot] = limit.tryAcquire(weight);
      return permits[slot] != null;
    }

    private void release(int slot) {
      Limit.Permit p = permits[slot];
      permits[slot] = null;
      if (p == null) return;
      p.close();
      p.close();
    }
  }

  /** The same in plain arithmetic, one call after another. */
  public static class Sequential {
    private int capacity = 2;
    private int held;
    private final int[] slots = new int[3];

    /** See the operations. */
    public boolean take1(int weight) {
      return take(1, weight);
    }

    /** See the operations. */
    public boolean take2(int weight) {
      return take(2, weight);
    }

    /** See the operations. */
    public void release1() {
      release(1);
    }

    /** See the operations. */
    public void release2() {
      release(2);
    }

    /** See the operations. */
    public void resize(int newCapacity) {
      capacity = newCapacity;
    }

    /** See the operations. */
    public int held() {
      return held;
    }

    private boolean take(int slot, int weight) {
      if (slots[slot] != 0 || held + weight > capacity) return false;
      slots[slot] = weight;
      held += weight;
      return true;
    }

    private void release(int slot) {
      held -= slots[slot];
      slots[slot] = 0;
    }
  }

  @Test
  void takingReleasingAndResizingAreLinearizable() {
    new ModelCheckingOptions()
        .iterations(iterations())
        .invocationsPerIteration(Models.interleavings())
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(Sequential.class)
        .check(Operations.class);
  }

  @Test
  void takingReleasingAndResizingAreLinearizableUnderStress() {
    new StressOptions()
        .iterations(iterations())
        .invocationsPerIteration(Models.interleavings())
        .threads(3)
        .actorsPerThread(3)
        .sequentialSpecification(Sequential.class)
        .check(Operations.class);
  }

  /** Scenarios; each is tried in many interleavings. */
  private static int iterations() {
    return Models.interleavings() < 1_000 ? 3 : 50;
  }

  @Test
  void noPermitIsLostBetweenAReleaseAndAWaiterThatGivesUp() {
    Models.check(() -> {
      Limit limit = Limit.of(1, ModelTime.ticking());
      Limit.Permit held = limit.acquire();
      Thread releaser = new Thread(held::close);
      releaser.start();
      Limit.Permit permit = limit.tryAcquire(1, Duration.ofNanos(1));
      releaser.join();
      var s = limit.statistics();
      expect(s.waiting() == 0, "a waiter was left");
      expect(s.held() == (permit == null ? 0 : 1), "held " + s.held());
      if (permit != null) permit.close();
      expect(limit.tryAcquire(1) != null, "the permit was lost");
    });
  }

  @Test
  void everyWaiterGetsInWhenPermitsAreReleasedAndTheLimitGrows() {
    Models.check(() -> {
      Limit limit = Limit.of(1, new ModelTime());
      Limit.Permit held = limit.acquire();
      Thread waiter = new Thread(() -> acquireAndRelease(limit));
      waiter.start();
      Thread resizer = new Thread(() -> limit.resize(2));
      resizer.start();
      held.close();
      acquireAndRelease(limit);
      waiter.join();
      resizer.join();
      var s = limit.statistics();
      expect(s.held() == 0 && s.waiting() == 0, s.toString());
    });
  }

  private static void acquireAndRelease(Limit limit) {
    try (var _ = limit.acquire()) {
      expect(limit.statistics().held() <= 2, "too many inside");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
