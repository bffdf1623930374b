package dev.brigade.bench.timeout;

import com.softwaremill.jox.structured.Race;
import java.util.concurrent.Callable;

/** Jox's {@code timeout}: a race of the body with a sleeper. */
public final class JoxTimeout implements TimeoutSide {
  @Override
  public long run(int operations) throws Exception {
    long sum = 0;
    for (int i = 0; i < operations; i++) {
      int result = i;
      sum += Race.timeout(LIMIT.toMillis(), () -> result);
    }
    return sum;
  }

  @Override
  public void hold(Callable<Void> body) throws Exception {
    Race.timeout(LONG.toMillis(), body);
  }
}
