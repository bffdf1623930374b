package dev.brigade.races;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.brigade.engine.Engine;
import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A joiner that would run a queued task itself, against the pool thread that has just taken it. */
class HelpRaceTest {
  private static final int ROUNDS = 20_000;

  @Test
  void aJoinReturnsTheResultWhoeverRunsTheTask() throws Exception {
    try (Engine engine = Engine.openCores(2)) {
      assertEquals(ROUNDS, engine.submit(() -> joins(engine)).get());
    }
  }

  private static int joins(Engine engine) throws InterruptedException {
    var random = new SplittableRandom(1);
    int sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
      int delay = random.nextInt(10_000);
      sum +=
          Tasks.on(engine)
              .<Integer, RuntimeException>scope(s -> {
                Task<Integer> task =
                    s.fork(() -> {
                      Spin.nanos(5_000);
                      return 1;
                    });
                Spin.nanos(delay);
                return task.join();
              });
    }
    return sum;
  }
}
