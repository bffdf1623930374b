package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Reading;
import dev.brigade.time.TimeSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/*
 * Design. Two independent buckets, each one long and a compare-and-set. `saved` is filled by calls,
 * in millionths of a retry, and never holds more than SAVED_AT_MOST. The floor is a bucket that
 * time fills: `floorFrom` is the time from which it has been filling since it was last empty, so
 * it holds (now - floorFrom) / interval, cut off at one second's worth, or one retry.
 *
 * Invariants.
 *  B1 0 <= saved <= SAVED_AT_MOST; each call adds the share, each retry taken here subtracts ONE.
 *  B2 floorFrom grows by one interval for each retry taken from the floor, and is never set back
 *     but when it lies further ahead of the clock than taking can have put it: the clock jumped.
 *
 * While nothing fails, `saved` is full and a call only reads it: no contention.
 * Rejected: expiring deposits (Finagle) need a ring of slots for a bound that is no better.
 */
/**
 * How many retries a whole program may make, shared by every {@link Retry} that is given it. When a
 * server is down, retries by themselves multiply the load that it must recover under; with a budget
 * they add a share to it and no more.
 *
 * {@snippet :
 * static final RetryBudget BUDGET = RetryBudget.ofShare(0.1);
 * static final Retry USERS = Retry.attempts(3).withBudget(BUDGET);
 * static final Retry ORDERS = Retry.attempts(3).withBudget(BUDGET);
 * }
 *
 * <p>In any time t in which c calls begin, at most 100 + share·c + max(1, floor·1 s) + floor·t
 * retries are made. A retry that there is no budget for is not made: the failure is thrown at once.
 *
 * <p>Safe for use by many threads, without locks: a compare-and-set for each retry, and for a call
 * only while less is saved up than may be. (After Finagle's retry budgets and gRPC's retry
 * throttling.)
 */
public final class RetryBudget implements Metered {
  private static final long ONE = 1_000_000;
  private static final long SAVED_AT_MOST = 100 * ONE;
  private static final double DEFAULT_FLOOR = 10;
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final long shareMillionths;
  private final TimeSource time;
  private final double floor;
  private final long intervalNanos;
  private final long floorNanos;
  private final AtomicLong saved = new AtomicLong();
  private final AtomicLong floorFrom;
  private final LongAdder calls = new LongAdder();
  private final LongAdder granted = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile String name = "";

  private RetryBudget(long shareMillionths, double floor, TimeSource time) {
    this.shareMillionths = shareMillionths;
    this.floor = floor;
    this.intervalNanos = interval(floor);
    this.time = time;
    this.floorNanos = Math.max(SECOND_NANOS, intervalNanos);
    this.floorFrom = new AtomicLong(time.nanoTime() - floorNanos);
  }

  /**
   * A budget of this share of the calls, and ten a second besides.
   *
   * @param share retries for each call, from 0 to 1, to a millionth; 0.1 is usual
   */
  @CheckReturnValue
  public static RetryBudget ofShare(double share) {
    if (!(share >= 0 && share <= 1))
      throw new IllegalArgumentException("share must be from 0 to 1, but was " + share);
    return new RetryBudget(Math.round(share * ONE), DEFAULT_FLOOR, TimeSource.system());
  }

  /**
   * A new budget with this many retries a second besides the share, so that the first calls of a
   * quiet program can be repeated too; 0 for none.
   */
  @CheckReturnValue
  public RetryBudget withFloor(double perSecond) {
    return new RetryBudget(shareMillionths, perSecond, time);
  }

  /** A new budget on this clock. */
  @CheckReturnValue
  public RetryBudget withTime(TimeSource clock) {
    return new RetryBudget(shareMillionths, floor, Objects.requireNonNull(clock, "time"));
  }

  /** Between two retries, rather too long than too short; 0 if there is no floor. */
  private static long interval(double perSecond) {
    if (!(perSecond >= 0 && perSecond <= 1_000_000))
      throw new IllegalArgumentException(
          "floor must be from 0 to 1000000 a second, but was " + perSecond);
    if (perSecond == 0) return 0;
    return Math.min((long) Math.ceil(SECOND_NANOS / perSecond), TimeSource.NEVER / 8);
  }

  /** Counts a call, which adds its share. */
  public void called() {
    calls.increment();
    long s = saved.get();
    while (s < SAVED_AT_MOST) {
      long seen = saved.compareAndExchange(s, Math.min(SAVED_AT_MOST, s + shareMillionths));
      if (seen == s) return;
      s = seen;
    }
  }

  /** Takes one retry out of the budget, if there is one. */
  @CheckReturnValue
  public boolean tryRetry() {
    boolean got = takeFloor() || takeSaved();
    (got ? granted : refused).increment();
    return got;
  }

  private boolean takeSaved() {
    long s = saved.get();
    while (s >= ONE) {
      long seen = saved.compareAndExchange(s, s - ONE);
      if (seen == s) return true;
      s = seen;
    }
    return false;
  }

  private boolean takeFloor() {
    if (intervalNanos == 0) return false;
    long now = time.nanoTime();
    long from = floorFrom.get();
    while (true) {
      long age = now - from;
      long next;
      if (age >= intervalNanos) next = Math.max(0, age - floorNanos) + from + intervalNanos;
      else if (age < -floorNanos) next = now;
      else return false;
      long seen = floorFrom.compareAndExchange(from, next);
      if (seen == from) return age >= intervalNanos;
      from = seen;
    }
  }

  /**
   * Counts since the budget was made, and the balance now.
   *
   * @param available how many retries could be made at once
   * @param calls how many calls were counted
   * @param granted how many retries were let through
   * @param refused how many were not
   */
  public record Statistics(long available, long calls, long granted, long refused) {}

  /** The statistics now. */
  public Statistics statistics() {
    long available = saved.get() / ONE;
    if (intervalNanos != 0) {
      long age = Math.clamp(time.nanoTime() - floorFrom.get(), 0, floorNanos);
      available += age / intervalNanos;
    }
    return new Statistics(available, calls.sum(), granted.sum(), refused.sum());
  }

  /** Shows this budget under a name in every snapshot, while it is in use. */
  public RetryBudget named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("retry budget", name, statistics());
  }

  @Override
  public String toString() {
    String besides = floor == 0 ? "" : " and " + plain(floor) + " a second";
    String share = "retry budget of " + (double) shareMillionths / ONE + " a call";
    return Label.of(share + besides, name);
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
