package dev.brigade.task;

import static dev.brigade.models.Models.expect;

import dev.brigade.engine.Engine;
import dev.brigade.models.HoldingEngine;
import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import dev.brigade.models.ThreadEngine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real TaskScope and its tasks: the counter, the owner's park, the list of children. */
@Tag("interleavings")
class ScopeModelTest {
  private int first;
  private int second;

  private static TaskScope open(Engine engine, ModelTime time) {
    TaskScope scope =
        TaskScope.open(FanOut.DEFAULT.on(engine).time(time).choices(), TaskScope.Mode.OPEN);
    return scope;
  }

  @Test
  void theScopeEndsAfterItsTasksAndSeesWhatTheyDid() {
    Models.check(() -> {
      first = 0;
      second = 0;
      TaskScope scope = open(new ThreadEngine(), new ModelTime());
      var one = scope.fork(() -> first = 1);
      var two = scope.fork(() -> second = 2);
      Throwable thrown = scope.close(null);
      expect(thrown == null, "threw");
      expect(first == 1 && second == 2, "closed before its tasks had ended");
      expect(one.isDone() && two.isDone(), "closed before its tasks were done");
    });
  }

  @Test
  void aJoinerIsWokenAndSeesWhatTheTaskDid() {
    Models.check(() -> {
      first = 0;
      TaskScope scope = open(new ThreadEngine(), new ModelTime());
      Task<Integer> task = scope.fork(() -> first = 1);
      expect(task.join() == 1 && first == 1, "joined before the task had ended");
      Throwable unused = scope.close(null);
    });
  }

  @Test
  void aTaskForkedDuringACancellationIsCancelledByOneSideOrTheOther() {
    Models.check(() -> {
      TaskScope scope = open(new HoldingEngine(), new ModelTime());
      scope.monitor().thread = Models.victim();
      Thread canceller = new Thread(() -> scope.cancel("the model"));
      canceller.start();
      // Nothing ever runs these, so the scope can only end if each of them is cancelled.
      var one = scope.fork(() -> 1);
      var two = scope.fork(() -> 2);
      Throwable unused = scope.close(null);
      canceller.join();
      expect(one.state() == Task.State.CANCELLED, "the first is " + one.state());
      expect(two.state() == Task.State.CANCELLED, "the second is " + two.state());
    });
  }

  @Test
  void aTaskEitherRunsOrIsCancelledAndEndsOnce() {
    Models.check(() -> {
      first = 0;
      var engine = new HoldingEngine();
      TaskScope scope = open(engine, new ModelTime());
      Task<Integer> task = scope.fork(() -> first = 1);
      Thread runner = new Thread(engine.held());
      boolean[] wasFirst = new boolean[1];
      Thread canceller =
          new Thread(() ->
              wasFirst[0] =
                  ((TaskNode<?>) task).tryClaimQuietly(CancelReason.requested("the model"), false));
      int[] told = new int[1];
      task.onDone(o -> told[0]++);
      runner.start();
      canceller.start();
      Throwable unused = scope.close(null);
      runner.join();
      canceller.join();
      expect(told[0] == 1, "the end was told " + told[0] + " times");
      boolean ran = first == 1;
      expect(ran == (task.state() == Task.State.SUCCESS), "ran " + ran + ", " + task.state());
      expect(ran || wasFirst[0], "neither ran nor was cancelled");
    });
  }
}
