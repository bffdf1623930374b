package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.Reading;
import dev.brigade.task.FanOut;
import dev.brigade.task.Fn;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/*
 * Design. The shape Tasks.hedgeOf does the starting, waiting, cancelling and joining. It pulls its
 * items when they are due, so the decision whether there is to be another call is the iterator's:
 * no more than asked for, none after a failure, and one taken from the budget.
 *
 * Latencies: each call that succeeded adds its own, from its own start. A first call that lost to a
 * later one adds how long it had taken by then: it is known to lie above the delay, and without it
 * the quantile would sink with each hedge that wins.
 */
/**
 * Calls a second time while the first call is slow, takes the first success, and cancels and awaits
 * the other. Against the slow tail of a service, not against its failures, which are for {@link
 * Retry}; different sources instead of the same call are the shape {@link Tasks#hedge}.
 *
 * {@snippet :
 * static final Hedge SEARCH = Hedge.idempotent().atQuantile(0.95);
 * Page page = SEARCH.call(() -> fetch(url));
 * }
 *
 * <p>Only for work that may be done twice at once, hence {@link #idempotent()}: whoever writes that
 * declares it. The work runs on virtual threads, with the context that tasks inherit; deadlines and
 * cancellation of the caller reach it. Bounds: at most 1 extra call for each call ({@link
 * #withExtraCalls}), and of n calls at most 3 + n/20 extra ones ({@link #withBudget}).
 *
 * <p>A failure while no other call was begun passes at once. When another one has begun, the first
 * success counts; if all fail, the first failure is thrown, with the others suppressed. The losing
 * call is interrupted and awaited. Work that ignores interrupts must be told by {@code
 * Tasks.token().onCancel(…)}, inside of it, to close what it waits for, or be left behind by {@link
 * #abandonAfter}.
 *
 * <p>Cost: a virtual thread for each call. Source: J. Dean and L. A. Barroso, The Tail at Scale,
 * CACM 2013.
 */
public final class Hedge implements Policy, Metered {
  private final Settings settings;
  private final @Nullable RecentLatencies latencies;
  private final ExtraCalls budget;
  private final FanOut fanOut;
  private volatile String name = "";

  private final LongAdder calls = new LongAdder();
  private final LongAdder extra = new LongAdder();
  private final LongAdder extraWon = new LongAdder();
  private final LongAdder denied = new LongAdder();

  /** Either delayNanos or quantile is meant, and the other negative; so is no grace. */
  private record Settings(
      long delayNanos,
      double quantile,
      int most,
      double share,
      int burst,
      long graceNanos,
      @Nullable TimeSource time) {}

  private Hedge(Settings settings) {
    this.settings = settings;
    this.latencies = settings.quantile < 0 ? null : new RecentLatencies(settings.quantile);
    this.budget = new ExtraCalls(settings.share, settings.burst);
    FanOut f =
        settings.time == null ? Tasks.named("hedge") : Tasks.named("hedge").time(settings.time);
    this.fanOut =
        settings.graceNanos < 0 ? f : f.abandonAfter(Duration.ofNanos(settings.graceNanos));
  }

  /** Work that does no harm when it is done twice, even at the same time. */
  public static final class Idempotent {
    private static final Idempotent DECLARED = new Idempotent();

    private Idempotent() {}

    /** Calls again after this time. */
    public Hedge after(Duration delay) {
      long nanos = Lengths.notNegative(delay, "delay");
      return new Hedge(new Settings(nanos, -1, 1, 0.05, 3, -1, null));
    }

    /**
     * Calls again when the call takes longer than this share of the recent ones. Begins when it has
     * seen enough of them: 1 / (1 - quantile), at least 20 and at most 1,000 successes; until then
     * the work runs on the calling thread.
     *
     * @param quantile such as 0.95; more than 0, less than 1
     */
    public Hedge atQuantile(double quantile) {
      if (!(quantile > 0 && quantile < 1))
        throw new IllegalArgumentException(
            "quantile must be more than 0 and less than 1, but was " + quantile);
      return new Hedge(new Settings(-1, quantile, 1, 0.05, 3, -1, null));
    }
  }

  /** Declares that the work does no harm when it is done twice, even at the same time. */
  @CheckReturnValue
  public static Idempotent idempotent() {
    return Idempotent.DECLARED;
  }

  // ---- choices

  /** With this many extra calls at most for each call, a delay between them; at least 1. */
  @CheckReturnValue
  public Hedge withExtraCalls(int most) {
    if (most < 1)
      throw new IllegalArgumentException("extra calls must be at least 1, but were " + most);
    var s = settings;
    return renamed(
        new Hedge(
            new Settings(s.delayNanos, s.quantile, most, s.share, s.burst, s.graceNanos, s.time)));
  }

  /**
   * With at most {@code burst + share * n} extra calls for n calls; without it 3 and 5 %.
   *
   * @param share from 0 to 1
   * @param burst at least 1
   */
  @CheckReturnValue
  public Hedge withBudget(double share, int burst) {
    var s = settings;
    return renamed(
        new Hedge(
            new Settings(s.delayNanos, s.quantile, s.most, share, burst, s.graceNanos, s.time)));
  }

