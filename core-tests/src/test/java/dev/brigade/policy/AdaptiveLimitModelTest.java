package dev.brigade.policy;

import static dev.brigade.models.Models.expect;

import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ends that meet: whatever the order, each counts once and no permit is lost. */
@Tag("interleavings")
class AdaptiveLimitModelTest {
  @Test
  void aPermitThatIsEndedTwiceAtOnceCountsOnce() {
    Models.check(() -> {
      var limit = AdaptiveLimit.of(1, new ModelTime());
      var permit = limit.acquire();
      Thread other = new Thread(permit::overloaded);
      other.start();
      permit.succeeded();
      other.join();
      var s = limit.statistics();
      expect(s.inFlight() == 0, "in flight " + s.inFlight());
      expect(s.succeeded() + s.overloaded() == 1, s.toString());
      expect(limit.tryAcquire() != null, "the permit was lost");
    });
  }

  @Test
  void everyWaiterGetsInWhileOverloadsShrinkTheLimit() {
    Models.check(() -> {
      var limit = AdaptiveLimit.of(2, new ModelTime());
      var a = limit.acquire();
      var b = limit.acquire();
      Thread waiter = new Thread(() -> acquireAndEnd(limit));
      waiter.start();
      a.overloaded();
      b.succeeded();
      waiter.join();
      var s = limit.statistics();
      expect(s.inFlight() == 0 && s.waiting() == 0, s.toString());
      expect(s.limit() >= 1 && s.limit() <= 2, s.toString());
      expect(s.succeeded() == 2 && s.overloaded() == 1, s.toString());
    });
  }

  private static void acquireAndEnd(AdaptiveLimit limit) {
    try {
      limit.acquire().succeeded();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
