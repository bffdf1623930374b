package dev.brigade.task;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.brigade.engine.Job;
import dev.brigade.models.HoldingEngine;
import dev.brigade.models.ModelTime;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.LZ_Result;

/** Scopes and their tasks, without locks between the one who forks and the one who runs. */
public final class ScopeStress {
  private ScopeStress() {}

  /** What was written before a fork is seen by the task, and what the task wrote by the joiner. */
  @JCStressTest
  @Outcome(id = "1, 2, 3", expect = ACCEPTABLE, desc = "All of it is seen.")
  @Outcome(expect = FORBIDDEN, desc = "A plain write was not seen.")
  @State
  public static class JoinVisibility {
    private final HoldingEngine engine = new HoldingEngine();
    private final FanOut options = FanOut.DEFAULT.on(engine).time(new ModelTime());
    private volatile Job job;
    private int before;
    private int during;
    private int late;

    /** Forks, joins, and closes. */
    @Actor
    public void owner(III_Result r) {
      TaskScope scope = TaskScope.open(options.choices(), TaskScope.Mode.OPEN);
      before = 1;
      Task<Integer> task =
          scope.fork(() -> {
            during = 2;
            late = 3;
            return before;
          });
      job = engine.held();
      try {
        r.r1 = task.join();
      } catch (InterruptedException e) {
        r.r1 = -1;
      }
      r.r2 = during;
      Throwable unused = scope.close(null);
      r.r3 = late;
    }

    /** Runs the task. */
    @Actor
    public void runner() {
      while (job == null) Thread.onSpinWait();
      job.run();
    }
  }

  /** The last task ends while the owner begins to wait. */
  @JCStressTest
  @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "Closed after the task's end.")
  @Outcome(expect = FORBIDDEN, desc = "Closed before it.")
  @State
  public static class CloseAgainstEnd {
    private final HoldingEngine engine = new HoldingEngine();
    private final FanOut options = FanOut.DEFAULT.on(engine).time(new ModelTime());
    private volatile Job job;
    private int ended;

    /** Forks and closes; a lost wake-up is a test that never ends. */
    @Actor
    public void owner(III_Result r) {
      TaskScope scope = TaskScope.open(options.choices(), TaskScope.Mode.OPEN);
      Task<Integer> task = scope.fork(() -> ended = 1);
      job = engine.held();
      Throwable thrown = scope.close(null);
      r.r1 = ended;
      r.r2 = task.isDone() ? 1 : 0;
      r.r3 = thrown == null ? 0 : 1;
    }

    /** Runs the task. */
    @Actor
    public void runner() {
      while (job == null) Thread.onSpinWait();
      job.run();
    }
  }

  /**
   * A fork against the walk of a cancellation; nothing runs the task, so one of them must end it.
   */
  @JCStressTest
  @Outcome(id = "CANCELLED, false", expect = ACCEPTABLE, desc = "By the walk or by the fork.")
  @Outcome(expect = FORBIDDEN, desc = "Missed by both, or a flag was left behind.")
  @State
  public static class PushAgainstCancelWalk {
    private final FanOut options = FanOut.DEFAULT.on(new HoldingEngine()).time(new ModelTime());
    private volatile TaskScope opened;

    /** Forks and closes. */
    @Actor
    public void owner(LZ_Result r) {
      TaskScope scope = TaskScope.open(options.choices(), TaskScope.Mode.OPEN);
      opened = scope;
      Task<Integer> task = scope.fork(() -> 1);
      Throwable unused = scope.close(null);
      r.r1 = task.state();
      r.r2 = Thread.interrupted();
    }

    /** Cancels. */
    @Actor
    public void canceller() {
      while (opened == null) Thread.onSpinWait();
      boolean unused = opened.cancel("stress");
    }
  }
}
