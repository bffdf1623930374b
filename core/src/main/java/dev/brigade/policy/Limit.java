package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.Reading;
import dev.brigade.task.Tasks;
import dev.brigade.task.Waiter;
import dev.brigade.task.Work;
import dev.brigade.time.TimeSource;
import java.io.Serial;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/*
 * Design. One long holds the free permits (low half, biased, since they are negative while a shrink
 * is being paid back), whether somebody waits (the sign), and between them how many acquires did not
 * wait, so that the undisturbed acquire and release are one compare-and-set each, the statistics
 * included. Waiters are a FIFO queue under a monitor; permits are handed to its head.
 *
 * Invariants.
 *  L1 free + held = capacity, where held is what live permits hold.
 *  L2 The fast path takes permits only while there are no waiters: nobody overtakes.
 *  L3 A waiter that was granted owns its permits, whether or not it was interrupted meanwhile; one
 *     that gave up owns none and has left the queue. Whoever takes a waiter out of the queue then
 *     grants to the new head, under the monitor.
 *  L4 No lost wake-up: a release adds and reads the flag in one step; a waiter sets the flag and then
 *     grants from the queue, under the monitor. The flag is cleared, under the monitor, only while the
 *     queue is empty.
 *
 * Guards: queue, capacity, maxWaiters: the monitor of `queue`. Nothing is called under it but
 * Waiter.signal.
 */
/**
 * How many may be inside at once: a fair, weighted, resizable semaphore whose permits cannot be
 * lost. To bound a fan-out, {@code Tasks.limit(n)} is enough; use this where several places share
 * one bound, such as a connection pool. (Python: {@code asyncio.Semaphore}.)
 *
 * {@snippet :
 * static final Limit DATABASE = Limit.of(16);
 * Row row = DATABASE.call(() -> query(id));
 * try (Limit.Permit _ = DATABASE.acquire(2)) { copy(a, b); }
 * }
 *
 * <p>Waiting is first come, first served, whatever the weights, so a large acquire is not starved
 * by small ones. It ends at interrupts, cancellation and deadlines, and a waiter that gives up
 * leaves nothing behind. Not reentrant: two nested acquires hold two permits.
 *
 * <p>Memory effects: what happens before a release happens before the acquire that it makes
 * possible. Cost: one compare-and-set and one small object when free; a waiter costs a queue entry
 * and its parked thread.
 */
public final class Limit implements Policy, Metered {
  private static final long FREE_MASK = 0xFFFF_FFFFL;
  private static final long BIAS = 1L << 31;
  private static final long ONE_ACQUIRED = 1L << 32;
  private static final long ACQUIRED_MASK = 0x7FFF_FFFF_0000_0000L;
  private static final long WAITERS = Long.MIN_VALUE;
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Limit.class, "state", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final @Nullable TimeSource time;
  private final @Nullable Label label;
  private final ArrayDeque<Entry> queue = new ArrayDeque<>();
  private volatile long state;
  private volatile int capacity;
  private volatile String name = "";
  private int maxWaiters = Integer.MAX_VALUE;
  private int peak;

  private final LongAdder wraps = new LongAdder();
  private final LongAdder handed = new LongAdder();
  private final LongAdder waited = new LongAdder();
  private final LongAdder gaveUp = new LongAdder();
  private final LongAdder refused = new LongAdder();

  /** One that waits; to those who look on, the line that it waits in. */
  private final class Entry implements Waiter.Line {
    final int weight;
    final Waiter waiter;
    volatile boolean tooLarge;

    Entry(int weight, Waiter waiter) {
      this.weight = weight;
      this.waiter = waiter;
    }

    @Override
    public long served() {
      return handed.sum();
    }

    @Override
    public String toString() {
      return Limit.this.toString();
    }
  }

  private Limit(int capacity, @Nullable TimeSource time, @Nullable Label label) {
    if (capacity < 1)
      throw new IllegalArgumentException("capacity must be at least 1, but was " + capacity);
    this.capacity = capacity;
    this.time = time;
    this.label = label;
    this.state = BIAS + capacity;
  }

  /** At most {@code capacity} at once, on the clock of whoever waits. */
  @CheckReturnValue
  public static Limit of(int capacity) {
    return new Limit(capacity, null, null);
  }

  /** At most {@code capacity} at once, on this clock. */
  @CheckReturnValue
  public static Limit of(int capacity, TimeSource time) {
    return new Limit(capacity, Objects.requireNonNull(time, "time"), null);
  }

  /** Of one key of something, which has the name and tells what happens. */
  static Limit of(int capacity, @Nullable TimeSource time, Label label) {
    return new Limit(capacity, time, label);
  }

  /** Sets how many may wait at most; the default is without a bound. Further ones are refused. */
  public Limit maxWaiters(int max) {
    if (max < 0)
      throw new IllegalArgumentException("maxWaiters must not be negative, but was " + max);
    synchronized (queue) {
      maxWaiters = max;
    }
    return this;
  }