  /**
   * Returns {@code grace} after the decision although a losing call still runs; it is then counted
   * as abandoned in {@link Tasks#snapshot()}. For work that ignores interrupts.
   */
  @CheckReturnValue
  public Hedge abandonAfter(Duration grace) {
    long nanos = Lengths.notNegative(grace, "grace");
    var s = settings;
    return renamed(
        new Hedge(new Settings(s.delayNanos, s.quantile, s.most, s.share, s.burst, nanos, s.time)));
  }

  /** On this clock; the default is the clock of whoever calls. */
  @CheckReturnValue
  public Hedge withTime(TimeSource time) {
    Objects.requireNonNull(time, "time");
    var s = settings;
    return renamed(
        new Hedge(
            new Settings(s.delayNanos, s.quantile, s.most, s.share, s.burst, s.graceNanos, time)));
  }

  // ---- around work

  /** Does the work, and again if it is slow and the budget allows it. */
  @CheckReturnValue
  @Override
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    calls.increment();
    budget.called();
    long delay = delayNanos();
    var attempts = new Attempts();
    if (delay < 0) return this.<T, X>attempt(attempts, 0, work).value;
    Fn<Integer, Answer<T>, X> again = i -> this.<T, X>attempt(attempts, i, work);
    Answer<T> answer =
        fanOut.<Integer, Answer<T>, X>hedgeOf(Duration.ofNanos(delay), () -> attempts, again);
    if (answer.attempt > 0) extraWon.increment();
    return answer.value;
  }

  private record Answer<T>(int attempt, T value) {}

  private long delayNanos() {
    return latencies == null ? settings.delayNanos : latencies.nanos();
  }

  private <T, X extends Exception> Answer<T> attempt(Attempts attempts, int i, Work<T, X> work)
      throws X, InterruptedException {
    TimeSource clock = latencies == null ? null : clock();
    long start = clock == null ? 0 : clock.nanoTime();
    boolean done = false;
    try {
      T value = work.call();
      done = true;
      return new Answer<>(i, value);
    } finally {
      if (!done) attempts.failed = true;
      if (latencies != null && clock != null && (done || i == 0 && attempts.started > 1))
        latencies.add(clock.nanoTime() - start);
    }
  }

  private TimeSource clock() {
    return settings.time != null ? settings.time : Tasks.time();
  }

  /** The numbers of the calls, as long as there may be another; asked when it is due. */
  private final class Attempts implements Iterator<Integer> {
    volatile int started;
    volatile boolean failed;
    private boolean granted;

    @Override
    public boolean hasNext() {
      if (started == 0 || granted) return true;
      if (failed || started > settings.most) return false;
      granted = budget.tryTake();
      if (!granted) denied.increment();
      return granted;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // by the calling thread alone
    public Integer next() {
      if (!hasNext()) throw new NoSuchElementException();
      if (granted) {
        granted = false;
        hedged(started);
      }
      return started++;
    }
  }

  private void hedged(int number) {
    extra.increment();
    if (Observers.present())
      Observers.emit(
          PolicyEvent.here(
              PolicyEvent.Kind.HEDGED,
              clock().nanoTime(),
              toString(),
              "extra call " + number,
              null));
  }

  @Override
  public Kind kind() {
    return Kind.HEDGE;
  }

  // ---- what can be seen

  /**
   * Counts since the hedge was made, and the state now.
   *
   * @param calls how often it was called
   * @param extra how many calls were made in addition
   * @param extraWon how many of those were the first to succeed
   * @param denied how often the budget did not allow one
   * @param budgetLeft how many it allows now
   * @param delay after which it calls again; null while too little is known
   */
  public record Statistics(
      long calls,
      long extra,
      long extraWon,
      long denied,
      double budgetLeft,
      @Nullable Duration delay) {}

  /** The statistics now. */
  public Statistics statistics() {
    long delay = delayNanos();
    return new Statistics(
        calls.sum(),
        extra.sum(),
        extraWon.sum(),
        denied.sum(),
        budget.left(),
        delay < 0 ? null : Duration.ofNanos(delay));
  }

  /** A copy has the name of what it is a copy of. */
  private Hedge renamed(Hedge copy) {
    return name.isEmpty() ? copy : copy.named(name);
  }

  /** Shows this hedge under a name in every snapshot, while it is in use. */
  public Hedge named(String newName) {
    name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("hedge", name, statistics());
  }

  @Override
  public String toString() {
    var text = new StringBuilder("hedge ");
    if (settings.quantile < 0) text.append("after ").append(Lengths.text(settings.delayNanos));
    else text.append("at ").append(Lengths.percent(settings.quantile));
    text.append(", extra ").append(Lengths.percent(settings.share));
    return Label.of(text.append(" + ").append(settings.burst).toString(), name);
  }
}
