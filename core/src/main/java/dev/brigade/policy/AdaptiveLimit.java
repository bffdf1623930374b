package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.Reading;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.ElasticWidth;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.time.TimeSource;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/*
 * Design. A Limit whose capacity is what a Climb says. The Climb is guarded by `lock`; the capacity is set under
 * it too, so that sizes are applied in the order in which they were decided. Waiting is the Limit's.
 *
 * Invariants.
 *  D1 Every start has exactly one end: a Permit or a Turn ends once, by a compare-and-set.
 *  D2 An end is told to the Climb before the permit is given back, so that the next start finds
 *     the new limit.
 *  D3 Listeners are called outside the lock.
 *  D4 What a predicate or a listener throws is logged; it neither keeps a permit nor gets in the way
 *     of the work's result or exception.
 *
 * Lock order: `lock`, then the Limit's queue.
 */
/**
 * How many may be inside at once, found out by itself: a {@link Limit} that grows while that gets
 * more work done, stops where it does not any more, and backs off when the server refuses. For a
 * server whose best concurrency nobody knows; where it is known, such as the size of a connection
 * pool, use {@link Limit}. For work that computes, use as many as there are cores.
 *
 * {@snippet :
 * static final AdaptiveLimit SHOP = AdaptiveLimit.of(256).overloadedBy(TooManyRequests.class);
 * Page page = SHOP.call(() -> fetch(url));
 * }
 *
 * <p>It starts at 20 in flight, measures from the 50th good end on, doubles as long as the goodput
 * follows, and settles a little above the knee. From then on it compares with a little more and a
 * little less, at a cost of about 2 %, follows the server when it changes, and backs off at most
 * once in a round trip when more than about 2 % of the ends are overloads. If that makes them no
 * fewer and costs goodput, they have nothing to do with the load, such as on one dead host of many:
 * it goes back up, and tolerates as many until their share changes. It never moves while fewer are
 * in flight than it allows, but for overloads.
 *
 * <p>How something ended is told by what it threw. <em>Overload</em>: {@link DeadlineException},
 * {@link TimeoutException}, {@link SocketTimeoutException}, a failure that says when to come back
 * ({@link RetryAfter}), and what {@link #overloadedBy} or {@link #overloadedWhen} adds, also as a
 * cause. Anything else that was thrown counts neither way, nor do cancellation, interrupts and
 * errors; nor does a deadline that is set further out, so write a {@link Timeout} inside. Results
 * are good, but for those that {@link #overloadedIfResult} names.
 *
 * <p>Waiting is that of {@link Limit}: first come, first served, ended by interrupts, cancellation
 * and deadlines, on the clock of who waits. Measured is on the clock given, or in real time. Memory
 * effects: those of {@link Limit}. Cost: a lock taken twice for each piece of work, about 0.2 µs,
 * meant for work that waits; it keeps a few hundred bytes.
 *
 * <p>Source of the algorithm: hill climbing on goodput with probes both ways, see the design block
 * of {@code Climb} for the papers.
 */
public final class AdaptiveLimit implements Policy, Metered {
  private static final int INITIAL = 20;
  private static final int CAUSES = 8;

  private final Object lock = new Object();
  private final TimeSource time;
  private final Limit limit;
  private final int most;
  private final List<Runnable> grown = new CopyOnWriteArrayList<>();
  private volatile Predicate<? super Throwable> overload = AdaptiveLimit::isTimeout;
  private volatile Predicate<@Nullable Object> refusal = r -> false;
  private volatile int current;
  private volatile String name = "";

  private Climb climb;

  private AdaptiveLimit(int most, @Nullable TimeSource time) {
    if (most < 1) throw new IllegalArgumentException("most must be at least 1, but was " + most);
    this.most = most;
    this.time = time == null ? TimeSource.system() : time;
    climb = new Climb(1, INITIAL, most);
    current = climb.limit();
    limit = time == null ? Limit.of(current) : Limit.of(current, time);
  }

  /** Between 1 and 1,024 at once. */
  @CheckReturnValue
  public static AdaptiveLimit of() {
    return of(1024);
  }

  /**
   * Between 1 and {@code most} at once.
   *
   * @param most at least 1
   */
  @CheckReturnValue
  public static AdaptiveLimit of(int most) {
    return new AdaptiveLimit(most, null);
  }

  /** Between 1 and {@code most} at once, on this clock. */
  @CheckReturnValue
  public static AdaptiveLimit of(int most, TimeSource time) {
    return new AdaptiveLimit(most, Objects.requireNonNull(time, "time"));
  }

  // ---- choices

  /**
   * Starts at this limit; the default is 20, or the most allowed if that is less.
   *
   * @param initial between 1 and the most allowed
   * @throws IllegalStateException if something has started already
   */
  @CheckReturnValue
  public AdaptiveLimit startingAt(int initial) {
    if (initial < 1 || initial > most)
      throw new IllegalArgumentException(
          "initial must be between 1 and " + most + ", but was " + initial);
    synchronized (lock) {
      if (climb.inFlight() > 0 || climb.ended() > 0)
        throw new IllegalStateException("startingAt must be set before the first use");
      climb = new Climb(1, initial, most);
      resize();
    }
    return this;
  }

