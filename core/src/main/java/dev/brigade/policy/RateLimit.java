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
 * <p>The clock is that of the scope that uses the limit, unless one was given. Each clock counts
 * for itself, with grants and a line of its own: what a test on a virtual clock was granted is of
 * no account elsewhere. Where a clock goes back, the limit takes it to stand until it has caught
 * up.
 *
 * <p>Memory effects: a grant happens before the grants after it. Cost: when free one short monitor
 * entry and one read of the clock; a waiter costs an entry in a list and its parked thread; one
 * timer serves all. A window keeps 16 bytes for each acquire within it, whatever its weight, a
 * bucket a few numbers. With a burst of 1 each grant also costs the time that a thread takes to
 * wake, since the next one counts from it.
 */
public final class RateLimit implements Policy, Metered {
  private static final int MOST = 1 << 30;

  private final RateClocks clocks;
  private final int maxWaiters;
  private final long maxWaitNanos;

  private RateLimit(RateClocks clocks, int maxWaiters, long maxWaitNanos) {
    this.clocks = clocks;
    this.maxWaiters = maxWaiters;
    this.maxWaitNanos = maxWaitNanos;
  }

  private static RateLimit of(Pace pace, @Nullable TimeSource time) {
    return new RateLimit(new RateClocks(pace, time), Integer.MAX_VALUE, TimeSource.NEVER);
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
    long nanos = Lengths.nanos(per, "per");
    if (nanos <= 0 || nanos > Pace.LONGEST)
      throw new IllegalArgumentException(
          "per must be more than zero and at most "
              + Duration.ofNanos(Pace.LONGEST)
              + ", but was "
              + per);
    return nanos;
  }

  /** The same limit, its grants shared, for callers of whom at most so many may wait. */
  @CheckReturnValue
  public RateLimit withMaxWaiters(int max) {
    if (max < 0)
      throw new IllegalArgumentException("maxWaiters must not be negative, but was " + max);
    return new RateLimit(clocks, max, maxWaitNanos);
  }

  /** The same limit, its grants shared, for callers that would rather fail than wait longer. */
  @CheckReturnValue
  public RateLimit withMaxWait(Duration max) {
    return new RateLimit(clocks, maxWaiters, Lengths.notNegative(max, "maxWait"));
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
   * @throws IllegalStateException if the clock can't set an alarm for the end of the wait
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
    checked(weight);
    TimeSource time = clocks.time();
    return clocks.on(time).takeNow(time, weight);
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
    return acquire(weight, Math.max(0, Lengths.nanos(timeout, "timeout")));
  }

  private static int checked(int weight) {
    if (weight < 1)
      throw new IllegalArgumentException("weight must be at least 1, but was " + weight);
    return weight;
  }

  private boolean acquire(int weight, long patienceNanos) throws InterruptedException {
    checked(weight);
    if (Thread.interrupted()) throw new InterruptedException();
    TimeSource time = clocks.time();
    Turns turns = clocks.on(time);
    if (turns.takeNow(time, weight)) return true;
    var waiter = new Waiter(time);
    var turn = new Turn(weight, waiter);
    long until = patienceNanos == TimeSource.NEVER ? TimeSource.NEVER : time.after(patienceNanos);
    if (!join(turns, time, turn, patienceNanos, left(waiter))) return false;
    return await(turns, turn, waiter, until);
  }

  private boolean await(Turns turns, Turn turn, Waiter waiter, long until)
      throws InterruptedException {
    boolean over = false;
    try {
      boolean unused = waiter.await(turns, until);
      boolean taken = turns.take(waiter.time(), turn);
      over = true;
      return taken;
    } finally {
      if (!over) turns.leave(waiter.time(), turn);
    }
  }

  private boolean join(
      Turns turns, TimeSource time, Turn turn, long patienceNanos, long leftNanos) {
    try {
      return turns.join(time, turn, patienceNanos, leftNanos, maxWaitNanos, maxWaiters);
    } catch (RefusedException e) {
      refused(e, time);
      throw e;
    }
  }

  private void refused(RefusedException e, TimeSource time) {
    if (!Observers.present()) return;
    Observers.emit(
        PolicyEvent.here(
            PolicyEvent.Kind.REFUSED, time.nanoTime(), toString(), e.getMessage(), null));
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
    TimeSource time = clocks.time();
    Turns turns = clocks.on(time);
    boolean unused = join(turns, time, turn, TimeSource.NEVER, TimeSource.NEVER);
    return new Reservation(this, turns, time, turn);
  }

  /**
   * A place in line, on the clock of whoever reserved it. {@link #await} turns it into a grant;
   * {@link #cancel} or {@link #close} gives it up.
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
    private final Turns turns;
    private final TimeSource time;
    private final Turn turn;

    private Reservation(RateLimit limit, Turns turns, TimeSource time, Turn turn) {
      this.limit = limit;
      this.turns = turns;
      this.time = time;
      this.turn = turn;
    }

    /**
     * How long until its turn at the earliest; zero once it has come, or is over. Shrinks when
     * others before it give up, grows when they take their turns late.
     */
    @CheckReturnValue
    public Duration delay() {
      return Duration.ofNanos(turns.untilTurn(time, turn));
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
      var waiter = new Waiter(time);
      try {
        turns.awaitBy(time, turn, waiter, left(waiter));
      } catch (RefusedException e) {
        cancel();
        limit.refused(e, time);
        throw e;
      }
      if (!limit.await(turns, turn, waiter, TimeSource.NEVER))
        throw new CancellationException("the reservation was cancelled");
    }

    /**
     * Gives the place up, and lets those behind it move forward.
     *
     * @return false if it was taken or cancelled already
     */
    public boolean cancel() {
      return turns.leave(time, turn);
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

  /** What all views of one limit have in common. */
  Object shared() {
    return clocks;
  }

  // ---- changing and statistics

  /**
   * Changes the rate; a bucket keeps its burst. Grants before count against the new rate: of a
   * window all that are still within it, of a bucket the part of the burst that they used. So an
   * interval that spans the change holds at most what both rates allow for its two parts, and those
   * let through already stay so. Waiters that want more than a smaller window can give fail.
   *
   * @param permits from 1 to 2^30
   * @param per more than zero, at most about 73 years
   */
  public void resize(int permits, Duration per) {
    clocks.change(permits(permits), perNanos(per));
  }

  /**
   * Counts since the limit was made, in grants, and the state now; over all clocks, if it was used
   * on several.
   *
   * @param permits how many grants there are {@code per} time
   * @param per the time
   * @param burst how many may come at once
   * @param free how many could be acquired now, on the clock of whoever asks
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
    return clocks.statistics();
  }

  /** Shows this limit under a name in every snapshot, while it is in use. */
  public RateLimit named(String name) {
    clocks.named(Objects.requireNonNull(name, "name"));
    Meters.add(clocks);
    return this;
  }

  @Override
  public Reading reading() {
    return clocks.reading();
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
    return clocks.toString();
  }
}
