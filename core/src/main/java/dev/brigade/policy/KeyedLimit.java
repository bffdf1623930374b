package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Reading;
import dev.brigade.task.VoidWork;
import dev.brigade.task.Work;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How many may be inside at once for each key: for each host, each tenant, each account. One bound
 * over all is {@link Limit}; one at a time for each key is {@link KeyedLock}.
 *
 * {@snippet :
 * static final KeyedLimit<String> PER_HOST = KeyedLimit.of(2);
 * Page page = PER_HOST.call(url.getHost(), () -> fetch(url));
 * List<Page> pages = Tasks.with(PER_HOST.by(URI::getHost)).map(urls, this::fetch);
 * }
 *
 * <p>Each key has a fair {@link Limit} of its own as long as somebody is inside or waits, and
 * nothing afterwards: keys that are idle cost no memory. Waiting, deadlines, interrupts and memory
 * effects are those of {@link Limit}, for each key. Not reentrant. Keys need {@code equals} and
 * {@code hashCode} that do not change.
 *
 * <p>Cost: a look into a map, and some 400 bytes for a key while it is in use.
 *
 * @param <K> the keys
 */
public final class KeyedLimit<K> implements Metered {
  private final ToIntFunction<? super K> capacity;
  private final String text;
  private final @Nullable TimeSource time;
  private final int maxWaiters;
  private final Keys<K, Limit> limits = new Keys<>(this::open, this::forget);
  private volatile String name = "";

  // Of the keys that were forgotten.
  private final LongAdder acquired = new LongAdder();
  private final LongAdder waited = new LongAdder();
  private final LongAdder gaveUp = new LongAdder();
  private final LongAdder refused = new LongAdder();

  private KeyedLimit(
      ToIntFunction<? super K> capacity, String text, @Nullable TimeSource time, int maxWaiters) {
    this.capacity = capacity;
    this.text = text;
    this.time = time;
    this.maxWaiters = maxWaiters;
  }

  /** At most {@code capacity} at once for each key; at least 1. */
  @CheckReturnValue
  public static <K> KeyedLimit<K> of(int capacity) {
    if (capacity < 1)
      throw new IllegalArgumentException("capacity must be at least 1, but was " + capacity);
    return new KeyedLimit<>(k -> capacity, Integer.toString(capacity), null, Integer.MAX_VALUE);
  }

  /**
   * At most as many at once as the function says for the key, at least 1. It is asked whenever an
   * idle key comes into use, so a change takes effect when the key has been idle.
   */
  @CheckReturnValue
  public static <K> KeyedLimit<K> of(ToIntFunction<? super K> capacityOf) {
    Objects.requireNonNull(capacityOf, "capacityOf");
    return new KeyedLimit<>(capacityOf, "as told", null, Integer.MAX_VALUE);
  }

  /** With this many waiters at most for each key; further ones are refused. */
  @CheckReturnValue
  public KeyedLimit<K> withMaxWaiters(int max) {
    if (max < 0)
      throw new IllegalArgumentException("maxWaiters must not be negative, but was " + max);
    return renamed(new KeyedLimit<>(capacity, text, time, max));
  }

  /** On this clock; the default is the clock of whoever waits. */
  @CheckReturnValue
  public KeyedLimit<K> withTime(TimeSource clock) {
    return renamed(
        new KeyedLimit<>(capacity, text, Objects.requireNonNull(clock, "time"), maxWaiters));
  }

  private Limit open(K key) {
    int n = capacity.applyAsInt(key);
    Limit limit = Limit.of(n, time, new Label(this, Label.of("limit " + n, name), key));
    return maxWaiters == Integer.MAX_VALUE ? limit : limit.maxWaiters(maxWaiters);
  }

  private void forget(Limit limit) {
    var s = limit.statistics();
    acquired.add(s.acquired());
    waited.add(s.waited());
    gaveUp.add(s.gaveUp());
    refused.add(s.refused());
  }

  /** Whether only one can be inside for each key, as far as is known. */
  boolean isLock() {
    return "1".equals(text);
  }

  // ---- acquiring

  /** Waits for one permit of the key. */
  @CheckReturnValue
  public Permit acquire(K key) throws InterruptedException {
    return acquire(key, 1);
  }

