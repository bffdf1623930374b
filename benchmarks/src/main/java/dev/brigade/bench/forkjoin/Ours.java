package dev.brigade.bench.forkjoin;

import dev.brigade.bench.Side;
import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import java.util.ArrayList;
import java.util.List;

/** {@code Tasks.scope}. */
final class Ours implements Side {
  private final int tasks;

  Ours(int tasks) {
    this.tasks = tasks;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += tasks == 1 ? one(i) : many(i);
    return sum;
  }

  private static long one(int i) throws Exception {
    return Tasks.scope(scope -> scope.fork(() -> i).join());
  }

  private long many(int i) throws Exception {
    return Tasks.scope(scope -> {
      List<Task<Integer>> forked = new ArrayList<>(tasks);
      for (int t = 0; t < tasks; t++) forked.add(scope.fork(() -> i));
      long sum = 0;
      for (Task<Integer> task : forked) sum += task.join();
      return sum;
    });
  }
}
