package dev.brigade.bench.timeout;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;

/** The JDK's {@code StructuredTaskScope}, whose configuration takes a timeout. */
public final class StructuredScope implements TimeoutSide {
  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      int result = i;
      sum += within(LIMIT, () -> result);
    }
    return sum;
  }

  @Override
  public void hold(Callable<Void> body) throws Exception {
    within(LONG, body);
  }

  private static <T> T within(Duration limit, Callable<T> body) throws InterruptedException {
    try (var scope =
        StructuredTaskScope.open(
            Joiner.<T>awaitAllSuccessfulOrThrow(), config -> config.withTimeout(limit))) {
      var task = scope.fork(body);
      scope.join();
      return task.get();
    }
  }
}
