package dev.brigade.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.brigade.models.HoldingEngine;
import dev.brigade.models.ModelTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Real interrupts against the frames that send and clear them. */
public final class FrameStress {
  private FrameStress() {}

  /** A deadline strikes while its block is being left: no flag stays, and none comes later. */
  @JCStressTest
  @Outcome(id = "false, false, true", expect = ACCEPTABLE, desc = "The deadline was first.")
  @Outcome(id = "false, false, false", expect = ACCEPTABLE, desc = "The end was first.")
  @Outcome(expect = FORBIDDEN, desc = "An interrupt was left behind, or came late.")
  @State
  public static class ClaimAgainstFinish {
    private final ModelTime time = new ModelTime();
    private volatile DeadlineFrame frame;

    /** The block. */
    @Actor
    public void owner(ZZZ_Result r) {
      r.r1 = Thread.interrupted();
      DeadlineFrame own = DeadlineFrame.open(time, 10);
      frame = own;
      own.returned();
      r.r2 = Thread.interrupted();
      r.r3 = own.claimOrNull() != null;
    }

    /** Its alarm. */
    @Actor
    public void alarm() {
      while (frame == null) Thread.onSpinWait();
      frame.run();
    }
  }

  /** Two deadlines strike blocks that an interrupt from outside had reached before. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE, desc = "The foreign interrupt is still there.")
  @Outcome(expect = FORBIDDEN, desc = "The foreign interrupt was swallowed.")
  @State
  public static class ForeignInterrupt {
    private final ModelTime time = new ModelTime();
    private volatile DeadlineFrame outer;
    private volatile DeadlineFrame inner;

    /** The blocks. */
    @Actor
    public void owner(Z_Result r) {
      Thread.currentThread().interrupt();
      DeadlineFrame around = DeadlineFrame.open(time, 20);
      DeadlineFrame within = DeadlineFrame.open(time, 10);
      outer = around;
      inner = within;
      within.returned();
      around.returned();
      r.r1 = Thread.interrupted();
    }

    /** Both alarms. */
    @Actor
    public void alarms() {
      while (inner == null) Thread.onSpinWait();
      inner.run();
      outer.run();
    }
  }

  /** A shield is entered and left while a deadline further out strikes. */
  @JCStressTest
  @Outcome(id = "false, true, false", expect = ACCEPTABLE, desc = "Held back, then delivered.")
  @Outcome(expect = FORBIDDEN, desc = "Reached into the shield, was lost, or was left behind.")
  @State
  public static class ShieldAgainstClaim {
    private final ModelTime time = new ModelTime();
    private volatile DeadlineFrame frame;
    private volatile boolean struck;

    /** The shielded block. */
    @Actor
    public void owner(ZZZ_Result r) {
      DeadlineFrame own = DeadlineFrame.open(time, 10);
      frame = own;
      ShieldFrame shield = ShieldFrame.open(Long.MAX_VALUE);
      r.r1 = Thread.currentThread().isInterrupted();
      for (int i = 0; i < 20; i++) r.r1 |= Thread.currentThread().isInterrupted();
      shield.returned();
      while (!struck) Thread.onSpinWait();
      r.r2 = Thread.currentThread().isInterrupted();
      own.returned();
      r.r3 = Thread.interrupted();
    }

    /** The alarm of the block around it. */
    @Actor
    public void alarm() {
      while (frame == null) Thread.onSpinWait();
      frame.run();
      struck = true;
    }
  }

  /** A scope is opened while a deadline further out strikes. */
  @JCStressTest
  @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "The nested scope was reached.")
  @Outcome(expect = FORBIDDEN, desc = "The nested scope was missed, or a flag was left behind.")
  @State
  public static class NestedScopeAgainstOuterClaim {
    private final ModelTime time = new ModelTime();
    private final FanOut options = FanOut.DEFAULT.on(new HoldingEngine()).time(time);
    private volatile DeadlineFrame frame;
    private volatile boolean struck;

    /** The block that opens the scope. */
    @Actor
    public void owner(ZZ_Result r) {
      DeadlineFrame own = DeadlineFrame.open(time, 10);
      frame = own;
      TaskScope scope = TaskScope.open(options.choices(), TaskScope.Mode.OPEN);
      while (!struck) Thread.onSpinWait();
      r.r1 = scope.isCancelled();
      Throwable unused = scope.close(null);
      own.returned();
      r.r2 = Thread.interrupted();
    }

    /** The alarm of the block around it. */
    @Actor
    public void alarm() {
      while (frame == null) Thread.onSpinWait();
      frame.run();
      struck = true;
    }
  }
}
