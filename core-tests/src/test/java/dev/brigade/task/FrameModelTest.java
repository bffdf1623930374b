package dev.brigade.task;

import static dev.brigade.models.Models.expect;

import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import dev.brigade.models.ThreadEngine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The real frames: who claims, who finishes, and when the interrupt may go out. The interrupt is
 * sent to a thread that stands for the owner; the owner, the alarm and the canceller are threads of
 * the model.
 */
@Tag("interleavings")
class FrameModelTest {

  private static DeadlineFrame open(ModelTime time, long nanos, Thread victim) {
    DeadlineFrame frame = DeadlineFrame.open(time, nanos);
    if (frame.root == frame) frame.thread = victim;
    return frame;
  }

  @Test
  void noInterruptIsSentOnceTheBlockHasBeenLeft() {
    Models.check(() -> {
      Thread victim = Models.victim();
      DeadlineFrame frame = open(new ModelTime(), 10, victim);
      Thread alarm = new Thread(frame);
      Thread second = new Thread(frame);
      alarm.start();
      second.start();
      frame.returned();
      boolean atLeaving = victim.isInterrupted();
      alarm.join();
      second.join();
      expect(victim.isInterrupted() == atLeaving, "an interrupt came after the block");
      Claim c = frame.claimOrNull();
      expect(atLeaving == (c != null && c.delivered), "interrupted without a claim");
      expect(c == null || !c.delivered || c.settled, "a claim was not settled");
    });
  }

  @Test
  void theInnerDeadlineSparesTheOuterBlock() {
    Models.check(() -> {
      Thread victim = Models.victim();
      var time = new ModelTime();
      DeadlineFrame outer = open(time, 20, victim);
      DeadlineFrame inner = open(time, 10, victim);
      Thread innerAlarm = new Thread(inner);
      innerAlarm.start();
      inner.returned();
      boolean atLeaving = victim.isInterrupted();
      outer.returned();
      innerAlarm.join();
      expect(victim.isInterrupted() == atLeaving, "the inner one struck in the outer block");
      expect(outer.claimOrNull() == null, "the outer block was claimed");
    });
  }

  @Test
  void aScopeOpenedDuringACancellationFurtherOutIsCancelled() {
    Models.check(() -> {
      Thread victim = Models.victim();
      DeadlineFrame outer = open(new ModelTime(), 10, victim);
      Thread alarm = new Thread(outer);
      alarm.start();
      TaskScope scope =
          TaskScope.open(FanOut.DEFAULT.on(new ThreadEngine()).choices(), TaskScope.Mode.OPEN);
      alarm.join();
      expect(scope.claimOrNull() != null, "the nested scope was missed");
      Throwable unused = scope.close(null);
      outer.returned();
    });
  }
}
