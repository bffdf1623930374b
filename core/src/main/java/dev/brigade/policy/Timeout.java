package dev.brigade.policy;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.Reading;
import dev.brigade.task.CancelToken;
import dev.brigade.task.Deadline;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.FanOut;
import dev.brigade.task.Tasks;
import dev.brigade.task.VoidWork;
import dev.brigade.task.Work;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how long each call takes. For one call, {@code Tasks.within(d, work)} is enough; for a
 * whole fan-out, {@code Tasks.within(d)}. (Python: {@code asyncio.timeout}; JavaScript: {@code
 * AbortSignal.timeout}.)
 *
 * {@snippet :
 * static final Timeout TIMEOUT = Timeout.of(Duration.ofSeconds(2));
 * Page page = TIMEOUT.call(() -> fetch(url));
 * }
 *
 * <p>When the time is up the thread that works is interrupted; when the work has ended, the call
 * throws {@link DeadlineException}, with what the work threw suppressed in it. What was finished
 * before counts as it is, even if seen late. What returns a value all the same, after the time was
 * up, has overrun: the value is returned, and the overrun counted here and in {@code
 * Tasks.snapshot()}. An {@link Error} passes as it is. A deadline further out that is earlier stays
 * in force and is not this policy's: it throws at its own place.
 *
 * <p>By default all this happens on the calling thread, and the call returns when the work has
 * ended, never before. For work that takes no notice of interrupts there are {@link #onCancel} and
 * {@link #abandonAfter}.
 *
 * <p>Immutable but for its statistics; on the clock of whoever calls. Cost: a few small objects and
 * an alarm, which is taken back; with {@link #abandonAfter}, a virtual thread. Memory effects: what
 * the caller did happens before the work, and the work, unless it was left behind, before the call
 * returns, whichever thread it is on.
 */
public final class Timeout implements Policy, Metered {
  private final Duration timeout;
  private final @Nullable Duration grace;
  private final @Nullable VoidWork<?> onCancel;
  private final Counts counts;

  private static final class Counts {
    final LongAdder calls = new LongAdder();
    final LongAdder timedOut = new LongAdder();
    final LongAdder overran = new LongAdder();
    final LongAdder abandoned = new LongAdder();
    volatile String name = "";
  }

  private Timeout(
      Duration timeout, @Nullable Duration grace, @Nullable VoidWork<?> onCancel, Counts counts) {
    this.timeout = timeout;
    this.grace = grace;
    this.onCancel = onCancel;
    this.counts = counts;
  }

  /**
   * So long for each call.
   *
   * @param timeout more than zero
   */
  @CheckReturnValue
  public static Timeout of(Duration timeout) {
    Lengths.positive(timeout, "timeout");
    return new Timeout(timeout, null, null, new Counts());
  }

  /**
   * Returns even though the work has not ended, this long after it was interrupted. The work runs
   * on a virtual thread of its own, with what {@link dev.brigade.task.Context} carries over, but
   * without the caller's {@code ThreadLocal}s and locks. What is left running is counted here and,
   * until it ends, in {@code Tasks.snapshot().abandoned()}; its result is lost.
   *
   * @param newGrace not negative
   */
  @CheckReturnValue
  public Timeout abandonAfter(Duration newGrace) {
    Lengths.notNegative(newGrace, "grace");
    return renamed(new Timeout(timeout, newGrace, onCancel, new Counts()));
  }

  /**
   * Does something once when the time is up, or when the call is cancelled from outside: close the
   * socket that the work is blocked in. It shares this one's statistics, so it can be made for each
   * call:
   *
   * {@snippet :
   * static final Timeout TIMEOUT = Timeout.of(Duration.ofSeconds(2));
   * String answer = TIMEOUT.onCancel(connection::close).call(() -> connection.query("select 1"));
   * }
   *
   * <p>The action runs on a thread of its own when a deadline strikes, else on the thread that
   * cancels, before the interrupt, which must not wait long for it. It may still run when the call
   * has returned. What it throws is logged.
   */
  @CheckReturnValue
  public Timeout onCancel(VoidWork<?> action) {
    return new Timeout(timeout, grace, Objects.requireNonNull(action, "action"), counts);
  }

  /** How long each call may take. */
  public Duration length() {
    return timeout;
  }

  /**
   * Does the work within the time.
   *
   * @throws X what the work threw in time
   * @throws DeadlineException if the time was up
   */
  @CheckReturnValue
  @Override
  public <T, X extends Exception> T call(Work<T, X> work) throws X, InterruptedException {
    Objects.requireNonNull(work, "work");
    counts.calls.increment();
    var deadline = Deadline.in(timeout);
    Work<T, X> watched = onCancel == null ? work : watched(work, onCancel);
    if (grace != null) return abandonable(deadline, grace, watched);
    boolean returned = false;
    try {
      T value = deadline.call(watched);
      returned = true;
      return value;
    } finally {
      if (deadline.struck()) struck(returned);
    }
  }

  private static <T, X extends Exception> Work<T, X> watched(Work<T, X> work, VoidWork<?> action) {
    return () -> {
      CancelToken.Registration entry = Tasks.token().onCancel(_ -> act(action));
      try {
        return work.call();
      } finally {
        entry.close();
      }
    };
  }

  private static void act(VoidWork<?> action) {
    try {
      action.run();
    } catch (InterruptedException e) {
      // It was meant for whoever runs the action, the work's own thread perhaps.
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      System.getLogger("dev.brigade")
          .log(System.Logger.Level.ERROR, "the action of a timeout failed", e);
    }
  }

  private <T, X extends Exception> T abandonable(
      Deadline deadline, Duration patience, Work<T, X> work) throws X, InterruptedException {
    var apart = new Apart<>(work);
    boolean returned = false;
    try {
      FanOut one = Tasks.abandonAfter(patience);
      T value = deadline.<T, X>call(() -> one.<T, X>all(List.of(apart)).getFirst());
      returned = true;
      return value;
    } finally {
      if (deadline.struck()) struck(returned);
      if (apart.stillRuns()) abandoned();
    }
  }

  /** The time was up before the work had ended. */
  private void struck(boolean returned) {
    (returned ? counts.overran : counts.timedOut).increment();
    if (!returned) tell(PolicyEvent.Kind.TIMED_OUT, "after " + length(timeout));
  }

  private void abandoned() {
    counts.abandoned.increment();
    tell(PolicyEvent.Kind.ABANDONED, "the work still runs");
  }

  private void tell(PolicyEvent.Kind kind, String detail) {
    if (Observers.present())
      Observers.emit(PolicyEvent.here(kind, Tasks.time().nanoTime(), toString(), detail, null));
  }

  /** Work on another thread, and whether it is still there. */
  private static final class Apart<T, X extends Exception> implements Work<T, X> {
    private static final long serialVersionUID = 1L;

    private final Work<T, X> work;
    private volatile boolean running;

    Apart(Work<T, X> work) {
      this.work = work;
    }

    @Override
    public T call() throws X, InterruptedException {
      running = true;
      try {
        return work.call();
      } finally {
        running = false;
      }
    }

    boolean stillRuns() {
      return running;
    }
  }

  @Override
  public Kind kind() {
    return Kind.TIMEOUT;
  }

  /**
   * Counts since the policy was made.
   *
   * @param calls how often it was called
   * @param timedOut how many calls ended because their time was up, by {@link DeadlineException} or
   *     an {@link Error}
   * @param overran how many returned a value after their time was up
   * @param abandoned how many returned although the work still ran
   */
  public record Statistics(long calls, long timedOut, long overran, long abandoned) {}

  /** The statistics now. */
  public Statistics statistics() {
    return new Statistics(
        counts.calls.sum(), counts.timedOut.sum(), counts.overran.sum(), counts.abandoned.sum());
  }

  /** A copy has the name of what it is a copy of. */
  private Timeout renamed(Timeout copy) {
    return counts.name.isEmpty() ? copy : copy.named(counts.name);
  }

  /** Shows this policy under a name in every snapshot, while it is in use. */
  public Timeout named(String newName) {
    counts.name = Objects.requireNonNull(newName, "name");
    Meters.add(this);
    return this;
  }

  @Override
  public Reading reading() {
    return Reading.of("timeout", counts.name, statistics());
  }

  @Override
  public String toString() {
    String text = "timeout " + length(timeout);
    if (grace != null) text += " (abandoned after " + length(grace) + ")";
    return Label.of(text, counts.name);
  }

  private static String length(Duration d) {
    return Lengths.text(Lengths.nanos(d, "time"));
  }
}
