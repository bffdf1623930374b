package dev.brigade.bench.forkjoin;

import dev.brigade.bench.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Subtask;

/** The JDK's {@code StructuredTaskScope} with its default policy. */
public final class StructuredScope implements Side {
  private final int tasks;

  public StructuredScope(int tasks) {
    this.tasks = tasks;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += tasks == 1 ? one(i) : many(i);
    return sum;
  }

  private static long one(int i) throws InterruptedException {
    try (var scope = StructuredTaskScope.open()) {
      Subtask<Integer> task = scope.fork(() -> i);
      scope.join();
      return task.get();
    }
  }

  private long many(int i) throws InterruptedException {
    try (var scope = StructuredTaskScope.open()) {
      List<Subtask<Integer>> forked = new ArrayList<>(tasks);
      for (int t = 0; t < tasks; t++) forked.add(scope.fork(() -> i));
      scope.join();
      long sum = 0;
      for (var task : forked) sum += task.get();
      return sum;
    }
  }
}