  /** These, and what they cause, are overloads too: what the client throws at 429 and 503. */
  @CheckReturnValue
  @SafeVarargs
  @SuppressWarnings("varargs")
  public final AdaptiveLimit overloadedBy(Class<? extends Throwable>... types) {
    List<Class<? extends Throwable>> all = List.of(types);
    return overloadedWhen(t -> {
      for (Class<? extends Throwable> type : all) if (type.isInstance(t)) return true;
      return false;
    });
  }

  /**
   * What the predicate accepts is an overload too. It is asked for what was thrown and for its
   * causes, on the thread that ends. If it throws, that is logged, and the end counts neither way.
   */
  @CheckReturnValue
  public AdaptiveLimit overloadedWhen(Predicate<? super Throwable> also) {
    Objects.requireNonNull(also, "also");
    synchronized (lock) {
      Predicate<? super Throwable> before = overload;
      overload = t -> before.test(t) || also.test(t);
    }
    return this;
  }

  /**
   * A result that the predicate accepts is an overload: a response with status 429 or 503. It
   * should not throw; what it throws, the call throws.
   */
  @CheckReturnValue
  public AdaptiveLimit overloadedIfResult(Predicate<@Nullable Object> also) {
    Objects.requireNonNull(also, "also");
    synchronized (lock) {
      Predicate<@Nullable Object> before = refusal;
      refusal = r -> before.test(r) || also.test(r);
    }
    return this;
  }

  /** Sets how many may wait at most; the default is without a bound. Further ones are refused. */
  public AdaptiveLimit maxWaiters(int max) {
    Limit unused = limit.maxWaiters(max);
    return this;
  }

  // ---- around work

