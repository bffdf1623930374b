package dev.brigade.bench.forkjoin;

import com.softwaremill.jox.structured.Fork;
import com.softwaremill.jox.structured.Scopes;
import dev.brigade.bench.Side;
import java.util.ArrayList;
import java.util.List;

/** Jox's {@code supervised} scope. */
public final class JoxScope implements Side {
  private final int tasks;

  public JoxScope(int tasks) {
    this.tasks = tasks;
  }

  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) sum += tasks == 1 ? one(i) : many(i);
    return sum;
  }

  private static long one(int i) throws Exception {
    return Scopes.<Integer>supervised(scope -> scope.fork(() -> i).join());
  }

  private long many(int i) throws Exception {
    return Scopes.<Long>supervised(scope -> {
      List<Fork<Integer>> forked = new ArrayList<>(tasks);
      for (int t = 0; t < tasks; t++) forked.add(scope.fork(() -> i));
      long sum = 0;
      for (var task : forked) sum += task.join();
      return sum;
    });
  }
}
