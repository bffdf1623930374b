package dev.brigade.bench.memory;

import java.util.concurrent.StructuredTaskScope;

/** The JDK's {@code StructuredTaskScope}, which hands on ScopedValues by itself. */
public final class StructuredScope implements ParkedTasks {
  public StructuredScope() {}

  @Override
  public void hold(int tasks, boolean scopedValue, Runnable body, Runnable whileHeld)
      throws Exception {
    ParkedTasks.bound(
        scopedValue,
        () -> {
          try (var scope = StructuredTaskScope.open()) {
            var handles = new Object[tasks];
            for (int i = 0; i < tasks; i++) handles[i] = scope.fork(body);
            whileHeld.run();
            scope.join();
            return handles.length;
          }
        });
  }
}
