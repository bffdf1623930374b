package dev.brigade.policy;

import static dev.brigade.models.Models.expect;

import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Joining, leaving and the end of a shared load, in every order. */
@Tag("interleavings")
class FlightModelTest {
  private static Flight flight() {
    return new Flight(new ModelTime(), new Label("flights", "the shared load", "k"));
  }

  @Test
  void theLastToLeaveStopsItOnceAndNobodyJoinsAfterwards() {
    Models.check(() -> {
      var f = flight();
      var first = f.join();
      var stops = new AtomicInteger();
      var joined = new AtomicInteger();
      Thread other =
          new Thread(() -> {
            var w = f.join();
            if (w == null) return;
            joined.incrementAndGet();
            if (f.leave(w)) stops.incrementAndGet();
          });
      other.start();
      if (f.leave(first)) stops.incrementAndGet();
      other.join();
      expect(stops.get() == 1, "stopped " + stops + " times, joined " + joined);
      expect(f.join() == null, "joined what is being stopped");
    });
  }

  @Test
  void whoHasJoinedGetsTheOutcomeOrStopsTheLoad() {
    Models.check(() -> {
      var f = flight();
      var first = f.join();
      Thread load = new Thread(() -> f.end("v", null));
      load.start();
      var second = f.join();
      boolean stopped = f.leave(first);
      load.join();
      if (second != null) {
        expect(!stopped, "stopped although somebody waits");
        expect(second.signalled(), "not told");
        expect("v".equals(f.<Object, RuntimeException>orThrow()), "no result");
      }
      expect(f.join() == null, "joined what has ended");
    });
  }

  @Test
  void twoLoadsNeverWaitForEachOther() {
    Models.check(() -> {
      var a = flight();
      var b = flight();
      var refused = new AtomicInteger();
      Thread other = new Thread(() -> waits(b, a, refused));
      other.start();
      waits(a, b, refused);
      other.join();
      expect(refused.get() == 1, "refused " + refused);
    });
  }

  private static void waits(Flight from, Flight to, AtomicInteger refused) {
    try {
      from.waitsFor(to);
    } catch (IllegalStateException e) {
      refused.incrementAndGet();
    }
  }
}
