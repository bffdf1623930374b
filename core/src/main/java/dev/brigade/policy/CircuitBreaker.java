package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.Reading;
import dev.brigade.policy.BreakerPhase.Closed;
import dev.brigade.policy.BreakerPhase.HalfOpen;
import dev.brigade.policy.BreakerPhase.Open;
import dev.brigade.task.TaskFailedException;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * Design. `phase` is what the breaker is now: closed with its window, open until a time, or half
 * open with its leases. Each change of state puts a new object there, and a call brings its end to
 * the object that it began under.
 *
 * Invariants.
 *  B1 The phase changes only under the monitor, and only closed → open, open → half open, half open →
 *     closed or open, and by reset and trip.
 *  B2 A call whose phase is no longer the breaker's changes nothing but the totals. (The one thing done
 *     without the monitor, a good call in a closed window, changes that window only.)
 *  B3 In a half-open phase leased + succeeded <= probes; every call that got a lease gives it back,
 *     however it ends. So the probes that are missing can always begin.
 *  B4 On the clock that the phase was opened on, no other one is asked whether it is over; on any
 *     other one it is over sooner or later, whether or not the first ever moves again.
 *
 * Guards: windows, leases, random: the monitor of `this`; only clocks are read under it, and the
 * monitor of the open phase, which guards the other clocks that it was asked about on, is taken.
 * Source of the states: M. Nygard, Release It!, 2007; the windows of calls and of time slices are
 * common to its descendants. Not taken: rates over the results of several probes (a probe that
 * fails says enough), a thread that half-opens (the first call after the time does).
 */
/**
 * Refuses calls at once while they keep failing, and tries again after a while with a few. It stops
 * a caller from waiting for a service that is down, and the service from being called while it
 * recovers. For one call that fails now and then use {@link Retry}; to bound how many are inside,
 * {@link Limit}.
 *
 * {@snippet :
 * static final CircuitBreaker MIRROR = CircuitBreaker.ofCalls(100)
 *     .withFailureRate(0.5)
 *     .withSlowCalls(Duration.ofSeconds(2), 0.8)
 *     .withOpenTime(Duration.ofSeconds(10));
 * Page page = MIRROR.call(() -> fetch(url));
 * }
 *
 * <p>States. Closed: every call begins; after a failure or a slow call the rates of the window are
 * looked at, and from the given share on it opens, if the window holds enough calls. Open: every
 * call is refused with {@link BreakerOpenException} for the open time, never less, at most the
 * jitter more. Half open: the first calls after that are probes, k and no more; when k have
 * succeeded it closes with an empty window, with the first that fails or is slow it opens again. A
 * call counts only in the state in which it began.
 *
 * <p>What counts as a failure: every exception or {@link Error}, unless {@link #failIf} says
 * otherwise, and the results that {@link #failIfResult} names. What counts neither way, and gives
 * its probe back: interruption (wrapped as well), cancellation, a deadline that is set further out,
 * and every {@link RefusedException}. So write a timeout inside the breaker if slow calls are to
 * count as failures, and also so that a probe that hangs comes to an end: its place is not given
 * away before.
 *
 * <p>Times are monotonic, so steps of the wall clock do nothing. Each {@code with…} gives a new
 * breaker, closed and empty, so choose before sharing. Cost of a good call: a volatile read or two
 * and an addition, and two readings of the clock where slow calls count; a call that fails, or that
 * comes after one in the window, takes a short monitor.
 */
public final class CircuitBreaker implements Policy, Metered {
  private final BreakerRules rules;
  private final SplittableRandom random;
  private volatile BreakerPhase phase;
  private volatile @Nullable Throwable lastFailure;
  private volatile String name = "";

  private final LongAdder succeeded = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder slow = new LongAdder();
  private final LongAdder ignored = new LongAdder();
  private final LongAdder stale = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder opened = new LongAdder();

  /** What a breaker can be. */
  public enum State {
    /** Lets calls begin and watches them. */
    CLOSED,
    /** Refuses calls. */
    OPEN,
    /** Lets a few probes begin and refuses the others. */
    HALF_OPEN
  }

  private CircuitBreaker(BreakerRules rules) {
    this.rules = rules;
    Long seed = rules.stays().seed();
    this.random = seed == null ? new SplittableRandom() : new SplittableRandom(seed);
    this.phase = closed();
  }

  /**
   * Looks at the last {@code calls} calls; opens at half of them, once there are 10 (or as many as
   * the window holds).
   *
   * @param calls from 1 to 1,000,000
   */
  @CheckReturnValue
  public static CircuitBreaker ofCalls(int calls) {
    var window = CallWindow.Kind.ofCalls(calls);
    int minimum = Math.min(calls, 10);
    return new CircuitBreaker(
        BreakerRules.of(new BreakerRules.Opens(window, 0.5, minimum, TimeSource.NEVER, 1)));
  }

