package dev.brigade.policy;

import dev.brigade.policy.Turn.State;
import dev.brigade.task.Waiter;
import dev.brigade.time.TimeSource;
import java.time.Duration;
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
 *     flight, whose stamp or leaving is a change. Where an alarm can't be set, all in line are told.
 *  R5 `now` never goes back. A clock that does is taken to stand until it has caught up; times are compared
 *     by difference, so one that wraps does no harm.
 *
 * Under the monitor are called only the clock and Waiter.signal. The clock comes with each call and is
 * always the same one. It is not kept here, so that what is known about a clock does not keep it
 * alive.
 */
/** The line before a rate on one clock: who may go now, who waits, and the one timer. */
final class Turns implements Waiter.Line {
  private final RateClocks owner;
  private final Line line = new Line();
  private Pace pace;
  private boolean started;
  private long latest;
  private long reading;
  private int inFlight;

  private TimeSource.@Nullable Alarm alarm;
  private boolean armed;
  private long alarmAt;
  private int arming;

  private long granted;
  private long waited;
  private long gaveUp;
  private long refused;

  Turns(RateClocks owner, Pace pace) {
    this.owner = owner;
    this.pace = pace;
  }

  private long now(TimeSource time) {
    long now = time.nanoTime();
    reading = now;
    if (started && now - latest < 0) return latest;
    started = true;
    return latest = now;
  }

  // ---- taking

  /** Takes it if it is free and nobody waits. */
  synchronized boolean takeNow(TimeSource time, int weight) {
    if (weight > pace.most()) throw tooLarge(weight);
    if (line.first() != null) return false;
    long now = now(time);
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
      TimeSource time,
      Turn turn,
      long patienceNanos,
      long leftNanos,
      long maxWaitNanos,
      int maxWaiting) {
    if (turn.weight > pace.most()) throw tooLarge(turn.weight);
    long now = now(time);
    if (line.first() == null && pace.untilFree(now, (long) inFlight + turn.weight) == 0) {
      come(turn);
      return true;
    }
    long wait = atLeast(now, line.weight() + turn.weight);
    if (wait > patienceNanos) return false;
    if (wait >= leftNanos) throw tooLong(wait, leftNanos);
    if (wait > maxWaitNanos) {
      refused++;
      throw WaitTooLongException.longerThanMax("waiting for " + this, wait, maxWaitNanos);
    }
    if (line.size() >= maxWaiting) {
      refused++;
      throw new RateLimit.FullException(toString(), maxWaiting);
    }
    line.append(turn);
    waited++;
    letThrough(time, now);
    if (turn.state == State.STRANDED) throw stranded(turn);
    return true;
  }

  /** Ends a wait that was joined: the caller's own thread takes its turn if it has come. */
  synchronized boolean take(TimeSource time, Turn turn) {
    if (turn.state == State.WAITING) {
      // Its time is over, and may have come at this very moment.
      turn.waiter = null;
      letThrough(time, now(time));
    }
    switch (turn.state) {
      case COME -> {
        long now = now(time);
        stamp(now, turn.weight);
        turn.state = State.TAKEN;
        inFlight -= turn.weight;
        if (line.first() != null && !armed) letThrough(time, now);
        return true;
      }
      case TOO_LARGE -> throw tooLarge(turn.weight);
      case STRANDED -> throw stranded(turn);
      default -> {
        boolean unused = leave(time, turn);
        return false;
      }
    }
  }

