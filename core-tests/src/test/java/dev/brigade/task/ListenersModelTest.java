package dev.brigade.task;

import static dev.brigade.models.Models.expect;

import dev.brigade.models.HoldingEngine;
import dev.brigade.models.ModelTime;
import dev.brigade.models.Models;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The real chain of listeners of a task: added, taken out, and told, all at once. */
@Tag("interleavings")
class ListenersModelTest {

  @Test
  void eachListenerIsToldOnceAndThoseTakenOutAtMostOnce() {
    Models.check(() -> {
      var engine = new HoldingEngine();
      TaskScope scope =
          TaskScope.open(
              FanOut.DEFAULT.on(engine).time(new ModelTime()).choices(), TaskScope.Mode.OPEN);
      var task = (TaskNode<Integer>) scope.fork(() -> 1);
      var stays = new AtomicInteger();
      var goes = new AtomicInteger();
      var late = new AtomicInteger();
      var going = task.watch(o -> goes.incrementAndGet());
      task.onDone(o -> stays.incrementAndGet());
      Thread runner = new Thread(engine.held());
      Thread adder = new Thread(() -> task.onDone(o -> late.incrementAndGet()));
      runner.start();
      adder.start();
      if (going != null) TaskNode.unlisten(going);
      Throwable unused = scope.close(null);
      runner.join();
      adder.join();
      expect(stays.get() == 1, "a listener was told " + stays + " times");
      expect(late.get() == 1, "a late listener was told " + late + " times");
      expect(goes.get() <= 1, "one that was taken out was told " + goes + " times");
    });
  }

  @Test
  void listenersAreToldInTheOrderInWhichTheyWereAdded() {
    Models.check(() -> {
      var engine = new HoldingEngine();
      TaskScope scope =
          TaskScope.open(
              FanOut.DEFAULT.on(engine).time(new ModelTime()).choices(), TaskScope.Mode.OPEN);
      Task<Integer> task = scope.fork(() -> 1);
      var order = new StringBuffer();
      Thread runner = new Thread(engine.held());
      runner.start();
      task.onDone(o -> order.append('a'));
      task.onDone(o -> order.append('b'));
      Throwable unused = scope.close(null);
      runner.join();
      expect(order.toString().equals("ab"), "told in order " + order);
    });
  }
}