  /**
   * Looks at the calls that ended within the last {@code time}, to a tenth of it; opens at half of
   * them, once there are 10.
   */
  @CheckReturnValue
  public static CircuitBreaker ofTime(Duration time) {
    var window = new CallWindow.Kind(0, Lengths.positive(time, "time"));
    return new CircuitBreaker(
        BreakerRules.of(new BreakerRules.Opens(window, 0.5, 10, TimeSource.NEVER, 1)));
  }

  /** Opens after {@code failures} failures in a row. */
  @CheckReturnValue
  public static CircuitBreaker ofFailuresInARow(int failures) {
    var window = CallWindow.Kind.ofCalls(failures);
    return new CircuitBreaker(
        BreakerRules.of(new BreakerRules.Opens(window, 1, failures, TimeSource.NEVER, 1)));
  }

  // ---- choices

  /**
   * Opens when this share of the window's calls failed.
   *
   * @param share more than 0, at most 1
   */
  @CheckReturnValue
  public CircuitBreaker withFailureRate(double share) {
    return renamed(new CircuitBreaker(rules.with(rules.opens().withFailureRate(share))));
  }

  /**
   * Opens as well when this share of the window's calls took {@code longerThan} or more, however
   * they ended.
   *
   * @param share more than 0, at most 1
   */
  @CheckReturnValue
  public CircuitBreaker withSlowCalls(Duration longerThan, double share) {
    long nanos = Lengths.positive(longerThan, "longerThan");
    return renamed(new CircuitBreaker(rules.with(rules.opens().withSlow(nanos, share))));
  }

  /** Does not open before the window holds this many calls; at least 1, at most the window. */
  @CheckReturnValue
  public CircuitBreaker withMinimumCalls(int calls) {
    return renamed(new CircuitBreaker(rules.with(rules.opens().withMinimum(calls))));
  }

  /** Stays open for this long; 10 seconds by default. */
  @CheckReturnValue
  public CircuitBreaker withOpenTime(Duration time) {
    return withOpenTime(time, 1, Duration.ofSeconds(Long.MAX_VALUE));
  }

  /**
   * Stays open for this long, and each time that a probe fails {@code growth} times longer, up to
   * {@code longest}.
   *
   * @param growth at least 1
   */
  @CheckReturnValue
  public CircuitBreaker withOpenTime(Duration time, double growth, Duration longest) {
    long nanos = Lengths.positive(time, "time");
    long most = Lengths.positive(longest, "longest");
    return renamed(new CircuitBreaker(rules.with(rules.stays().withTime(nanos, growth, most))));
  }

  /** Adds up to this share to each open time, at random, so that callers do not return at once. */
  @CheckReturnValue
  public CircuitBreaker withJitter(double share) {
    return renamed(new CircuitBreaker(rules.with(rules.stays().withJitter(share, null))));
  }

  /** As {@link #withJitter(double)}, the same each time. */
  @CheckReturnValue
  public CircuitBreaker withJitter(double share, long seed) {
    return renamed(new CircuitBreaker(rules.with(rules.stays().withJitter(share, seed))));
  }

  /** Lets this many probes through when half open; 1 by default. */
  @CheckReturnValue
  public CircuitBreaker withProbes(int k) {
    return renamed(new CircuitBreaker(rules.with(rules.stays().withProbes(k))));
  }

  /**
   * Counts the exceptions that this names as failures, and no others: those are good calls. A
   * scope's {@link TaskFailedException} is judged by its cause. Should the predicate throw, that is
   * logged, and the call counts as a failure.
   */
  @CheckReturnValue
  public CircuitBreaker failIf(Predicate<? super Throwable> counts) {
    Objects.requireNonNull(counts, "counts");
    var result = rules.counts().result();
    return renamed(new CircuitBreaker(rules.with(new BreakerRules.Counts(counts, result))));
  }

  /** Counts the results that this names as failures; they are returned all the same. */
  @CheckReturnValue
  public CircuitBreaker failIfResult(Predicate<@Nullable Object> counts) {
    Objects.requireNonNull(counts, "counts");
    var failure = rules.counts().failure();
    return renamed(new CircuitBreaker(rules.with(new BreakerRules.Counts(failure, counts))));
  }

  /**
   * On this clock; the default is the clock of whoever calls. Choose one for a breaker that is
   * shared by callers on several clocks: their times can't be compared, so without it a window of
   * time begins anew with each change, and one that was opened on another clock is closed to a
   * caller until the open time has passed on that clock, on the machine's, or on his own since he
   * first called.
   */
  @CheckReturnValue
  public CircuitBreaker withTime(TimeSource time) {
    return renamed(new CircuitBreaker(rules.with(Objects.requireNonNull(time, "time"))));
  }

  // ---- around work

