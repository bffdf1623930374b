package dev.brigade.bench.memory;

import com.softwaremill.jox.structured.Scopes;

/** Jox's {@code supervised} scope. */
public final class JoxScope implements ParkedTasks {
  public JoxScope() {}

  @Override
  public void hold(int tasks, boolean scopedValue, Runnable body, Runnable whileHeld)
      throws Exception {
    ParkedTasks.bound(
        scopedValue,
        () ->
            Scopes.<Integer>supervised(scope -> {
              var handles = new Object[tasks];
              for (int i = 0; i < tasks; i++)
                handles[i] =
                    scope.forkUser(() -> {
                      body.run();
                      return null;
                    });
              whileHeld.run();
              return handles.length;
            }));
  }
}
