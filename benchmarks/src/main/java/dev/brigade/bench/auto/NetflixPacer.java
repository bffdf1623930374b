package dev.brigade.bench.auto;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.AIMDLimit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limit.VegasLimit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import dev.brigade.testing.simulation.Pacer;
import dev.brigade.testing.simulation.Scenarios;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits of concurrency-limits as pacers: the same beginning and the same most as ours, the
 * rest as they come. Where a window over the samples may help, both forms are tried.
 */
final class NetflixPacer implements Pacer {
  private static final int INITIAL = 20;

  private record Sent(long atNanos, int inFlight) {}

  private final Limit limit;

  private NetflixPacer(Limit limit) {
    this.limit = limit;
  }

  /** Each peer by its name, with its forms; the better one counts. */
  static Map<String, List<Supplier<Pacer>>> all() {
    return Map.of(
        "Gradient2",
        List.of(
            () -> new NetflixPacer(gradient2()),
            () -> new NetflixPacer(WindowedLimit.newBuilder().build(gradient2()))),
        "Vegas",
        List.of(
            () -> new NetflixPacer(vegas()),
            () -> new NetflixPacer(WindowedLimit.newBuilder().build(vegas()))),
        "AIMD",
        List.of(() ->
            new NetflixPacer(
                AIMDLimit.newBuilder()
                    .initialLimit(INITIAL)
                    .minLimit(1)
                    .maxLimit(Scenarios.MOST)
                    .build())));
  }

  private static Gradient2Limit gradient2() {
    return Gradient2Limit.newBuilder()
        .initialLimit(INITIAL)
        .minLimit(1)
        .maxConcurrency(Scenarios.MOST)
        .build();
  }

  private static VegasLimit vegas() {
    return VegasLimit.newBuilder().initialLimit(INITIAL).maxConcurrency(Scenarios.MOST).build();
  }

  @Override
  public int limit() {
    return limit.getLimit();
  }

  @Override
  public Object started(long nowNanos, int inFlight) {
    return new Sent(nowNanos, inFlight);
  }

  @Override
  public void ended(@Nullable Object started, long nowNanos, boolean good) {
    Sent sent = (Sent) Objects.requireNonNull(started);
    limit.onSample(sent.atNanos, Math.max(1, nowNanos - sent.atNanos), sent.inFlight, !good);
  }
}