  /**
   * Waits for {@code weight} permits of the key.
   *
   * @throws InterruptedException if the thread is interrupted or being cancelled; it then holds
   *     none
   * @throws IllegalArgumentException if {@code weight} is less than 1 or more than the capacity
   * @throws Limit.FullException if as many wait already as may
   */
  @CheckReturnValue
  public Permit acquire(K key, int weight) throws InterruptedException {
    var e = limits.use(Objects.requireNonNull(key, "key"));
    Limit.Permit p = null;
    try {
      p = e.value.acquire(weight);
    } finally {
      if (p == null) limits.giveBack(key, e);
    }
    return new Permit(() -> limits.giveBack(key, e), p);
  }

  /** Takes a permit of the key if one is free and nobody waits; never blocks; null if not. */
  @CheckReturnValue
  public @Nullable Permit tryAcquire(K key) {
    var e = limits.use(Objects.requireNonNull(key, "key"));
    Limit.Permit p = null;
    try {
      p = e.value.tryAcquire(1);
    } finally {
      if (p == null) limits.giveBack(key, e);
    }
    return p == null ? null : new Permit(() -> limits.giveBack(key, e), p);
  }

  /** Waits for a permit of the key for a time; null if the time passed. */
  @CheckReturnValue
  public @Nullable Permit tryAcquire(K key, Duration timeout) throws InterruptedException {
    var e = limits.use(Objects.requireNonNull(key, "key"));
    Limit.Permit p = null;
    try {
      p = e.value.tryAcquire(1, timeout);
    } finally {
      if (p == null) limits.giveBack(key, e);
    }
    return p == null ? null : new Permit(() -> limits.giveBack(key, e), p);
  }

  /** What was acquired; closing it gives it back, once. Not tied to a thread. */
  public static final class Permit implements AutoCloseable {
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final Runnable giveBack;
    private final Limit.Permit permit;

    private Permit(Runnable giveBack, Limit.Permit permit) {
      this.giveBack = giveBack;
      this.permit = permit;
    }

    /** Gives it back; harmless when called again. */
    @Override
    public void close() {
      if (!open.compareAndSet(true, false)) return;
      permit.close();
      giveBack.run();
    }
  }

  // ---- around work

  /** Does the work while holding one permit of the key. */
  @CheckReturnValue
  public <T, X extends Exception> T call(K key, Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    try (Permit _ = acquire(key)) {
      return work.call();
    }
  }

  /** As {@link #call}, for work without a result. */
  public <X extends Exception> void run(K key, VoidWork<X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    try (Permit _ = acquire(key)) {
      work.run();
    }
  }

  /**
   * As a policy that takes the key from the input: the item of a fan-out, the argument of a
   * function.
   */
  @CheckReturnValue
  public <A> Policy by(Function<? super A, ? extends K> key) {
    return new ByKey<K>(this, Policy.Kind.LIMIT, key) {
      @Override
      <T, X extends Exception> T callKey(K k, Work<T, X> work) throws X, InterruptedException {
        return KeyedLimit.this.<T, X>call(k, work);
      }
    };
  }

  // ---- statistics

  /**
   * Of all keys together: counts since it was made, and the state now.
   *
   * @param keys how many keys are in use
   * @param held how many permits are held
   * @param waiting how many wait
   * @param acquired how often permits were given
   * @param waited how often somebody had to wait
   * @param gaveUp how often a wait ended without a permit
   * @param refused how often somebody was refused because as many waited for the key as may
   */
  public record Statistics(
      int keys, long held, long waiting, long acquired, long waited, long gaveUp, long refused) {}

  /** The statistics now; reads every key in use. */
  public Statistics statistics() {
    // What is forgotten while this reads is missing rather than counted twice.
    long[] sums = {0, 0, acquired.sum(), waited.sum(), gaveUp.sum(), refused.sum()};
    limits.forEach(l -> {
      var s = l.statistics();
      sums[0] += s.held();
      sums[1] += s.waiting();
      sums[2] += s.acquired();
      sums[3] += s.waited();
      sums[4] += s.gaveUp();
      sums[5] += s.refused();
    });
    return new Statistics(limits.size(), sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
  }

  /** Of one key, since it came into use; zeros if it is idle. */
  public Limit.Statistics statistics(K key) {
    Limit inUse = limits.peek(Objects.requireNonNull(key, "key"));
    return (inUse != null ? inUse : open(key)).statistics();
  }

  /** A copy has the name of what it is a copy of. */
  private KeyedLimit<K> renamed(KeyedLimit<K> copy) {
    return name.isEmpty() ? copy : copy.named(name);
  }

  /** Shows this limit under a name in every snapshot, while it is in use. */
  public KeyedLimit<K> named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("keyed limit", name, statistics());
  }

  @Override
  public String toString() {
    return Label.of("limit " + text + " per key", name);
  }
}
