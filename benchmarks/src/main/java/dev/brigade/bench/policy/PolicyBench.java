package dev.brigade.bench.policy;

import dev.brigade.bench.Contender;
import dev.brigade.bench.MicroBench;
import dev.brigade.bench.MicroCase;
import dev.brigade.bench.Plan;
import dev.brigade.bench.Side;
import dev.brigade.policy.RateLimit;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs to pass a policy that has nothing against it: rate limits so high and limits so
 * wide that nobody ever waits, from one thread and from many at once.
 */
public final class PolicyBench implements MicroBench {
  /** More than can be taken in a second by far. */
  static final int RATE = 1_000_000_000;

  /** More than ever are inside. */
  static final int WIDTH = 1_000;

  /** How many calls a breaker looks at. */
  static final int CALLS = 100;

  /** Never reached. */
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final int THREADS = 8;
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Who calls: one virtual thread, or several threads at once. */
  private enum Callers {
    ONE("1 thread"),
    PLATFORM(THREADS + " threads"),
    VIRTUAL(THREADS + " virtual threads");

    final String text;

    Callers(String text) {
      this.text = text;
    }

    int count() {
      return this == ONE ? 1 : THREADS;
    }

    Contender.Opening<Side> of(Contender.Opening<? extends Side> side) {
      return switch (this) {
        case ONE -> side::open;
        case PLATFORM -> () -> new AtOnce(side.open(), THREADS, Thread.ofPlatform());
        case VIRTUAL -> () -> new AtOnce(side.open(), THREADS, Thread.ofVirtual());
      };
    }
  }

  @Override
  public String name() {
    return "policy";
  }

  @Override
  public String about() {
    return "pass a rate limit, a limit or a chain of five that has nothing against it, from 1 and 8 threads";
  }

  @Override
  public List<MicroCase> cases(Plan plan) {
    List<MicroCase> all = new ArrayList<>();
    for (Callers callers : Callers.values()) {
      all.add(
          rate(
              "rate window",
              callers,
              () -> new OurRate(RateLimit.window(RATE / 1_000, Duration.ofMillis(1)))));
      all.add(
          rate("rate bucket", callers, () -> new OurRate(RateLimit.bucket(RATE, SECOND, RATE))));
    }
    for (Callers callers : Callers.values()) all.add(limit(callers));
    for (Callers callers : Callers.values()) all.add(chain(callers));
    return all;
  }

  private static MicroCase rate(String what, Callers callers, Contender.Opening<Side> ours) {
    return named(what, callers)
        .withOurs(callers.of(ours))
        .withPeer(
            "Bucket4j", 1.0, callers.of(() -> new Bucket4jRate(SynchronizationStrategy.LOCK_FREE)))
        .withPeer(
            "Bucket4j, synchronized",
            1.0,
            callers.of(() -> new Bucket4jRate(SynchronizationStrategy.SYNCHRONIZED)))
        .withPeer("Guava RateLimiter", callers.of(GuavaRate::new))
        .withPeer("Resilience4j RateLimiter", callers.of(Resilience4jRate::new));
  }

  private static MicroCase limit(Callers callers) {
    return named("limit", callers)
        .withOurs(callers.of(OurLimit::new))
        .withPeer("Semaphore", 1.2, callers.of(() -> new SemaphoreLimit(false)))
        .withPeer("Semaphore, fair", callers.of(() -> new SemaphoreLimit(true)))
        .withPeer("Resilience4j Bulkhead", callers.of(Resilience4jLimit::new))
        .withPeer("Failsafe Bulkhead", callers.of(FailsafeLimit::new));
  }

  private static MicroCase chain(Callers callers) {
    return named("chain of five", callers)
        .withOurs(callers.of(OurChain::new))
        .withPeer("Failsafe", 1.0, callers.of(FailsafeChain::new))
        .withPeer("Resilience4j, no timeout", callers.of(Resilience4jChain::new));
  }

  private static MicroCase named(String what, Callers callers) {
    return MicroCase.nanos(what + ", " + callers.text, "ns/call", callers.count());
  }
}
