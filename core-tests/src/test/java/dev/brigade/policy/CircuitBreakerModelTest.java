package dev.brigade.policy;

import static dev.brigade.models.Models.expect;

import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import java.time.Duration;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real breaker: calls that begin and end in any order, against a sequential twin. */
@Tag("interleavings")
class CircuitBreakerModelTest {
  private static final long OPEN_NANOS = 10;

  /** Calls begin into a slot and end from it, so that they overlap changes of state. */
  public static class Operations {
    private final ModelTime time = new ModelTime();
    private final CircuitBreaker breaker =
        CircuitBreaker.ofCalls(2)
            .withMinimumCalls(2)
            .withProbes(1)
            .withOpenTime(Duration.ofNanos(OPEN_NANOS))
            .withJitter(0)
            .withTime(time);
    private final BreakerPhase[] slots = new BreakerPhase[3];

    /** Begins in slot 1. */
    @Operation(nonParallelGroup = "slot 1")
    public boolean begin1() {
      return begin(1);
    }

    /** As the other one. */
    @Operation(nonParallelGroup = "slot 2")
    public boolean begin2() {
      return begin(2);
    }

    /** Ends well. */
    @Operation(nonParallelGroup = "slot 1")
    public void good1() {
      end(1, false);
    }

    /** As the other one. */
    @Operation(nonParallelGroup = "slot 2")
    public void good2() {
      end(2, false);
    }

    /** Ends badly. */
    @Operation(nonParallelGroup = "slot 1")
    public void bad1() {
      end(1, true);
    }

    /** As the other one. */
    @Operation(nonParallelGroup = "slot 2")
    public void bad2() {
      end(2, true);
    }

    /** Ends without a word. */
    @Operation(nonParallelGroup = "slot 1")
    public void neutral1() {
      BreakerPhase p = take(1);
      if (p != null) breaker.giveBack(p);
    }

    /** The open time passes. */
    @Operation(nonParallelGroup = "time")
    public void timePasses() {
      time.set(time.nanoTime() + OPEN_NANOS);
    }

    /** What it is. */
    @Operation
    public CircuitBreaker.State state() {
      return breaker.state();
    }

    private boolean begin(int slot) {
      if (slots[slot] != null) return false;
      try {
        slots[slot] = breaker.enter();
        return true;
      } catch (BreakerOpenException e) {
        return false;
      }
    }

    private void end(int slot, boolean failed) {
      BreakerPhase p = take(slot);
      if (p != null) breaker.settle(p, failed, false, null, 0);
    }

    private BreakerPhase take(int slot) {
      BreakerPhase p = slots[slot];
      slots[slot] = null;
      return p;
    }
  }

  /** The same, one call after another. */
  public static class Sequential {
    private CircuitBreaker.State state = CircuitBreaker.State.CLOSED;
    private int generation = 1;
    private String window = "";
    private boolean probing;
    private long now;
    private long openUntil;
    private final int[] slots = new int[3];

    /** See the operations. */
    public boolean begin1() {
      return begin(1);
    }

    /** See the operations. */
    public boolean begin2() {
      return begin(2);
    }

    /** See the operations. */
    public void good1() {
      end(1, "g");
    }

    /** See the operations. */
    public void good2() {
      end(2, "g");
    }

    /** See the operations. */
    public void bad1() {
      end(1, "b");
    }

    /** See the operations. */
    public void bad2() {
      end(2, "b");
    }

    /** See the operations. */
    public void neutral1() {
      end(1, "");
    }

    /** See the operations. */
    public void timePasses() {
      now += OPEN_NANOS;
    }

    /** See the operations. */
    public CircuitBreaker.State state() {
      return state;
    }

    private boolean begin(int slot) {
      if (slots[slot] != 0) return false;
      if (state == CircuitBreaker.State.OPEN && now >= openUntil)
        change(CircuitBreaker.State.HALF_OPEN);
      if (state == CircuitBreaker.State.OPEN || probing) return false;
      probing = state == CircuitBreaker.State.HALF_OPEN;
      slots[slot] = generation;
      return true;
    }

    private void end(int slot, String how) {
      int began = slots[slot];
      slots[slot] = 0;
      if (began != generation) return;
      boolean half = state == CircuitBreaker.State.HALF_OPEN;
      probing = false;
      if (how.isEmpty()) return;
      window += how;
      if (window.length() > 2) window = window.substring(1);
      if (half && how.equals("g")) change(CircuitBreaker.State.CLOSED);
      else if (how.equals("b") && (half || window.length() == 2)) {
        change(CircuitBreaker.State.OPEN);
        openUntil = now + OPEN_NANOS;
      }
    }

    private void change(CircuitBreaker.State next) {
      state = next;
      generation++;
      window = "";
      probing = false;
    }
  }

  @Test
  void callsAndChangesOfStateAreLinearizable() {
    new ModelCheckingOptions()
        .iterations(iterations())
        .invocationsPerIteration(Models.interleavings())
        .threads(2)
        .actorsPerThread(4)
        .actorsBefore(3)
        .sequentialSpecification(Sequential.class)
        .check(Operations.class);
  }

  @Test
  void callsAndChangesOfStateAreLinearizableUnderStress() {
    new StressOptions()
        .iterations(iterations())
        .invocationsPerIteration(Models.interleavings())
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(3)
        .sequentialSpecification(Sequential.class)
        .check(Operations.class);
  }

  /** Scenarios; each is tried in many interleavings. */
  private static int iterations() {
    return Models.interleavings() < 1_000 ? 8 : 50;
  }

  @Test
  void oneProbeAndNoMoreBeginsHoweverManyCome() {
    Models.check(() -> {
      var time = new ModelTime();
      var breaker = CircuitBreaker.ofCalls(1).withTime(time);
      breaker.settle(breaker.enter(), true, false, null, 0);
      time.set(Duration.ofMinutes(1).toNanos());
      var begun = new BreakerPhase[2];
      Thread other = new Thread(() -> begun[0] = enter(breaker));
      other.start();
      begun[1] = enter(breaker);
      other.join();
      expect((begun[0] == null) != (begun[1] == null), "probes");
      breaker.giveBack(begun[0] == null ? begun[1] : begun[0]);
      expect(enter(breaker) != null, "the place of the probe was lost");
    });
  }

  private static BreakerPhase enter(CircuitBreaker b) {
    try {
      return b.enter();
    } catch (BreakerOpenException e) {
      return null;
    }
  }
}
