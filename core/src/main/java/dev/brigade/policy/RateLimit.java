package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.Reading;
import dev.brigade.task.Waiter;
import dev.brigade.task.Work;
import dev.brigade.time.TimeSource;
import java.io.Serial;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * How many may begin in a time. For how many are inside at once use {@link Limit}; most servers
 * want both. (JavaScript: {@code p-throttle}; Python: {@code aiolimiter}.)
 *
 * {@snippet :
 * static final RateLimit SEARCHES = RateLimit.window(100, Duration.ofMinutes(1));
 * Page page = SEARCHES.call(() -> fetch(url));
 * if (SEARCHES.tryAcquire(Duration.ofSeconds(2))) show(fetch(url));
 * }
 *
 * <p>Two kinds, each with an exact bound on grants:
 *
 * <ul>
 *   <li>{@link #window(int, Duration) window(n, t)}: any half-open interval of length t holds at
 *       most n. All n may come at once. For a published limit ("100 a minute") this is the one.
 *   <li>{@link #bucket(int, Duration, int) bucket(n, t, burst)}: any interval of length d holds at
 *       most burst + d · n / t. Smooth; weights may be bytes.
 * </ul>
 *
 * <p>A grant is the moment at which the waiting thread itself, as the last step before it returns,
 * reads the limit's clock. So a thread that is scheduled late can't share a window with those that
 * come after it. What happens after that step is beyond any limit's power: if the scheduler or the
 * network holds n callers back until the next n come, a server may see 2n at once; ask for a little
 * less than you may if that hurts.
 *
 * <p>Waiting is first come, first served, whatever the weights. It ends at interrupts, cancellation
 * and deadlines; a wait that can't fit is refused at once. Who gives up, at whatever point, takes
 * nothing with it, and those behind move forward. Nothing is given back after the work: a rate
 * counts beginnings.
 *
 * <p>The clock is that of the scope that first uses the limit, unless one was given, and stays it.
 * Where it goes back, the limit takes it to stand until it has caught up.
 *
 * <p>Memory effects: a grant happens before the grants after it. Cost: when free one short monitor
 * entry and one read of the clock; a waiter costs an entry in a list and its parked thread; one
 * timer serves all. A window keeps 8 bytes for each grant within it, a bucket a few numbers. With a
 * burst of 1 each grant also costs the time that a thread takes to wake, since the next one counts
 * from it.
 */
public final class RateLimit implements Policy, Metered {
  private static final int MOST = 1 << 30;

  private final Turns turns;
  private final int maxWaiters;
  private final long maxWaitNanos;

  private RateLimit(Turns turns, int maxWaiters, long maxWaitNanos) {
    this.turns = turns;
    this.maxWaiters = maxWaiters;
    this.maxWaitNanos = maxWaitNanos;
  }

  private static RateLimit of(Pace pace, @Nullable TimeSource time) {
    return new RateLimit(new Turns(pace, time), Integer.MAX_VALUE, TimeSource.NEVER);
  }

  /**
   * At most {@code permits} in any half-open interval of this length.
   *
   * @param permits from 1 to 2^30
   * @param per more than zero, at most about 73 years
   */
  @CheckReturnValue
  public static RateLimit window(int permits, Duration per) {
    return of(new WindowPace(permits(permits), perNanos(per)), null);
  }

  /** As {@link #window(int, Duration)}, on this clock. */
  @CheckReturnValue
  public static RateLimit window(int permits, Duration per, TimeSource time) {
    Objects.requireNonNull(time, "time");
    return of(new WindowPace(permits(permits), perNanos(per)), time);
  }

  /**
   * On average {@code permits} in this time, and up to {@code burst} at once after a pause.
   *
   * @param permits from 1 to 2^30
   * @param per more than zero, at most about 73 years
   * @param burst from 1 to 2^30; the largest weight that can be acquired
   */
  @CheckReturnValue
  public static RateLimit bucket(int permits, Duration per, int burst) {
    return of(new BucketPace(permits(permits), perNanos(per), burst(burst)), null);
  }

  /** As {@link #bucket(int, Duration, int)}, on this clock. */
  @CheckReturnValue
  public static RateLimit bucket(int permits, Duration per, int burst, TimeSource time) {
    Objects.requireNonNull(time, "time");
    return of(new BucketPace(permits(permits), perNanos(per), burst(burst)), time);
  }

  private static int permits(int permits) {
    return atLeastOne("permits", permits);
  }

  private static int burst(int burst) {
    return atLeastOne("burst", burst);
  }

  private static int atLeastOne(String what, int n) {
    if (n < 1 || n > MOST)
      throw new IllegalArgumentException(what + " must be from 1 to " + MOST + ", but was " + n);
    return n;
  }

  private static long perNanos(Duration per) {
    long nanos = saturated(per, "per");
    if (nanos <= 0 || nanos > Pace.LONGEST)
      throw new IllegalArgumentException(
          "per must be more than zero and at most "
              + Duration.ofNanos(Pace.LONGEST)
              + ", but was "
              + per);
    return nanos;
  }

  private static long saturated(Duration d, String what) {
    Objects.requireNonNull(d, what);
    try {
      return d.toNanos();
    } catch (ArithmeticException e) {
      return d.isNegative() ? 0 : TimeSource.NEVER;
    }
  }

  /** The same limit, its grants shared, for callers of whom at most so many may wait. */
  @CheckReturnValue
  public RateLimit withMaxWaiters(int max) {
    if (max < 0)
      throw new IllegalArgumentException("maxWaiters must not be negative, but was " + max);
    return new RateLimit(turns, max, maxWaitNanos);
  }

  /** The same limit, its grants shared, for callers that would rather fail than wait longer. */
  @CheckReturnValue
  public RateLimit withMaxWait(Duration max) {
    long nanos = saturated(max, "maxWait");
    if (nanos < 0)
      throw new IllegalArgumentException("maxWait must not be negative, but was " + max);
    return new RateLimit(turns, maxWaiters, nanos);
  }

  // ---- acquiring

  /** Waits for one grant. */
  public void acquire() throws InterruptedException {
    acquire(1);
  }

  /**
   * Waits for grants, all at one moment.
   *
   * @param weight at least 1
   * @throws InterruptedException if the thread is interrupted or being cancelled; it then has taken
   *     nothing
   * @throws WaitTooLongException if the wait can't end before the deadline in force, or would be
   *     longer than {@link #withMaxWait}
   * @throws FullException if as many wait already as may
   * @throws IllegalArgumentException if {@code weight} is more than the window or the burst, or
   *     than it becomes while waiting
   */
  public void acquire(int weight) throws InterruptedException {
    boolean unused = acquire(weight, TimeSource.NEVER);
  }

  /** Takes a grant if there is one and nobody waits; never blocks. */
  @CheckReturnValue
  public boolean tryAcquire() {
    return tryAcquire(1);
  }

  /** Takes grants if there are as many and nobody waits; never blocks. */
  @CheckReturnValue
  public boolean tryAcquire(int weight) {
    return turns.takeNow(checked(weight));
  }

  /** Waits for one grant for a time. */
  @CheckReturnValue
  public boolean tryAcquire(Duration timeout) throws InterruptedException {
    return tryAcquire(1, timeout);
  }

  /**
   * Waits for grants for a time; returns at once where it is known that this is too short.
   *
   * @return false if it was too short, and then nothing was taken
   */
  @CheckReturnValue
  public boolean tryAcquire(int weight, Duration timeout) throws InterruptedException {
    return acquire(weight, Math.max(0, saturated(timeout, "timeout")));
  }

  private static int checked(int weight) {
    if (weight < 1)
      throw new IllegalArgumentException("weight must be at least 1, but was " + weight);
    return weight;
  }

  private boolean acquire(int weight, long patienceNanos) throws InterruptedException {
    checked(weight);
    if (Thread.interrupted()) throw new InterruptedException();
    if (turns.takeNow(weight)) return true;
    TimeSource time = turns.time();
    var waiter = new Waiter(time);
    var turn = new Turn(weight, waiter);
    long until = patienceNanos == TimeSource.NEVER ? TimeSource.NEVER : time.after(patienceNanos);
    if (!join(turn, patienceNanos, left(waiter))) return false;
    return await(turn, waiter, until);
  }

  private boolean await(Turn turn, Waiter waiter, long until) throws InterruptedException {
    boolean over = false;
    try {
      boolean unused = waiter.await(this, until);
      over = true;
    } finally {
      if (!over) turns.leave(turn);
    }
    return turns.take(turn);
  }

  private boolean join(Turn turn, long patienceNanos, long leftNanos) {
    try {
      return turns.join(turn, patienceNanos, leftNanos, maxWaitNanos, maxWaiters);
    } catch (RefusedException e) {
      refused(e);
      throw e;
    }
  }

  private void refused(RefusedException e) {
    if (!Observers.present()) return;
    long now = turns.time().nanoTime();
    Observers.emit(
        PolicyEvent.here(PolicyEvent.Kind.REFUSED, now, toString(), e.getMessage(), null));
  }

  private static long left(Waiter waiter) {
    long deadline = waiter.deadlineNanos();
    return deadline == TimeSource.NEVER ? TimeSource.NEVER : deadline - waiter.time().nanoTime();
  }

  // ---- reserving

  /** A place in line for one grant, taken now, to be waited for later. */
  @CheckReturnValue
  public Reservation reserve() {
    return reserve(1);
  }

  /**
   * A place in line, taken now, to be waited for later or given up. It must be either, as a permit
   * must be given back: once its turn has come, it is kept for it.
   *
   * @throws WaitTooLongException if its turn would come later than {@link #withMaxWait} from now
   * @throws FullException if as many wait already as may
   * @throws IllegalArgumentException if {@code weight} is more than the window or the burst
   */
  @CheckReturnValue
  public Reservation reserve(int weight) {
    var turn = new Turn(checked(weight), null);
    boolean unused = join(turn, TimeSource.NEVER, TimeSource.NEVER);
    return new Reservation(this, turn);
  }

  /**
   * A place in line. {@link #await} turns it into a grant; {@link #cancel} or {@link #close} gives
   * it up.
   *
   * {@snippet :
   * static final RateLimit SEARCHES = RateLimit.window(100, Duration.ofMinutes(1));
   * try (RateLimit.Reservation place = SEARCHES.reserve()) {
   *   log("starting in", place.delay());
   *   place.await();
   *   show(fetch(url));
   * }
   * }
   */
  public static final class Reservation implements AutoCloseable {
    private final RateLimit limit;
    private final Turn turn;

    private Reservation(RateLimit limit, Turn turn) {
      this.limit = limit;
      this.turn = turn;
    }

    /**
     * How long until its turn at the earliest; zero once it has come, or is over. Shrinks when
     * others before it give up, grows when they take their turns late.
     */
    @CheckReturnValue
    public Duration delay() {
      return Duration.ofNanos(limit.turns.untilTurn(turn));
    }

    /**
     * Waits for its turn and takes it; once, by one thread. Whatever this throws, the place is
     * given up.
     *
     * @throws WaitTooLongException if the deadline in force comes first
     * @throws CancellationException if it was cancelled
     * @throws IllegalStateException if it has been taken, or another thread awaits it; it then
     *     stays so
     */
    public void await() throws InterruptedException {
      var waiter = new Waiter(limit.turns.time());
      try {
        limit.turns.awaitBy(turn, waiter, left(waiter));
      } catch (RefusedException e) {
        cancel();
        limit.refused(e);
        throw e;
      }
      if (!limit.await(turn, waiter, TimeSource.NEVER))
        throw new CancellationException("the reservation was cancelled");
    }

    /**
     * Gives the place up, and lets those behind it move forward.
     *
     * @return false if it was taken or cancelled already
     */
    public boolean cancel() {
      return limit.turns.leave(turn);
    }

    /** Gives the place up unless it was taken. */
    @Override
    public void close() {
      cancel();
    }
  }

  // ---- around work

  /** Waits for a grant, then runs the work. */
  @CheckReturnValue
  @Override
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    acquire(1);
    return work.call();
  }

  @Override
  public Kind kind() {
    return Kind.RATE;
  }

  // ---- changing and statistics

  /**
   * Changes the rate; a bucket keeps its burst. Grants before count against the new rate: of a
   * window all that it still held, of a bucket the part of the burst that they used. So an interval
   * that spans the change holds at most what both rates allow for its two parts, and those let
   * through already stay so. Waiters that want more than a smaller window can give fail.
   *
   * @param permits from 1 to 2^30
   * @param per more than zero, at most about 73 years
   */
  public void resize(int permits, Duration per) {
    turns.change(permits(permits), perNanos(per));
  }

  /**
   * Counts since the limit was made, in grants, and the state now.
   *
   * @param permits how many grants there are {@code per} time
   * @param per the time
   * @param burst how many may come at once
   * @param free how many could be acquired now
   * @param inFlight how many were let through and are not taken yet
   * @param waiting how many wait, reservations included
   * @param peakWaiting the most that ever waited at once
   * @param granted the grants
   * @param waited how often somebody had to wait
   * @param gaveUp how often somebody gave up, or a reservation was cancelled
   * @param refused how often a wait was refused, being too long or one too many
   */
  public record Statistics(
      int permits,
      Duration per,
      int burst,
      int free,
      int inFlight,
      int waiting,
      int peakWaiting,
      long granted,
      long waited,
      long gaveUp,
      long refused) {}

  /** The statistics now, of all who share this limit's grants. */
  @CheckReturnValue
  public Statistics statistics() {
    return turns.statistics();
  }

  /** Shows this limit under a name in every snapshot, while it is in use. */
  public RateLimit named(String name) {
    turns.named(Objects.requireNonNull(name, "name"));
    Meters.add(turns);
    return this;
  }

  @Override
  public Reading reading() {
    return turns.reading();
  }

  /** The acquire was refused because as many wait already as may. */
  public static final class FullException extends RefusedException {
    @Serial private static final long serialVersionUID = 1L;

    FullException(String limit, int maxWaiters) {
      super("too many wait for " + limit + ": at most " + maxWaiters + " may");
    }
  }

  @Override
  public String toString() {
    return turns.toString();
  }
}