  // ---- acquiring

  /** Waits for one permit. */
  @CheckReturnValue
  public Permit acquire() throws InterruptedException {
    return acquire(1);
  }

  /**
   * Waits for {@code weight} permits.
   *
   * @param weight at least 1
   * @throws InterruptedException if the thread is interrupted or being cancelled; it then holds
   *     none
   * @throws IllegalArgumentException if {@code weight} is more than the capacity, or than the
   *     capacity becomes while waiting
   * @throws FullException if as many wait already as may
   */
  @CheckReturnValue
  public Permit acquire(int weight) throws InterruptedException {
    Permit p = acquire(weight, TimeSource.NEVER);
    return Objects.requireNonNull(p);
  }

  /**
   * Waits for {@code weight} permits for a time.
   *
   * @return the permit, or null if the time passed
   */
  @CheckReturnValue
  public @Nullable Permit tryAcquire(int weight, Duration timeout) throws InterruptedException {
    long nanos = Lengths.nanos(timeout, "timeout");
    if (nanos <= 0) return tryAcquire(weight);
    TimeSource clock = time != null ? time : new Waiter().time();
    return acquire(weight, clock.after(nanos));
  }

  /** Waits for one permit for a time; null if it passed. */
  @CheckReturnValue
  public @Nullable Permit tryAcquire(Duration timeout) throws InterruptedException {
    return tryAcquire(1, timeout);
  }

  /** Takes one permit if it is free and nobody waits, or gives null; never blocks. */
  @CheckReturnValue
  public @Nullable Permit tryAcquire() {
    return tryAcquire(1);
  }

  /** Takes {@code weight} permits if they are free and nobody waits; never blocks. */
  @CheckReturnValue
  public @Nullable Permit tryAcquire(int weight) {
    checkWeight(weight);
    return take(weight) ? new Permit(this, weight) : null;
  }

  private void checkWeight(int weight) {
    if (weight < 1)
      throw new IllegalArgumentException("weight must be at least 1, but was " + weight);
    if (weight > capacity) throw tooLarge(weight);
  }

  private IllegalArgumentException tooLarge(int weight) {
    String which = name.isEmpty() ? "" : " of \"" + name + '"';
    return new IllegalArgumentException(
        "weight must be at most the capacity " + capacity + which + ", but was " + weight);
  }

  private boolean take(int weight) {
    long s = state;
    while (s >= 0 && free(s) >= weight) {
      boolean wrap = (s & ACQUIRED_MASK) == ACQUIRED_MASK;
      long next = (wrap ? s & ~ACQUIRED_MASK : s + ONE_ACQUIRED) - weight;
      long seen = (long) STATE.compareAndExchange(this, s, next);
      if (seen == s) {
        if (wrap) wraps.increment();
        return true;
      }
      s = seen;
    }
    return false;
  }

  private @Nullable Permit acquire(int weight, long until) throws InterruptedException {
    checkWeight(weight);
    if (Thread.interrupted()) throw new InterruptedException();
    if (take(weight)) return new Permit(this, weight);
    Waiter waiter = time != null ? new Waiter(time) : new Waiter();
    var entry = new Entry(weight, waiter);
    enqueue(entry);
    if (!waiter.signalled()) waited.increment();
    if (label != null) label.make();
    boolean signalled = false;
    try {
      signalled = waiter.await(entry, until);
    } finally {
      if (!signalled) leave(entry);
    }
    if (!signalled) return null;
    if (entry.tooLarge) throw tooLarge(weight);
    handed.increment();
    return new Permit(this, weight);
  }

  private void enqueue(Entry entry) {
    int most;
    synchronized (queue) {
      if (entry.weight > capacity) throw tooLarge(entry.weight);
      // Flagged first, which closes the fast path, so that "full" is decided on what stays so.
      STATE.getAndBitwiseOr(this, WAITERS);
      boolean atOnce = queue.isEmpty() && free(state) >= entry.weight;
      if (atOnce || queue.size() < maxWaiters) {
        queue.add(entry);
        if (!atOnce) peak = Math.max(peak, queue.size());
        grant();
        return;
      }
      openIfNobodyWaits();
      most = maxWaiters;
    }
    throw refusal(most);
  }

  private FullException refusal(int mostWaiters) {
    refused.increment();
    String who = label != null ? label.make() : toString();
    var e = new FullException(who, mostWaiters);
    if (Observers.present()) {
      String policy = label != null ? label.owner().toString() : who;
      long now = (time != null ? time : Tasks.time()).nanoTime();
      Observers.emit(PolicyEvent.here(PolicyEvent.Kind.REFUSED, now, policy, e.getMessage(), null));
    }
    return e;
  }

