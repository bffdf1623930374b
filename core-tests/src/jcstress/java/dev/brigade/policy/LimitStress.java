package dev.brigade.policy;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.brigade.time.TimeSource;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZI_Result;

/** Permits, given back while their next owner gives up. */
public final class LimitStress {
  private LimitStress() {}

  /** A waiter that times out leaves no permit behind, and takes none along. */
  @JCStressTest
  @Outcome(
      id = {"true, true, 0", "false, true, 0"},
      expect = ACCEPTABLE,
      desc = "Acquired or not, and all permits are there at the end.")
  @Outcome(expect = FORBIDDEN, desc = "A permit or a waiter was left.")
  @State
  public static class ReleaseAgainstAbandon {
    private final Limit limit = Limit.of(1, TimeSource.system());
    private final Limit.Permit held = limit.tryAcquire(1);

    /** Waits for as long as a release takes. */
    @Actor
    public void waiting(ZZI_Result r) {
      try (var permit = limit.tryAcquire(1, Duration.ofNanos(100))) {
        r.r1 = permit != null;
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /** Gives back. */
    @Actor
    public void releaser() {
      held.close();
    }

    /** Looks at what is left. */
    @Arbiter
    public void after(ZZI_Result r) {
      r.r2 = limit.tryAcquire(1) != null;
      r.r3 = limit.statistics().waiting();
    }
  }
}
