package dev.brigade.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.models.ModelTime;
import dev.brigade.policy.CircuitBreaker.State;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many calls that succeed, fail, are cancelled and interrupted, all at once. */
@HangGuard
class CircuitBreakerStressTest {
  private static final int PROBES = 2;

  private final ModelTime time = new ModelTime();

  @Test
  void neverTooManyProbesAndNeverStuck() throws Exception {
    for (var breaker :
        List.of(CircuitBreaker.ofCalls(4), CircuitBreaker.ofTime(Duration.ofNanos(1_000)))) {
      var b =
          breaker
              .withMinimumCalls(2)
              .withProbes(PROBES)
              .withOpenTime(Duration.ofNanos(20))
              .withTime(time);
      var probing = new ConcurrentHashMap<BreakerPhase, AtomicInteger>();
      var peak = new AtomicInteger();
      Tasks.forEach(
          IntStream.range(0, 8).boxed().toList(),
          seed -> {
            var random = new SplittableRandom(seed);
            // However long that takes: a probe may have to wait for its thread while others call.
            while (b.statistics().opened() < 25) {
              time.set(time.nanoTime() + random.nextInt(3));
              one(b, random, probing, peak);
            }
          });
      assertTrue(peak.get() <= PROBES, () -> "probes at once " + peak);
      var s = b.statistics();
      assertEquals(0, s.probing());
      time.set(time.nanoTime() + 1_000_000);
      for (int i = 0; i < PROBES; i++) b.run(() -> {});
      assertEquals(State.CLOSED, b.state());
    }
  }

  /** As a call does it, in steps that others can come between. */
  private static void one(
      CircuitBreaker b,
      SplittableRandom random,
      ConcurrentHashMap<BreakerPhase, AtomicInteger> probing,
      AtomicInteger peak) {
    BreakerPhase in;
    try {
      in = b.enter();
    } catch (BreakerOpenException e) {
      Thread.yield();
      return;
    }
    var inside = probing.computeIfAbsent(in, p -> new AtomicInteger());
    int n = inside.incrementAndGet();
    if (in instanceof BreakerPhase.HalfOpen) peak.accumulateAndGet(n, Math::max);
    if (random.nextInt(4) == 0) Thread.yield();
    inside.decrementAndGet();
    switch (random.nextInt(3)) {
      case 0 -> b.giveBack(in);
      case 1 -> b.settle(in, true, false, null, 0);
      default -> b.settle(in, false, false, null, 0);
    }
  }

  @Test
  void cancelledProbesNeverKeepTheirPlaces() throws Exception {
    var b = CircuitBreaker.ofCalls(1).withProbes(PROBES).withOpenTime(Duration.ofNanos(1));
    Tasks.limit(16)
        .forEach(
            IntStream.range(0, 3_000).boxed().toList(),
            i -> {
              try {
                Object unused =
                    Tasks.withinOr(
                        Duration.ofNanos(1 + i % 100 * 1_000L),
                        "late",
                        () ->
                            b.<Object, IOException>call(() -> {
                              if (i % 3 == 0) throw new IOException("down");
                              if (i % 3 == 1) Tasks.sleep(Duration.ofHours(1));
                              return "v";
                            }));
              } catch (IOException | BreakerOpenException e) {
                // As intended.
              }
            });
    assertEquals(0, b.statistics().probing());
    for (int i = 0; i < PROBES && b.state() != State.CLOSED; i++) {
      Tasks.sleep(Duration.ofMillis(1));
      b.run(() -> {});
    }
    assertEquals(State.CLOSED, b.state());
  }
}
