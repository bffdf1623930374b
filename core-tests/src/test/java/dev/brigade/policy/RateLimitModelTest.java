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
 * The real rate limit: what does not wait against a sequential twin, what waits against its
 * promises.
 */
@Tag("interleavings")
class RateLimitModelTest {
  private static final Duration FOREVER = Duration.ofDays(1);

  /** The operations that do not wait, on a clock that stands. */
  @Param(name = "weight", gen = IntGen.class, conf = "1:2")
  @Param(name = "permits", gen = IntGen.class, conf = "2:4")
  public static class Operations {
    private final RateLimit limit = RateLimit.window(3, FOREVER, new ModelTime());
    private final RateLimit.Reservation[] places = new RateLimit.Reservation[3];

    /** Takes. */
    @Operation
    public boolean take(@Param(name = "weight") int weight) {
      return limit.tryAcquire(weight);
    }

    /** Reserves in a place of its own, so that a cancellation knows what to give up. */
    @Operation(nonParallelGroup = "place 1")
    public boolean reserve1(@Param(name = "weight") int weight) {
      return reserve(1, weight);
    }

    /** As the other one. */
    @Operation(nonParallelGroup = "place 2")
    public boolean reserve2(@Param(name = "weight") int weight) {
      return reserve(2, weight);
    }

    /** Gives up. */
    @Operation(nonParallelGroup = "place 1")
    public boolean cancel1() {
      return cancel(1);
    }

    /** As the other one. */
    @Operation(nonParallelGroup = "place 2")
    public boolean cancel2() {
      return cancel(2);
    }

    /** Grows or shrinks. */
    @Operation
    public void resize(@Param(name = "permits") int permits) {
      limit.resize(permits, FOREVER);
    }

    private boolean reserve(int place, int weight) {
      if (places[place] != null) return false;
      places[place] = limit.reserve(weight);
      return true;
    }

    private boolean cancel(int place) {
      RateLimit.Reservation r = places[place];
      places[place] = null;
      return r != null && r.cancel() && !r.cancel();
    }
  }

  /** The same in plain arithmetic, one call after another. */
  public static class Sequential {
    private int permits = 3;
    private int taken;
    private final int[] weights = new int[3];
    private final boolean[] come = new boolean[3];
    private int first;

    /** See the operations. */
    public boolean take(int weight) {
      if (first != 0 || used() + weight > permits) return false;
      taken += weight;
      return true;
    }

    /** See the operations. */
    public boolean reserve1(int weight) {
      return reserve(1, weight);
    }

    /** See the operations. */
    public boolean reserve2(int weight) {
      return reserve(2, weight);
    }

    /** See the operations. */
    public boolean cancel1() {
      return cancel(1);
    }

    /** See the operations. */
    public boolean cancel2() {
      return cancel(2);
    }

    /** See the operations. */
    public void resize(int newPermits) {
      permits = newPermits;
      letThrough();
    }

    private int used() {
      return taken + (come[1] ? weights[1] : 0) + (come[2] ? weights[2] : 0);
    }

    private boolean reserve(int place, int weight) {
      if (weights[place] != 0) return false;
      weights[place] = weight;
      if (first == 0) first = place;
      letThrough();
      return true;
    }

    private boolean cancel(int place) {
      boolean was = weights[place] != 0;
      int other = 3 - place;
      if (first == place) first = weights[other] != 0 && !come[other] ? other : 0;
      weights[place] = 0;
      come[place] = false;
      letThrough();
      return was;
    }

    private void letThrough() {
      while (first != 0 && used() + weights[first] <= permits) {
        come[first] = true;
        int other = 3 - first;
        first = weights[other] != 0 && !come[other] ? other : 0;
      }
    }
  }

  @Test
  void takingReservingCancellingAndChangingAreLinearizable() {
    new ModelCheckingOptions()
        .iterations(iterations())
        .invocationsPerIteration(Models.interleavings())
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(Sequential.class)
        .check(Operations.class);
  }

  @Test
  void takingReservingCancellingAndChangingAreLinearizableUnderStress() {
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
  void noGrantIsLostBetweenATurnThatComesAndAWaiterThatGivesUp() {
    Models.check(() -> {
      RateLimit limit = RateLimit.window(1, Duration.ofNanos(1), ModelTime.ticking());
      RateLimit.Reservation before = limit.reserve();
      Thread canceller = new Thread(before::cancel);
      canceller.start();
      boolean granted = limit.tryAcquire(Duration.ofNanos(20));
      canceller.join();
      var s = limit.statistics();
      expect(s.waiting() == 0 && s.inFlight() == 0, "left: " + s);
      expect(s.granted() == (granted ? 1 : 0), "granted " + s.granted());
    });
  }

  @Test
  void everyWaiterIsLetThroughWhenThoseBeforeGiveUpAndTheRateGrows() {
    Models.check(() -> {
      RateLimit limit = RateLimit.window(1, FOREVER, new ModelTime());
      RateLimit.Reservation before = limit.reserve();
      Thread waiter = new Thread(() -> acquire(limit));
      waiter.start();
      Thread changer = new Thread(() -> limit.resize(2, FOREVER));
      changer.start();
      before.cancel();
      acquire(limit);
      waiter.join();
      changer.join();
      var s = limit.statistics();
      expect(s.granted() == 2 && s.waiting() == 0 && s.inFlight() == 0, s.toString());
    });
  }

  private static void acquire(RateLimit limit) {
    try {
      limit.acquire();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
