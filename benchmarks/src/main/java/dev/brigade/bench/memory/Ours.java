package dev.brigade.bench.memory;

import dev.brigade.task.Context;
import dev.brigade.task.Tasks;
import java.util.Objects;

/** {@code Tasks.scope}. */
public final class Ours implements ParkedTasks {
  public Ours() {}

  @Override
  public void hold(int tasks, boolean scopedValue, Runnable body, Runnable whileHeld)
      throws Exception {
    if (!scopedValue) {
      hold(tasks, body, whileHeld);
      return;
    }
    try (var registered = Context.inherit(KEY)) {
      Objects.requireNonNull(registered);
      ScopedValue.where(KEY, "bound").call(() -> hold(tasks, body, whileHeld));
    }
  }

  private static int hold(int tasks, Runnable body, Runnable whileHeld)
      throws InterruptedException {
    return Tasks.scope(scope -> {
      var handles = new Object[tasks];
      for (int i = 0; i < tasks; i++)
        handles[i] =
            scope.fork(() -> {
              body.run();
              return true;
            });
      whileHeld.run();
      return handles.length;
    });
  }
}
