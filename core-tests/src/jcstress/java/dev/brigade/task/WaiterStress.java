package dev.brigade.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.brigade.models.ModelTime;
import dev.brigade.time.TimeSource;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** One wait, which is either signalled or given up. */
public final class WaiterStress {
  private WaiterStress() {}

  /** A signal against the end of the time. */
  @JCStressTest
  @Outcome(
      id = {"true, true", "false, false"},
      expect = ACCEPTABLE,
      desc = "Both sides agree.")
  @Outcome(expect = FORBIDDEN, desc = "A signal was lost or made up.")
  @State
  public static class SignalAgainstTimeout {
    private volatile Waiter waiter;

    /** Waits until a time that has come. */
    @Actor
    public void waiting(ZZ_Result r) {
      var own = new Waiter(new ModelTime());
      waiter = own;
      try {
        r.r1 = own.await("a signal", 0);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Signals. */
    @Actor
    public void signaller(ZZ_Result r) {
      while (waiter == null) Thread.onSpinWait();
      r.r2 = waiter.signal();
    }
  }

  /** A signal against an interrupt: the loser of the two is not lost either. */
  @JCStressTest
  @Outcome(
      id = {"true, true, true", "false, false, false"},
      expect = ACCEPTABLE,
      desc = "Signalled with the flag left set, or interrupted and not signalled.")
  @Outcome(expect = FORBIDDEN, desc = "A signal or an interrupt was lost or made up.")
  @State
  public static class SignalAgainstInterrupt {
    private volatile Waiter waiter;
    private volatile Thread thread;
    private volatile boolean interrupted;

    /** Waits. */
    @Actor
    public void waiting(ZZZ_Result r) {
      var own = new Waiter(new ModelTime());
      thread = Thread.currentThread();
      waiter = own;
      try {
        r.r1 = own.await("a signal", TimeSource.NEVER);
      } catch (InterruptedException e) {
        r.r1 = false;
      }
      while (!interrupted) Thread.onSpinWait();
      r.r3 = Thread.interrupted();
    }

    /** Interrupts and signals, so close that either may be noticed first. */
    @Actor
    public void other(ZZZ_Result r) {
      while (waiter == null) Thread.onSpinWait();
      thread.interrupt();
      r.r2 = waiter.signal();
      interrupted = true;
    }
  }
}
