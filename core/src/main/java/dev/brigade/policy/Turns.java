package dev.brigade.policy;

import dev.brigade.observe.Metered;
import dev.brigade.observe.Reading;
import dev.brigade.policy.Turn.State;
import dev.brigade.task.Tasks;
import dev.brigade.task.Waiter;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/*
 * Design. Everything is behind one short monitor: a read of the clock, a few sums and an array
 * store. Measured beside a lock-free ring and a compare-and-set on an object, it is not slower,
 * with one thread or with eight, and it makes weights, cancellation and a change of the rate plain.
 *
 * A grant is stamped by the thread that takes it, as its last step, since a thread that was let
 * through may be scheduled late: stamps made ahead, for the time when it should have come, would let
 * late ones and early ones share a window. Between being let through and the stamp a turn is in
 * flight, and counted as if its stamp were now, whenever now is.
 *
 * Invariants.
 *  R1 At every moment, what the pace has stamped lately and inFlight together keep the bound. Being let
 *     through adds only what fits; a stamp turns flight into a grant; time only makes room.
 *  R2 Nobody overtakes: while the line is not empty, only its first is let through.
 *  R3 A turn is in the line exactly while it is WAITING, and inFlight is the weight of those that are
 *     COME. Each leaves that state once, under the monitor, so one that gives up, at any point,
 *     leaves nothing behind.
 *  R4 No lost wake-up: after every change of the line, of inFlight and of the pace, the first in line is
 *     let through or an alarm is set for when it may be. If that can't be said, somebody is in
 *     flight, whose stamp or leaving is a change.
 *  R5 `now` never goes back. A clock that does is taken to stand until it has caught up; times are compared
 *     by difference, so one that wraps does no harm.
 *
 * Under the monitor are called only the clock and Waiter.signal.
 */
/** The line before a rate: who may go now, who waits, and the one timer. */
final class Turns implements Metered {
  private volatile @Nullable TimeSource time;
  private volatile String name = "";

  private Pace pace;
  private boolean started;
  private long latest;
  private long reading;
  private int inFlight;
  private @Nullable Turn first;
  private @Nullable Turn tail;
  private int waiting;
  private long weightWaiting;

  private TimeSource.@Nullable Alarm alarm;
  private boolean armed;
  private long alarmAt;
  private int arming;

  private int peak;
  private long granted;
  private long waited;
  private long gaveUp;
  private long refused;

  Turns(Pace pace, @Nullable TimeSource time) {
    this.pace = pace;
    this.time = time;
  }

  TimeSource time() {
    TimeSource t = time;
    return t != null ? t : bind();
  }

  private synchronized TimeSource bind() {
    if (time == null) time = Tasks.time();
    return time();
  }

  private long now() {
    long now = time().nanoTime();
    reading = now;
    if (started && now - latest < 0) return latest;
    started = true;
    return latest = now;
  }

  // ---- taking

  /** Takes it if it is free and nobody waits. */
  synchronized boolean takeNow(int weight) {
    if (weight > pace.most()) throw tooLarge(weight);
    if (first != null) return false;
    long now = now();
    if (pace.untilFree(now, (long) inFlight + weight) != 0) return false;
    stamp(now, weight);
    return true;
  }

  private void stamp(long now, int weight) {
    pace.stamp(now, weight);
    granted += weight;
  }

  /**
   * Joins the line, unless its turn has come at once.
   *
   * @param patienceNanos false is returned, and nothing done, if it must take longer
   * @param leftNanos a wait that must take as long is refused
   * @param maxWaitNanos a wait that must take longer is refused
   */
  synchronized boolean join(
      Turn turn, long patienceNanos, long leftNanos, long maxWaitNanos, int maxWaiting) {
    if (turn.weight > pace.most()) throw tooLarge(turn.weight);
    long now = now();
    if (first == null && pace.untilFree(now, (long) inFlight + turn.weight) == 0) {
      come(turn);
      return true;
    }
    long wait = atLeast(now, weightWaiting + turn.weight);
    if (wait > patienceNanos) return false;
    if (wait >= leftNanos) throw tooLong(wait, leftNanos);
    if (wait > maxWaitNanos) throw tooLong(wait, maxWaitNanos);
    if (waiting >= maxWaiting) {
      refused++;
      throw new RateLimit.FullException(toString(), maxWaiting);
    }
    append(turn);
    waited++;
    try {
      letThrough(now);
    } catch (Throwable e) {
      // No thread for the clock's alarms, most likely.
      leave(turn);
      throw e;
    }
    return true;
  }

  /** Ends a wait that was joined: the caller's own thread takes its turn if it has come. */
  synchronized boolean take(Turn turn) {
    if (turn.state == State.WAITING) {
      // Its time is over, and may have come at this very moment.
      turn.waiter = null;
      letThrough(now());
    }
    switch (turn.state) {
      case COME -> {
        turn.state = State.TAKEN;
        inFlight -= turn.weight;
        long now = now();
        stamp(now, turn.weight);
        if (first != null && !armed) letThrough(now);
        return true;
      }
      case TOO_LARGE -> throw tooLarge(turn.weight);
      default -> {
        leave(turn);
        return false;
      }
    }
  }

  /** Gives a turn up, whatever has become of it; false if there was nothing to give up. */
  synchronized boolean leave(Turn turn) {
    switch (turn.state) {
      case WAITING -> remove(turn);
      case COME -> inFlight -= turn.weight;
      default -> {
        return false;
      }
    }
    turn.state = State.LEFT;
    gaveUp++;
    wake(turn);
    letThrough(now());
    return true;
  }