  /** Does work while holding a permit; how it ends is told by what it throws or returns. */
  @Override
  @CheckReturnValue
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    Permit permit = acquire();
    try {
      T result = work.call();
      if (refusal.test(result)) permit.overloaded();
      else permit.succeeded();
      return result;
    } catch (Throwable t) {
      permit.failed(t);
      throw t;
    }
  }

  @Override
  public Kind kind() {
    return Kind.LIMIT;
  }

  // ---- permits

  /**
   * Waits for a permit, to be ended by hand.
   *
   * @throws InterruptedException if the thread is interrupted or being cancelled; it then holds
   *     none
   * @throws Limit.FullException if as many wait already as may
   */
  @CheckReturnValue
  public Permit acquire() throws InterruptedException {
    return new Permit(this, limit.acquire());
  }

  /**
   * Waits for a permit for a time.
   *
   * @return the permit, or null if the time passed
   */
  @CheckReturnValue
  public @Nullable Permit tryAcquire(Duration timeout) throws InterruptedException {
    Limit.Permit held = limit.tryAcquire(1, timeout);
    return held == null ? null : new Permit(this, held);
  }

  /** Takes a permit if one is free and nobody waits; never blocks. */
  @CheckReturnValue
  public @Nullable Permit tryAcquire() {
    Limit.Permit held = limit.tryAcquire(1);
    return held == null ? null : new Permit(this, held);
  }

  /**
   * A place inside. Say how it went, with one of {@link #succeeded}, {@link #overloaded} and {@link
   * #failed}; closing it without counts neither way. Only the first of them counts. Not tied to a
   * thread.
   */
  public static final class Permit implements AutoCloseable {
    private final Stay stay;

    private Permit(AdaptiveLimit owner, Limit.Permit held) {
      stay = new Stay(owner, held);
    }

    /** It went well. */
    public void succeeded() {
      stay.end(Climb.Ending.GOOD);
    }

    /** The server refused it, or was too late: 429, 503, a timeout. */
    public void overloaded() {
      stay.end(Climb.Ending.OVERLOADED);
    }

    /** It threw this: an overload, or something that counts neither way. */
    public void failed(Throwable failure) {
      Objects.requireNonNull(failure, "failure");
      stay.end(stay.owner.ending(failure));
    }

    /** Gives it back, counting neither way unless it has ended; harmless when called again. */
    @Override
    public void close() {
      stay.end(Climb.Ending.IGNORED);
    }
  }

  /** Something in flight, which ends once. */
  private static final class Stay implements ElasticWidth.Turn {
    private static final VarHandle ENDED;

    static {
      try {
        ENDED = MethodHandles.lookup().findVarHandle(Stay.class, "ended", boolean.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final AdaptiveLimit owner;
    private final Limit.@Nullable Permit held;
    private final Climb.Flight flight;

    @SuppressWarnings("UnusedVariable") // by ENDED
    private volatile boolean ended;

    Stay(AdaptiveLimit owner, Limit.@Nullable Permit held) {
      this.owner = owner;
      this.held = held;
      flight = owner.started();
    }

    void end(Climb.Ending how) {
      if (!ENDED.compareAndSet(this, false, true)) return;
      boolean more;
      try {
        more = owner.ended(flight, how);
      } finally {
        if (held != null) held.close();
      }
      if (more) for (Runnable listener : owner.grown) tell(listener);
    }

    /** The work whose end it is has nothing to do with what the listener throws. */
    private static void tell(Runnable listener) {
      try {
        listener.run();
      } catch (Throwable t) {
        log("a growth listener of an adaptive limit failed", t);
      }
    }

    @Override
    public void ended(@Nullable Throwable failure) {
      end(failure == null ? Climb.Ending.GOOD : owner.ending(failure));
    }
  }

  private Climb.Flight started() {
    synchronized (lock) {
      return climb.started(time.nanoTime());
    }
  }

  private boolean ended(Climb.Flight flight, Climb.Ending how) {
    int before;
    int now;
    String why;
    synchronized (lock) {
      before = current;
      climb.ended(flight, time.nanoTime(), how);
      boolean unused = resize();
      now = current;
      why = climb.why();
    }
    if (now != before && Observers.present())
      Observers.emit(
          PolicyEvent.here(
              PolicyEvent.Kind.RESIZED,
              time.nanoTime(),
              toString(),
              before + " to " + now + ": " + why,
              null));
    return now > before;
  }

  /** Whether it has grown; under the lock. */
  private boolean resize() {
    int before = current;
    int now = climb.limit();
    if (now == before) return false;
    current = now;
    limit.resize(now);
    return now > before;
  }

  /** Never throws: the permit is to be given back, and the work's own exception to pass. */
  private Climb.Ending ending(Throwable failure) {
    try {
      return judged(failure);
    } catch (Throwable t) {
      log("whether an end was an overload could not be told", t);
      return Climb.Ending.IGNORED;
    }
  }

  private static void log(String message, Throwable failure) {
    System.getLogger("dev.brigade").log(System.Logger.Level.ERROR, message, failure);
  }

  private Climb.Ending judged(Throwable failure) {
    // Whoever is told to stop throws anything; that says nothing about the server.
    if (Thread.currentThread().isInterrupted() || Tasks.token().isCancelled())
      return Climb.Ending.IGNORED;
    int depth = 0;
    for (Throwable t = Ends.failure(failure); t != null && depth < CAUSES; t = t.getCause()) {
      if (overload.test(t)) return Climb.Ending.OVERLOADED;
      depth++;
    }
    return Climb.Ending.IGNORED;
  }

  private static boolean isTimeout(Throwable t) {
    return t instanceof DeadlineException
        || t instanceof TimeoutException
        || t instanceof SocketTimeoutException
        || t instanceof RetryAfter r && r.retryAfter() != null;
  }

  // ---- what drives it and what can be seen

  /**
   * The same limit for who starts items without waiting for permits, such as a fan-out: {@link
   * #acquire} does not count what begins here, so use one or the other.
   */
  @CheckReturnValue
  public ElasticWidth width() {
    return new Width();
  }

  private final class Width implements ElasticWidth {
    @Override
    public int limit() {
      return current;
    }

    @Override
    public Turn begin() {
      return new Stay(AdaptiveLimit.this, null);
    }

    @Override
    public Registration onGrowth(Runnable listener) {
      Objects.requireNonNull(listener, "grown");
      // Wrapped, so that the same listener may be registered twice.
      Runnable own = listener::run;
      grown.add(own);
      return () -> grown.remove(own);
    }
  }

  /** How many may be inside now. */
  @CheckReturnValue
  public int limit() {
    return current;
  }

  /**
   * The state now, and counts since it was made.
   *
   * @param limit how many may be inside
   * @param inFlight how many are; more than the limit after it shrank
   * @param waiting how many wait for a permit
   * @param ceiling where the server refused, as far as that is remembered
   * @param goodput good ends in a second, as last measured; 0 before
   * @param latency the mean time of the latest good ones; zero before
   * @param succeeded how many ended well
   * @param overloaded how many ended in overload
   * @param backOffs how often it was lowered because of overloads
   * @param restarts how often it searched anew because the server had changed
   * @param why the reason of the latest move, for people
   */
  public record Statistics(
      int limit,
      int inFlight,
      int waiting,
      OptionalInt ceiling,
      double goodput,
      Duration latency,
      long succeeded,
      long overloaded,
      long backOffs,
      long restarts,
      String why) {}

  /** The statistics now. */
  public Statistics statistics() {
    int waiting = limit.statistics().waiting();
    synchronized (lock) {
      return new Statistics(
          current,
          climb.inFlight(),
          waiting,
          climb.ceiling(),
          climb.goodput(),
          Duration.ofNanos((long) climb.roundTrip()),
          climb.goodEnds(),
          climb.overloads(),
          climb.backOffs(),
          climb.restarts(),
          climb.why());
    }
  }

  /** Shows this limit under a name in every snapshot, while it is in use. */
  public AdaptiveLimit named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("adaptive limit", name, statistics());
  }

  @Override
  public String toString() {
    return Label.of("adaptive limit up to " + most, name);
  }
}
