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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One at a time for each key. For a value that is reachable only under its lock, {@link
 * dev.brigade.task.Guarded}; for several at once, {@link KeyedLimit}; to share one result among
 * those who come together, {@link SingleFlight}.
 *
 * {@snippet :
 * static final KeyedLock<String> ACCOUNTS = new KeyedLock<>();
 * ACCOUNTS.run(from, () -> new Accounts().withdraw(from, sum));
 * }
 *
 * <p>Waiting is first come, first served for each key, and ends at interrupts, cancellation and
 * deadlines. There is something in memory for the keys that are locked or waited for, and nothing
 * for the others. Not reentrant: locking a key again on the thread that holds it throws {@link
 * IllegalStateException} instead of waiting for ever. Two keys at once: always in the same order.
 *
 * <p>Memory effects: what happens before an unlock happens before the next lock of that key.
 *
 * @param <K> the keys, with {@code equals} and {@code hashCode} that do not change
 */
public final class KeyedLock<K> implements Metered {
  private final @Nullable TimeSource time;
  private final Keys<K, Lock> locks = new Keys<>(this::open, l -> {});
  private volatile String name = "";

  private static final class Lock {
    final Limit one;
    volatile @Nullable Thread owner;

    Lock(Limit one) {
      this.one = one;
    }
  }

  /** On the clock of whoever waits. */
  public KeyedLock() {
    this.time = null;
  }

  /** On this clock. */
  public KeyedLock(TimeSource time) {
    this.time = Objects.requireNonNull(time, "time");
  }

  private Lock open(K key) {
    return new Lock(Limit.of(1, time, new Label(this, Label.of("lock", name), key)));
  }

  /**
   * Waits until the key is free and locks it.
   *
   * @throws InterruptedException if the thread is interrupted or being cancelled; it then holds
   *     nothing
   * @throws IllegalStateException if this thread holds it already
   */
  @CheckReturnValue
  public Held lock(K key) throws InterruptedException {
    return Objects.requireNonNull(lock(key, null));
  }

  /** As {@link #lock}, for a time at most; null if the time passed. */
  @CheckReturnValue
  public @Nullable Held tryLock(K key, Duration timeout) throws InterruptedException {
    return lock(key, Objects.requireNonNull(timeout, "timeout"));
  }

  private @Nullable Held lock(K key, @Nullable Duration timeout) throws InterruptedException {
    var e = locks.use(Objects.requireNonNull(key, "key"));
    Limit.Permit p = null;
    try {
      if (e.value.owner == Thread.currentThread())
        throw new IllegalStateException(
            "this thread holds the lock of "
                + Label.inWords(key)
                + " already, which is not reentrant: take it once, further out");
      p = timeout == null ? e.value.one.acquire() : e.value.one.tryAcquire(1, timeout);
    } finally {
      if (p == null) locks.giveBack(key, e);
    }
    return p == null ? null : held(key, e, p);
  }

  /** Locks the key if it is free and nobody waits; never blocks; null if not. */
  @CheckReturnValue
  public @Nullable Held tryLock(K key) {
    var e = locks.use(Objects.requireNonNull(key, "key"));
    Limit.Permit p = e.value.one.tryAcquire(1);
    if (p != null) return held(key, e, p);
    locks.giveBack(key, e);
    return null;
  }

  private Held held(K key, Keys.Entry<Lock> e, Limit.Permit p) {
    e.value.owner = Thread.currentThread();
    return new Held(() -> {
      e.value.owner = null;
      p.close();
      locks.giveBack(key, e);
    });
  }

  /** A locked key; closing it unlocks, once. Another thread may close it. */
  public static final class Held implements AutoCloseable {
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final Runnable unlock;

    private Held(Runnable unlock) {
      this.unlock = unlock;
    }

    /** Unlocks; harmless when called again. */
    @Override
    public void close() {
      if (open.compareAndSet(true, false)) unlock.run();
    }
  }

  // ---- around work

  /** Does the work while holding the lock of the key. */
  @CheckReturnValue
  public <T, X extends Exception> T call(K key, Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    try (Held _ = lock(key)) {
      return work.call();
    }
  }

  /** As {@link #call}, for work without a result. */
  public <X extends Exception> void run(K key, VoidWork<X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    try (Held _ = lock(key)) {
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
        return KeyedLock.this.<T, X>call(k, work);
      }
    };
  }

  // ---- statistics

  /**
   * The state now.
   *
   * @param keys how many keys are locked or being waited for
   * @param locked how many are locked
   * @param waiting how many wait, over all keys
   */
  public record Statistics(int keys, int locked, int waiting) {}

  /** The statistics now; reads every key in use. */
  public Statistics statistics() {
    int[] sums = new int[2];
    locks.forEach(l -> {
      var s = l.one.statistics();
      sums[0] += s.held();
      sums[1] += s.waiting();
    });
    return new Statistics(locks.size(), sums[0], sums[1]);
  }

  /** Shows this lock under a name in every snapshot, while it is in use. */
  public KeyedLock<K> named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("keyed lock", name, statistics());
  }

  @Override
  public String toString() {
    return Label.of("lock per key", name);
  }
}