  // ---- the line

  /**
   * A waiter that has given up and not yet said so is let through as well: it takes its turn if
   * only its time was over, and else gives it back.
   */
  private void come(Turn turn) {
    turn.state = State.COME;
    inFlight += turn.weight;
    wake(turn);
  }

  private static void wake(Turn turn) {
    if (turn.waiter == null) return;
    boolean unused = turn.waiter.signal();
  }

  /** Lets through who can go, and sets the alarm for the next one. */
  private void letThrough(long now) {
    for (Turn t = first; t != null; t = first) {
      long wait = pace.untilFree(now, (long) inFlight + t.weight);
      if (wait != 0) {
        if (wait == Pace.UNKNOWN) disarm();
        else arm(onClock(wait));
        return;
      }
      remove(t);
      come(t);
    }
    disarm();
  }

  /** The same wait on the clock, which may have gone back: then it is longer. */
  private long onClock(long wait) {
    long behind = latest - reading;
    return behind < 0 || behind >= Pace.FOREVER - wait ? Pace.FOREVER : wait + behind;
  }

  private void arm(long nanos) {
    long at = reading + nanos;
    if (at == TimeSource.NEVER) at++;
    // An earlier alarm will do: it looks and sets another.
    if (armed && alarmAt - at <= 0) return;
    disarm();
    int id = ++arming;
    alarmAt = at;
    armed = true;
    boolean set = false;
    try {
      TimeSource.Alarm a = time().schedule(at, () -> alarmed(id));
      // Some clocks run at once what is due.
      if (armed && arming == id) alarm = a;
      set = true;
    } finally {
      if (!set) armed = false;
    }
  }

  private void disarm() {
    if (alarm != null) alarm.cancel();
    alarm = null;
    armed = false;
  }

  private synchronized void alarmed(int id) {
    if (id == arming) {
      armed = false;
      alarm = null;
    }
    letThrough(now());
  }

  private void append(Turn turn) {
    turn.previous = tail;
    if (tail == null) first = turn;
    else tail.next = turn;
    tail = turn;
    waiting++;
    weightWaiting += turn.weight;
    peak = Math.max(peak, waiting);
  }

  private void remove(Turn turn) {
    if (turn.previous == null) first = turn.next;
    else turn.previous.next = turn.next;
    if (turn.next == null) tail = turn.previous;
    else turn.next.previous = turn.previous;
    turn.previous = null;
    turn.next = null;
    waiting--;
    weightWaiting -= turn.weight;
  }

  // ---- reservations

  /** How long until a turn comes, at least. */
  synchronized long untilTurn(Turn turn) {
    if (turn.state != State.WAITING) return 0;
    long weight = turn.weight;
    for (Turn t = turn.previous; t != null; t = t.previous) weight += t.weight;
    return atLeast(now(), weight);
  }

  private long atLeast(long now, long weight) {
    return onClock(pace.atLeast(now, inFlight, inFlight + weight));
  }

  /** Has a thread wait for a turn that had none. */
  synchronized void awaitBy(Turn turn, Waiter waiter, long leftNanos) {
    if (turn.waiter != null || turn.state == State.TAKEN)
      throw new IllegalStateException("the reservation is awaited or taken already");
    if (turn.state == State.WAITING && leftNanos != TimeSource.NEVER) {
      long wait = untilTurn(turn);
      if (wait >= leftNanos) throw tooLong(wait, leftNanos);
    }
    turn.waiter = waiter;
    if (turn.state != State.WAITING) wake(turn);
  }

  // ---- changing and counting

  synchronized void change(int permits, long perNanos) {
    long now = now();
    pace = pace.changed(permits, perNanos, now);
    for (Turn t = first; t != null; ) {
      Turn next = t.next;
      if (t.weight > pace.most()) {
        remove(t);
        t.state = State.TOO_LARGE;
        wake(t);
      }
      t = next;
    }
    letThrough(now);
  }

  private IllegalArgumentException tooLarge(int weight) {
    return new IllegalArgumentException(
        "weight must be at most " + pace.most() + " for " + this + ", but was " + weight);
  }

  private WaitTooLongException tooLong(long wait, long left) {
    refused++;
    return new WaitTooLongException(
        "waiting for " + this, Duration.ofNanos(wait), Duration.ofNanos(Math.max(0, left)));
  }

  void named(String newName) {
    name = newName;
  }

  synchronized RateLimit.Statistics statistics() {
    return new RateLimit.Statistics(
        pace.permits(),
        Duration.ofNanos(pace.perNanos()),
        pace.most(),
        first != null ? 0 : Math.max(0, pace.free(now()) - inFlight),
        inFlight,
        waiting,
        peak,
        granted,
        waited,
        gaveUp,
        refused);
  }

  @Override
  public Reading reading() {
    return Reading.of("rate limit", name, statistics());
  }

  @Override
  public synchronized String toString() {
    String per = Duration.ofNanos(pace.perNanos()).toString().substring(2).toLowerCase(Locale.ROOT);
    String burst = pace instanceof BucketPace b ? ", burst " + b.most() : "";
    String who = waiting == 0 ? "" : " (" + waiting + " waiting)";
    return "rate " + pace.permits() + " per " + per + burst + who;
  }
}