  /**
   * Does the work if the breaker lets it begin.
   *
   * @throws BreakerOpenException if it does not
   */
  @CheckReturnValue
  @Override
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    BreakerPhase in = enter();
    TimeSource clock = rules.readsTheClock() ? clock() : null;
    long start = clock == null ? 0 : clock.nanoTime();
    T value;
    try {
      value = work.call();
    } catch (Throwable t) {
      threw(in, t, clock, start);
      throw t;
    }
    returned(in, value, clock, start);
    return value;
  }

  @Override
  public Kind kind() {
    return Kind.BREAKER;
  }

  private TimeSource clock() {
    TimeSource own = rules.time();
    return own != null ? own : Tasks.time();
  }

  /** What the call is part of; a lease, if it is half open. */
  BreakerPhase enter() {
    BreakerPhase p = phase;
    return p instanceof Closed ? p : enterOrRefuse();
  }

  private BreakerPhase enterOrRefuse() {
    BreakerPhase p = phase;
    TimeSource clock = clock();
    if (p instanceof Open o && !o.isOver(clock)) throw refusal(o, clock);
    boolean halfOpened = false;
    boolean probe = false;
    synchronized (this) {
      if (phase instanceof Open o && o.isOver(clock)) {
        phase = new HalfOpen(o.inRow);
        halfOpened = true;
      }
      p = phase;
      if (p instanceof HalfOpen h && h.leased + h.succeeded < rules.stays().probes()) {
        h.leased++;
        probe = true;
      }
    }
    if (halfOpened) emit(PolicyEvent.Kind.HALF_OPENED, null, null);
    if (probe || p instanceof Closed) return p;
    throw refusal(p, clock);
  }

  private BreakerOpenException refusal(BreakerPhase p, TimeSource clock) {
    refused.increment();
    Throwable cause = lastFailure;
    long remaining = p instanceof Open o ? o.remaining(clock) : 0;
    String until =
        remaining == 0
            ? "as many probes as may are under way"
            : remaining == TimeSource.NEVER
                ? "until it is reset"
                : "the next probe may begin in " + Lengths.text(remaining);
    emit(PolicyEvent.Kind.REFUSED, until, cause);
    return new BreakerOpenException(this + ": " + until, remaining, cause);
  }

  private void returned(
      BreakerPhase in, @Nullable Object value, @Nullable TimeSource clock, long start) {
    var bad = rules.counts().result();
    boolean isFailed = false;
    if (bad != null) {
      try {
        isFailed = bad.test(value);
      } catch (Throwable t) {
        settle(in, true, t, clock, start);
        throw t;
      }
    }
    settle(in, isFailed, null, clock, start);
  }

  private void threw(BreakerPhase in, Throwable t, @Nullable TimeSource clock, long start) {
    Throwable unwrapped = t;
    while (unwrapped instanceof TaskFailedException && unwrapped.getCause() != null)
      unwrapped = unwrapped.getCause();
    if (isNeutral(unwrapped)) {
      giveBack(in);
      return;
    }
    boolean isFailed = true;
    try {
      var counts = rules.counts().failure();
      isFailed = counts == null || counts.test(unwrapped);
    } catch (RuntimeException e) {
      System.getLogger("dev.brigade")
          .log(System.Logger.Level.ERROR, "the predicate of " + this + " failed", e);
    } finally {
      settle(in, isFailed, isFailed ? t : null, clock, start);
    }
  }

  /** Whether it says something about the caller and nothing about the callee. */
  private static boolean isNeutral(Throwable t) {
    if (t instanceof RefusedException
        || Thread.currentThread().isInterrupted()
        || Tasks.token().isCancelled()) return true;
    try {
      return !(t instanceof Error) && Ends.failure(t) == null;
    } catch (RuntimeException e) {
      // Of its causes, which are anybody's code.
      return false;
    }
  }

  /** A call that counts neither way has ended. */
  void giveBack(BreakerPhase in) {
    ignored.increment();
    if (in instanceof HalfOpen h)
      synchronized (this) {
        h.leased--;
      }
  }

  private void settle(
      BreakerPhase in,
      boolean isFailed,
      @Nullable Throwable failure,
      @Nullable TimeSource clock,
      long start) {
    long now = clock == null ? 0 : clock.nanoTime();
    boolean isSlow = rules.opens().hasSlow() && now - start >= rules.opens().slowNanos();
    settle(in, isFailed, isSlow, failure, now);
  }

  /** A call has ended. */
  void settle(
      BreakerPhase in, boolean isFailed, boolean isSlow, @Nullable Throwable failure, long now) {
    if (isSlow) slow.increment();
    (isFailed ? failed : succeeded).increment();
    boolean good = !isFailed && !isSlow;
    if (good && in instanceof Closed c && c.window.skips(now)) return;
    PolicyEvent.Kind change;
    TimeSource clock = good ? TimeSource.system() : clock();
    synchronized (this) {
      if (phase != in) {
        stale.increment();
        return;
      }
      if (!good && failure != null) lastFailure = failure;
      change =
          switch (in) {
            case Closed c -> record(c, isFailed, isSlow, clock, now);
            case HalfOpen h -> probed(h, good, clock);
            case Open o -> throw new IllegalStateException("a call began while open");
          };
    }
    if (change != null) emit(change, null, good ? null : failure);
  }

  private PolicyEvent.@Nullable Kind record(
      Closed c, boolean isFailed, boolean isSlow, TimeSource clock, long now) {
    c.window.record(isFailed, isSlow, now);
    if (!isFailed && !isSlow || !rules.opens().now(c.window)) return null;
    return open(1, clock);
  }

  private PolicyEvent.@Nullable Kind probed(HalfOpen h, boolean good, TimeSource clock) {
    h.leased--;
    if (!good) return open(h.inRow + 1, clock);
    if (++h.succeeded < rules.stays().probes()) return null;
    phase = closed();
    return PolicyEvent.Kind.CLOSED;
  }

  private PolicyEvent.Kind open(int inRow, TimeSource clock) {
    long nanos = rules.stays().nanosOf(inRow, random.nextDouble());
    phase = new Open(clock, nanos, inRow);
    opened.increment();
    return PolicyEvent.Kind.OPENED;
  }

  private Closed closed() {
    return new Closed(rules.opens().window().open());
  }

  // ---- by hand

  /** Opens it until {@link #reset}: for a switch in an operator's hand. */
  public void trip() {
    synchronized (this) {
      phase = new Open(TimeSource.system(), TimeSource.NEVER, 1);
      opened.increment();
    }
    emit(PolicyEvent.Kind.OPENED, "tripped by hand", null);
  }

  /** Closes it and forgets what was counted. */
  public void reset() {
    BreakerPhase fresh = closed();
    synchronized (this) {
      phase = fresh;
      lastFailure = null;
    }
    emit(PolicyEvent.Kind.CLOSED, "reset by hand", null);
  }

  // ---- what can be seen

  /** What it is now; open until a first probe begins. */
  public State state() {
    return switch (phase) {
      case Closed c -> State.CLOSED;
      case Open o -> State.OPEN;
      case HalfOpen h -> State.HALF_OPEN;
    };
  }

  /**
   * Counts since the breaker was made, and the window now.
   *
   * @param state what it is
   * @param windowCalls how many calls the window holds; 0 unless closed
   * @param failureRate the share of them that failed
   * @param slowRate the share of them that were slow
   * @param probing how many probes are under way
   * @param succeeded calls that did not fail, slow ones included
   * @param failed calls that failed
   * @param slow calls that were slow, failed ones included
   * @param ignored calls that counted neither way
   * @param stale calls that ended in another state than they began in; they are counted above, too
   * @param refused calls that were not let through
   * @param opened how often it opened
   */
  public record Statistics(
      State state,
      long windowCalls,
      double failureRate,
      double slowRate,
      int probing,
      long succeeded,
      long failed,
      long slow,
      long ignored,
      long stale,
      long refused,
      long opened) {}

  /** The statistics now. */
  public Statistics statistics() {
    long now = rules.readsTheClock() ? clock().nanoTime() : 0;
    State state;
    long calls = 0;
    double failures = 0;
    double slowOnes = 0;
    int probing = 0;
    synchronized (this) {
      state = state();
      if (phase instanceof Closed c) {
        c.window.age(now);
        calls = c.window.calls();
        failures = c.window.failureRate();
        slowOnes = c.window.slowRate();
      } else if (phase instanceof HalfOpen h) {
        probing = h.leased;
      }
    }
    return new Statistics(
        state,
        calls,
        failures,
        slowOnes,
        probing,
        succeeded.sum(),
        failed.sum(),
        slow.sum(),
        ignored.sum(),
        stale.sum(),
        refused.sum(),
        opened.sum());
  }

  /** A copy has the name of what it is a copy of. */
  private CircuitBreaker renamed(CircuitBreaker copy) {
    return name.isEmpty() ? copy : copy.named(name);
  }

  /** Shows this breaker under a name in every snapshot, while it is in use. */
  public CircuitBreaker named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("breaker", name, statistics());
  }

  private void emit(PolicyEvent.Kind kind, @Nullable String detail, @Nullable Throwable failure) {
    if (Observers.present())
      Observers.emit(PolicyEvent.here(kind, clock().nanoTime(), toString(), detail, failure));
  }

  @Override
  public String toString() {
    String share = Lengths.percent(rules.opens().failureRate());
    String open = Lengths.text(rules.stays().nanos());
    return Label.of("breaker " + share + " of " + rules.opens().window() + ", open " + open, name);
  }
}
