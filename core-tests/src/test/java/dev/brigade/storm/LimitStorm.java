package dev.brigade.storm;

import dev.brigade.policy.Limit;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** A limit under acquires, releases, timeouts, interrupts and resizes, beside its own accounts. */
final class LimitStorm implements Storm.Weather {
  private static final int THREADS = 6;
  private static final int OPERATIONS = 2_000;
  private static final int MAX_CAPACITY = 8;
  private long operations;

  @Override
  public void round(RandomGenerator random) throws Exception {
    account(random, false);
    account(random, true);
    order(random);
    operations += 2L * THREADS * OPERATIONS;
  }

  /** Never more inside than the capacity, or than the largest one if it is changed meanwhile. */
  private static void account(RandomGenerator random, boolean resizing) throws Exception {
    int capacity = 1 + random.nextInt(MAX_CAPACITY);
    Limit limit = Limit.of(capacity);
    var inside = new AtomicInteger();
    int most = resizing ? MAX_CAPACITY : capacity;
    try (var crowd = new Crowd()) {
      var threads = new ArrayList<Thread>();
      for (int t = 0; t < THREADS; t++) {
        var own = new SplittableRandom(random.nextLong());
        var builder = t % 2 == 0 ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
        threads.add(
            crowd.start(
                builder,
                () -> {
                  for (int i = 0; i < OPERATIONS; i++) use(limit, own, inside, most);
                }));
      }
      var vandal = new SplittableRandom(random.nextLong());
      crowd.start(() -> disturb(limit, threads, vandal, resizing));
    }
    var s = limit.statistics();
    if (s.held() != 0 || s.waiting() != 0 || inside.get() != 0)
      throw new AssertionError("permits or waiters are left: " + s + ", inside " + inside);
    if (limit.tryAcquire(s.capacity()) == null) throw new AssertionError("permits were lost: " + s);
  }

  private static void use(Limit limit, RandomGenerator random, AtomicInteger inside, int most) {
    int weight = 1 + random.nextInt(3);
    try (var permit = acquire(limit, random, weight)) {
      if (permit == null) return;
      int now = inside.addAndGet(weight);
      try {
        if (now > most) throw new AssertionError(now + " inside, of " + most);
        if (random.nextInt(4) == 0) Thread.yield();
      } finally {
        inside.addAndGet(-weight);
      }
    } catch (InterruptedException | DeadlineException | IllegalArgumentException e) {
      // Interrupted, too late, or larger than the capacity: each must leave nothing behind.
    }
  }

  private static Limit.Permit acquire(Limit limit, RandomGenerator random, int weight)
      throws InterruptedException {
    Duration time = Duration.ofNanos(random.nextInt(200_000));
    return switch (random.nextInt(4)) {
      case 0 -> limit.tryAcquire(weight);
      case 1 -> limit.tryAcquire(weight, time);
      case 2 -> Tasks.within(time.plusNanos(1), () -> limit.acquire(weight));
      default -> limit.acquire(weight);
    };
  }

  private static void disturb(
      Limit limit, List<Thread> threads, RandomGenerator random, boolean resizing) {
    while (threads.stream().anyMatch(Thread::isAlive)) {
      threads.get(random.nextInt(threads.size())).interrupt();
      if (resizing) limit.resize(1 + random.nextInt(MAX_CAPACITY));
      for (int i = random.nextInt(2_000); i > 0; i--) Thread.onSpinWait();
    }
    limit.resize(MAX_CAPACITY);
  }

  /** Whoever came first gets in first, whatever the weights and whoever gives up in between. */
  private static void order(RandomGenerator random) throws Exception {
    Limit limit = Limit.of(10);
    Limit.Permit all = limit.acquire(10);
    var entered = new ConcurrentLinkedQueue<Integer>();
    var expected = new ArrayList<Integer>();
    var quitters = new ArrayList<Thread>();
    try (var crowd = new Crowd()) {
      for (int i = 0; i < 24; i++) {
        int number = i;
        // More than half of the capacity: only one is inside at a time, so the order can be seen.
        int weight = 6 + random.nextInt(5);
        boolean quits = random.nextInt(3) == 0;
        Thread t =
            crowd.start(
                i % 2 == 0 ? Thread.ofPlatform().daemon() : Thread.ofVirtual(),
                () -> {
                  try (var _ = limit.acquire(weight)) {
                    entered.add(number);
                  } catch (InterruptedException e) {
                    if (!quits) throw e;
                  }
                });
        if (quits) quitters.add(t);
        else expected.add(number);
        Crowd.await("a waiter", () -> limit.statistics().waiting() == number + 1);
      }
      quitters.forEach(Thread::interrupt);
      Crowd.await("the quitters", () -> quitters.stream().noneMatch(Thread::isAlive));
      all.close();
    }
    if (!List.copyOf(entered).equals(expected))
      throw new AssertionError("entered in order " + entered + ", not " + expected);
  }

  @Override
  public String report() {
    return operations + " operations";
  }
}
