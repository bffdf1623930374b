package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Reading;
import dev.brigade.task.Tasks;
import dev.brigade.task.VoidWork;
import dev.brigade.task.Waiter;
import dev.brigade.task.Work;
import dev.brigade.time.TimeSource;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the same key that come together share one load and its result: against the stampede that
 * follows when something is missing from a cache. It keeps nothing: the next call after the end
 * loads again, after a failure as well. To do everybody's work, one after the other, use {@link
 * KeyedLock}.
 *
 * {@snippet :
 * static final SingleFlight<URI> PAGES = new SingleFlight<>();
 * Page page = PAGES.call(url, () -> fetch(url));
 * List<Page> pages = Tasks.with(PAGES.<URI>by(u -> u)).map(urls, this::fetch);
 * }
 *
 * <p>The load runs on a virtual thread of its own, with the context that a task forked by the first
 * caller would inherit; its work is the first caller's, and that of the others is not called. The
 * deadline, cancellation or interrupt of one caller ends that caller's wait and nothing else; when
 * the last one leaves, the load is cancelled, and that one returns when it has ended. A call that
 * comes after that begins a load of its own, even while the cancelled one is still ending.
 *
 * <p>All get the very same result, so it must be safe to share, and when the load failed the very
 * same exception, whose trace is the load's. Use one object for one kind of result: who calls with
 * the key of a load gets what that load returns.
 *
 * <p>A load that calls, itself or through what it forks or waits for, for its own key would wait
 * for ever: that is an {@link IllegalStateException}. Keys need {@code equals} and {@code hashCode}
 * that do not change; of what is not being loaded nothing is kept.
 *
 * <p>Memory effects: what the first caller did before happens before the load, and the load before
 * each caller's return. Cost: a virtual thread for each load.
 *
 * @param <K> the keys
 */
public final class SingleFlight<K> implements Metered {
  private final @Nullable TimeSource time;
  private final ConcurrentHashMap<K, Flight> flights = new ConcurrentHashMap<>();
  private volatile String name = "";

  private final LongAdder calls = new LongAdder();
  private final LongAdder loads = new LongAdder();
  private final LongAdder gaveUp = new LongAdder();
  private final LongAdder stopped = new LongAdder();

  /** Loads on the clock of the first caller. */
  public SingleFlight() {
    this.time = null;
  }

  /** Loads on this clock. */
  public SingleFlight(TimeSource time) {
    this.time = Objects.requireNonNull(time, "time");
  }

  /**
   * The result of the load of this key that is under way, or of a new one.
   *
   * @throws X what the load threw
   * @throws InterruptedException if the calling thread is interrupted or being cancelled
   * @throws IllegalStateException if called, directly or not, by the load of the same key
   */
  @CheckReturnValue
  public <T, X extends Exception> T call(K key, Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(work, "work");
    Tasks.checkCancelled();
    calls.increment();
    Flight inside = Flight.inside();
    while (true) {
      Flight f = flights.get(key);
      boolean first = f == null;
      Waiter w = null;
      if (f == null) {
        var label = new Label(this, Label.of("the shared load", name), key);
        f = new Flight(time != null ? time : Tasks.time(), label);
        w = f.join();
        if (flights.putIfAbsent(key, f) != null) continue;
      }
      // Before it joins: who is part of a load must not become the one who stops it.
      if (inside != null) inside.waitsFor(f);
      try {
        if (first) begin(key, f, work);
        else w = f.join();
        if (w != null) return this.<T, X>await(key, f, w);
      } finally {
        if (inside != null) inside.waitsNoMoreFor(f);
      }
      boolean unused = flights.remove(key, f);
    }
  }

  private void begin(K key, Flight f, Work<?, ?> work) {
    loads.increment();
    f.start(work, () -> flights.remove(key, f));
  }

  private <T, X extends Exception> T await(K key, Flight f, Waiter w)
      throws X, InterruptedException {
    try {
      boolean unused = w.await(f.shown(), TimeSource.NEVER);
    } catch (InterruptedException e) {
      gaveUp.increment();
      if (f.leave(w)) {
        stopped.increment();
        flights.remove(key, f);
        f.stop(e);
      }
      throw e;
    }
    return f.<T, X>orThrow();
  }

  /** As {@link #call}, for work without a result. */
  public <X extends Exception> void run(K key, VoidWork<X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    // Whoever began the load may have wanted a value of any type.
    Object unused =
        this.<Object, X>call(
            key,
            () -> {
              work.run();
              return "done";
            });
  }

  /**
   * As a policy that takes the key from the input: the item of a fan-out, the argument of a
   * function.
   */
  @CheckReturnValue
  public <A> Policy by(Function<? super A, ? extends K> key) {
    return new ByKey<K>(this, Policy.Kind.SINGLE_FLIGHT, key) {
      @Override
      <T, X extends Exception> T callKey(K k, Work<T, X> work) throws X, InterruptedException {
        return SingleFlight.this.<T, X>call(k, work);
      }
    };
  }

  // ---- statistics

  /**
   * Counts since it was made, and the state now.
   *
   * @param loading how many loads are under way
   * @param waiting how many callers wait for them
   * @param calls how often it was called
   * @param loads how often it loaded
   * @param gaveUp how many callers left before the end
   * @param stopped how many loads were stopped because nobody was left
   */
  public record Statistics(
      int loading, int waiting, long calls, long loads, long gaveUp, long stopped) {}

  /** The statistics now. */
  public Statistics statistics() {
    int waiting = 0;
    for (Flight f : flights.values()) waiting += f.waiting();
    return new Statistics(
        flights.size(), waiting, calls.sum(), loads.sum(), gaveUp.sum(), stopped.sum());
  }

  /** Shows this under a name in every snapshot, while it is in use. */
  public SingleFlight<K> named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("single flight", name, statistics());
  }

  @Override
  public String toString() {
    return Label.of("single flight per key", name);
  }
}
