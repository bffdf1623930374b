package dev.brigade.storm;

import dev.brigade.policy.RateLimit;
import dev.brigade.policy.RefusedException;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Rate limits under acquires, tries, timeouts, interrupts, deadlines and cancelled reservations, on
 * a clock that steps and leaps. Afterwards every interval is checked exactly, and that nothing has
 * been lost.
 */
final class RateStorm implements Storm.Weather {
  private static final int THREADS = 4;
  private static final int GRANTS = 100_000;
  private long grants;
  private long gaveUp;

  @Override
  public void round(RandomGenerator random) throws Exception {
    round(random, GRANTS);
  }

  /** A window and a bucket, at least so many grants together. */
  void round(RandomGenerator random, int atLeast) throws Exception {
    window(random, atLeast / 2);
    bucket(random, atLeast / 2);
  }

  private void window(RandomGenerator random, int atLeast) throws Exception {
    int most = 1 + random.nextInt(random.nextBoolean() ? 4 : 200);
    long nanos = 1 + random.nextLong(most * 800L);
    var clock = new StormClock();
    RateLimit limit = RateLimit.window(most, Duration.ofNanos(nanos), clock);
    int heaviest = random.nextInt(4) == 0 ? most : Math.min(most, 3);
    run(limit, clock, random, heaviest, nanos, atLeast).checkWindow(most, nanos);
    clock.advance(nanos);
    expectFree(limit, most, clock);
  }

  private void bucket(RandomGenerator random, int atLeast) throws Exception {
    int permits = 1 + random.nextInt(100);
    long nanos = 1 + random.nextLong(permits * 800L);
    int burst = 1 + random.nextInt(50);
    var clock = new StormClock();
    RateLimit limit = RateLimit.bucket(permits, Duration.ofNanos(nanos), burst, clock);
    run(limit, clock, random, Math.min(burst, 3), nanos, atLeast)
        .checkBucket(permits, nanos, burst);
    clock.advance(burst * nanos);
    expectFree(limit, burst, clock);
  }

  private static void expectFree(RateLimit limit, int expected, StormClock clock) {
    var s = limit.statistics();
    if (s.waiting() != 0 || s.inFlight() != 0 || s.free() != expected)
      throw new AssertionError("waiters or grants are left or lost: " + s + " of " + expected);
    if (clock.pending() != 0) throw new AssertionError("an alarm is left");
  }

  private Grants run(
      RateLimit limit,
      StormClock clock,
      RandomGenerator random,
      int maxWeight,
      long nanos,
      int atLeast)
      throws Exception {
    List<Grants> each = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    try (var crowd = new Crowd()) {
      for (int i = 0; i < THREADS; i++) {
        var own = new SplittableRandom(random.nextLong());
        var mine = new Grants();
        each.add(mine);
        var builder = i % 2 == 0 ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
        threads.add(
            crowd.start(
                builder,
                () -> {
                  StormClock.remember();
                  while (mine.size() < atLeast / THREADS) use(limit, own, mine, maxWeight, nanos);
                }));
      }
      var driver = new SplittableRandom(random.nextLong());
      crowd.start(() -> drive(clock, threads, driver, nanos));
    }
    var all = new Grants();
    each.forEach(all::addAll);
    var s = limit.statistics();
    if (s.granted() != all.weight())
      throw new AssertionError(all.weight() + " were granted, but it counts " + s);
    grants += all.size();
    gaveUp += s.gaveUp();
    return all;
  }

  private static void drive(
      StormClock clock, List<Thread> threads, RandomGenerator random, long nanos) {
    while (threads.stream().anyMatch(Thread::isAlive)) {
      for (int i = 0; i < 64; i++) {
        clock.advance(random.nextInt(1 + (int) Math.min(1_000, nanos / 2)));
        for (int spin = random.nextInt(30); spin > 0; spin--) Thread.onSpinWait();
      }
      if (random.nextInt(64) == 0) clock.advance(random.nextLong(3 * nanos));
      if (random.nextInt(4) == 0) threads.get(random.nextInt(threads.size())).interrupt();
      if (random.nextInt(16) == 0) Thread.yield();
    }
  }

  private static void use(
      RateLimit limit, RandomGenerator random, Grants mine, int maxWeight, long nanos) {
    int weight = 1 + random.nextInt(maxWeight);
    Duration time = Duration.ofNanos(random.nextLong(2 * nanos));
    try {
      switch (random.nextInt(16)) {
        case 0 -> {
          limit.acquire(weight);
          granted(mine, weight);
        }
        case 1, 2 -> {
          if (limit.tryAcquire(weight, time)) granted(mine, weight);
        }
        case 3 -> {
          limit.withMaxWait(time).withMaxWaiters(random.nextInt(THREADS)).acquire(weight);
          granted(mine, weight);
        }
        case 4 -> {
          // On the real clock: a cancellation from outside.
          Tasks.within(
              Duration.ofNanos(1 + random.nextInt(100_000)),
              () -> {
                limit.acquire(weight);
                granted(mine, weight);
                return mine;
              });
        }
        case 5 -> reserve(limit, random, mine, weight);
        default -> {
          if (limit.tryAcquire(weight)) granted(mine, weight);
        }
      }
    } catch (InterruptedException | DeadlineException | RefusedException e) {
      // Interrupted, too late, or refused: each must leave nothing behind.
    }
  }

  private static void reserve(RateLimit limit, RandomGenerator random, Grants mine, int weight)
      throws InterruptedException {
    try (var first = limit.reserve(weight);
        var second = limit.reserve(weight)) {
      if (random.nextBoolean()) {
        first.await();
        granted(mine, weight);
      } else {
        first.cancel();
      }
      if (random.nextBoolean() && !second.delay().isZero()) return;
      second.await();
      granted(mine, weight);
    }
  }

  private static void granted(Grants mine, int weight) {
    mine.add(StormClock.reading(), weight);
  }

  long grants() {
    return grants;
  }

  @Override
  public String report() {
    return grants + " grants, every interval checked, and " + gaveUp + " that were given up";
  }
}