  /** Gives a turn up, whatever has become of it; false if there was nothing to give up. */
  synchronized boolean leave(TimeSource time, Turn turn) {
    switch (turn.state) {
      case WAITING -> line.remove(turn);
      case COME -> inFlight -= turn.weight;
      default -> {
        return false;
      }
    }
    turn.state = State.LEFT;
    gaveUp++;
    wake(turn);
    letThrough(time, now(time));
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
  private void letThrough(TimeSource time, long now) {
    for (Turn t = line.first(); t != null; t = line.first()) {
      long wait = pace.untilFree(now, (long) inFlight + t.weight);
      if (wait != 0) {
        if (wait == Pace.UNKNOWN) disarm();
        else arm(time, onClock(wait));
        return;
      }
      line.remove(t);
      come(t);
    }
    disarm();
  }

  /** The same wait on the clock, which may have gone back: then it is longer. */
  private long onClock(long wait) {
    long behind = latest - reading;
    return behind < 0 || behind >= Pace.FOREVER - wait ? Pace.FOREVER : wait + behind;
  }

  private void arm(TimeSource time, long nanos) {
    long at = reading + nanos;
    if (at == TimeSource.NEVER) at++;
    // An earlier alarm will do: it looks and sets another.
    if (armed && alarmAt - at <= 0) return;
    disarm();
    int id = ++arming;
    alarmAt = at;
    armed = true;
    try {
      TimeSource.Alarm a = time.schedule(at, () -> alarmed(time, id));
      // Some clocks run at once what is due.
      if (armed && arming == id) alarm = a;
    } catch (Throwable e) {
      // No thread for the clock's alarms, most likely.
      disarm();
      strand(e);
    }
  }

  private void disarm() {
    if (alarm != null) alarm.cancel();
    alarm = null;
    armed = false;
  }

  private synchronized void alarmed(TimeSource time, int id) {
    if (id == arming) {
      armed = false;
      alarm = null;
    }
    letThrough(time, now(time));
  }

  /** Nobody would wake those in line, so all of them fail, and none waits for ever. */
  private void strand(Throwable why) {
    for (Turn t = line.first(); t != null; t = line.first()) {
      t.stranding = why;
      end(t, State.STRANDED);
    }
  }

  private void end(Turn turn, State how) {
    line.remove(turn);
    turn.state = how;
    wake(turn);
  }

  private static IllegalStateException stranded(Turn turn) {
    return new IllegalStateException(
        "no alarm could be set for the end of the wait", turn.stranding);
  }

  // ---- reservations

  /** How long until a turn comes, at least. */
  synchronized long untilTurn(TimeSource time, Turn turn) {
    return turn.state == State.WAITING ? atLeast(now(time), line.weightUpTo(turn)) : 0;
  }

  private long atLeast(long now, long weight) {
    return onClock(pace.atLeast(now, inFlight, inFlight + weight));
  }

  /** Has a thread wait for a turn that had none. */
  synchronized void awaitBy(TimeSource time, Turn turn, Waiter waiter, long leftNanos) {
    if (turn.waiter != null || turn.state == State.TAKEN)
      throw new IllegalStateException("the reservation is awaited or taken already");
    if (turn.state == State.WAITING && leftNanos != TimeSource.NEVER) {
      long wait = untilTurn(time, turn);
      if (wait >= leftNanos) throw tooLong(wait, leftNanos);
    }
    turn.waiter = waiter;
    if (turn.state != State.WAITING) wake(turn);
  }

  // ---- changing and counting

  synchronized void change(TimeSource time, int permits, long perNanos) {
    long now = now(time);
    pace = pace.changed(permits, perNanos, now);
    for (Turn t = line.first(); t != null; ) {
      Turn next = t.next;
      if (t.weight > pace.most()) end(t, State.TOO_LARGE);
      t = next;
    }
    letThrough(time, now);
  }

  /** The same rate, of which nothing has been granted. */
  synchronized Turns anew() {
    return new Turns(owner, pace.anew());
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

  /** With what is free if a clock is given, and zero instead if not. */
  synchronized RateLimit.Statistics statistics(@Nullable TimeSource time) {
    return new RateLimit.Statistics(
        pace.permits(),
        Duration.ofNanos(pace.perNanos()),
        pace.most(),
        time != null && line.first() == null ? Math.max(0, pace.free(now(time)) - inFlight) : 0,
        inFlight,
        line.size(),
        line.peak(),
        granted,
        waited,
        gaveUp,
        refused);
  }

  @Override
  public synchronized long served() {
    return granted;
  }

  @Override
  public synchronized String toString() {
    String burst = pace instanceof BucketPace b ? ", burst " + b.most() : "";
    return owner.label("rate " + pace.permits() + " per " + Lengths.text(pace.perNanos()) + burst);
  }
}