  private void leave(Entry entry) {
    gaveUp.increment();
    synchronized (queue) {
      if (!queue.remove(entry)) return;
      openIfNobodyWaits();
      grant();
    }
  }

  /** Hands free permits to the head of the queue, as long as they suffice; under the monitor. */
  private void grant() {
    for (Entry head = queue.peek(); head != null; head = queue.peek()) {
      if (head.weight > capacity) {
        head.tooLarge = true;
        dequeue(0);
        boolean unused = head.waiter.signal();
        continue;
      }
      if (free(state) < head.weight) return;
      dequeue(head.weight);
      if (!head.waiter.signal()) STATE.getAndAdd(this, (long) head.weight);
    }
  }

  private void dequeue(int weight) {
    queue.poll();
    if (weight != 0) STATE.getAndAdd(this, (long) -weight);
    openIfNobodyWaits();
  }

  /** Opens the fast path again; under the monitor. */
  private void openIfNobodyWaits() {
    if (queue.isEmpty()) STATE.getAndBitwiseAnd(this, ~WAITERS);
  }

  private void release(int weight) {
    long before = (long) STATE.getAndAdd(this, (long) weight);
    if (before >= 0) return;
    synchronized (queue) {
      grant();
    }
  }

  private static int free(long s) {
    return (int) ((s & FREE_MASK) - BIAS);
  }

  /** What was acquired; closing it gives it back, once. Not tied to a thread. */
  public static final class Permit implements AutoCloseable {
    private static final VarHandle HELD;

    static {
      try {
        HELD = MethodHandles.lookup().findVarHandle(Permit.class, "held", int.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private final Limit limit;
    private volatile int held;

    private Permit(Limit limit, int weight) {
      this.limit = limit;
      HELD.set(this, weight);
    }

    /** How much it holds; 0 once released. */
    @CheckReturnValue
    public int weight() {
      return held;
    }

    /** Gives it back; harmless when called again. */
    @Override
    public void close() {
      int weight = (int) HELD.getAndSet(this, 0);
      if (weight != 0) limit.release(weight);
    }
  }

  // ---- around work

  /** Runs work while holding one permit. */
  @CheckReturnValue
  @Override
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    // Without a permit object: it can't be given back twice here.
    if (!takeOrStop()) {
      try (Permit _ = acquire()) {
        return work.call();
      }
    }
    try {
      return work.call();
    } finally {
      release(1);
    }
  }

  private boolean takeOrStop() throws InterruptedException {
    if (Thread.interrupted()) throw new InterruptedException();
    return take(1);
  }

  @Override
  public Kind kind() {
    return Kind.LIMIT;
  }

  /** Whether only one can be inside. */
  boolean isLock() {
    return capacity == 1;
  }

  // ---- resizing and statistics

  /**
   * Changes the capacity. Growing lets waiters in at once; shrinking revokes nothing and takes
   * effect as permits come back. Waiters that want more than the new capacity fail.
   *
   * @param newCapacity at least 1
   */
  public void resize(int newCapacity) {
    if (newCapacity < 1)
      throw new IllegalArgumentException("capacity must be at least 1, but was " + newCapacity);
    List<Entry> failed = new ArrayList<>();
    synchronized (queue) {
      boolean shrinks = newCapacity < capacity;
      STATE.getAndAdd(this, (long) newCapacity - capacity);
      capacity = newCapacity;
      if (shrinks) for (Entry e : queue) if (e.weight > newCapacity) failed.add(e);
      for (Entry e : failed) {
        queue.remove(e);
        e.tooLarge = true;
        boolean unused = e.waiter.signal();
      }
      openIfNobodyWaits();
      grant();
    }
  }

  /**
   * Counts since the limit was made, and the state now.
   *
   * @param capacity how many may be inside
   * @param held how many are; more than the capacity after shrinking
   * @param waiting how many wait
   * @param peakWaiting the most that ever waited at once
   * @param acquired how often permits were given
   * @param waited how often somebody had to wait
   * @param gaveUp how often a wait ended without a permit
   * @param refused how often somebody was refused because as many waited as may
   */
  public record Statistics(
      int capacity,
      int held,
      int waiting,
      int peakWaiting,
      long acquired,
      long waited,
      long gaveUp,
      long refused) {}

  /** The statistics now. */
  @CheckReturnValue
  public Statistics statistics() {
    synchronized (queue) {
      long s = state;
      return new Statistics(
          capacity,
          capacity - free(s),
          queue.size(),
          peak,
          (wraps.sum() << 31) + ((s & ACQUIRED_MASK) >>> 32) + handed.sum(),
          waited.sum(),
          gaveUp.sum(),
          refused.sum());
    }
  }

  /** Shows this limit under a name in every snapshot, while it is in use. */
  public Limit named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("limit", name, statistics());
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
    return label != null ? label.toString() : Label.of("limit " + capacity, name);
  }
}
