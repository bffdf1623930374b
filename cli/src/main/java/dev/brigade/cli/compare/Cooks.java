package dev.brigade.cli.compare;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Observers;
import dev.brigade.report.Recording;
import dev.brigade.task.TaskScope;
import dev.brigade.task.Tasks;
import java.util.List;

/**
 * Two tasks of a few steps each, watched while one thread does them in turns, and while two do
 * them. A step that ends forks the next one, behind what waits already: on one thread the tasks
 * alternate, as in an event loop.
 */
final class Cooks {
  private static final List<String> TASKS = List.of("Task 1", "Task 2");
  private static final int STEPS = 4;
  private static final int EVENTS = 1_000;
  private static final long STEP_NANOS = 25_000_000;

  private Cooks() {}

  /** How many portions of computing make a step on this machine, when nothing disturbs it. */
  static int portionsOfStep() {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 100; i++) {
      long start = System.nanoTime();
      Computation.run(1);
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return Math.clamp(STEP_NANOS / fastest, 1, 1000);
  }

  /** The events of the two tasks on so many threads. */
  static Recording watch(int threads, int portions) throws InterruptedException {
    var seen = Recording.ofAll(EVENTS);
    try (Engine engine = Engine.openThreads(threads);
        var _ =
            Observers.register(event -> {
              if (TASKS.contains(event.name())) seen.onEvent(event);
            })) {
      // From one of the threads itself: a single one begins when both tasks are in the queue.
      Tasks.on(engine)
          .runScope(s -> s.run("orders", () -> TASKS.forEach(task -> step(s, task, 1, portions))));
    }
    return seen;
  }

  private static void step(TaskScope scope, String task, int number, int portions) {
    var unused =
        scope.run(
            task,
            () -> {
              Computation.run(portions);
              if (number < STEPS) step(scope, task, number + 1, portions);
            });
  }
}
