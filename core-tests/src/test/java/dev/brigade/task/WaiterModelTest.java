package dev.brigade.task;

import static dev.brigade.models.Models.expect;

import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real Waiter: signals against the end of the time. */
@Tag("interleavings")
class WaiterModelTest {
  @Test
  void aSignalArrivesOrTheWaiterKnowsThatItTimedOut() {
    Models.check(() -> {
      var time = new ModelTime();
      var waiter = new Waiter(time);
      Thread waiting = Thread.currentThread();
      boolean[] arrived = new boolean[2];
      Thread signaller = new Thread(() -> arrived[0] = waiter.signal());
      Thread other = new Thread(() -> arrived[1] = waiter.signal());
      Thread clock =
          new Thread(() -> {
            time.set(2);
            time.unpark(waiting);
          });
      signaller.start();
      other.start();
      clock.start();
      boolean signalled = waiter.await("a signal", 1);
      signaller.join();
      other.join();
      clock.join();
      expect(!(arrived[0] && arrived[1]), "both signals arrived");
      expect(
          signalled == (arrived[0] || arrived[1]),
          "await said " + signalled + ", the signals " + arrived[0] + " " + arrived[1]);
    });
  }
}
