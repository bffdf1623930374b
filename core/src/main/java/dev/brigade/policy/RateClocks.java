package dev.brigade.policy;

import dev.brigade.observe.Metered;
import dev.brigade.observe.Reading;
import dev.brigade.task.Tasks;
import dev.brigade.time.TimeSource;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Design. Each clock has a line and grants of its own, for good, so that neither a bound nor a wait ever
 * mixes the times of two clocks, and a test on a virtual clock leaves nothing behind for others.
 *
 * Rejected: one line that is bound to the first clock (a limit that outlives it limits nothing
 * afterwards), or that moves from one clock to another when idle (what was granted on the first either
 * is forgotten, which breaks the bound, or may never age).
 *
 * Guards: others, and what is kept of those whose clocks are gone: this monitor, which is taken before
 * that of a line and never inside it. Clocks are held weakly.
 */
/** A rate on every clock that it is used on. */
final class RateClocks implements Metered {
  private final boolean given;
  private final TimeSource home;
  private final Turns atHome;
  private final List<Elsewhere> others = new ArrayList<>();
  private long granted;
  private long waited;
  private long gaveUp;
  private long refused;
  private int peak;
  private volatile String name = "";

  private record Elsewhere(WeakReference<TimeSource> clock, Turns turns) {}

  RateClocks(Pace pace, @Nullable TimeSource time) {
    given = time != null;
    home = time != null ? time : TimeSource.system();
    atHome = new Turns(this, pace);
  }

  /** The clock for the current thread. */
  TimeSource time() {
    return given ? home : Tasks.time();
  }

  /** The line on a clock. */
  Turns on(TimeSource time) {
    return time == home ? atHome : elsewhere(time);
  }

  private synchronized Turns elsewhere(TimeSource time) {
    Turns known = known(time);
    if (known != null) return known;
    others.removeIf(this::isGone);
    Turns turns = atHome.anew();
    others.add(new Elsewhere(new WeakReference<>(time), turns));
    return turns;
  }

  private @Nullable Turns known(TimeSource time) {
    for (Elsewhere e : others) if (e.clock.refersTo(time)) return e.turns;
    return null;
  }

  private boolean isGone(Elsewhere e) {
    if (!e.clock.refersTo(null)) return false;
    var s = e.turns.statistics(null);
    granted += s.granted();
    waited += s.waited();
    gaveUp += s.gaveUp();
    refused += s.refused();
    peak = Math.max(peak, s.peakWaiting());
    return true;
  }

  synchronized void change(int permits, long perNanos) {
    // First where it may be refused: then nothing has changed.
    atHome.change(home, permits, perNanos);
    for (Elsewhere e : others) {
      TimeSource clock = e.clock.get();
      if (clock != null) e.turns.change(clock, permits, perNanos);
    }
  }

  synchronized RateLimit.Statistics statistics() {
    TimeSource here = time();
    Turns known = here == home ? null : known(here);
    var all = atHome.statistics(here == home ? home : null);
    int free = here == home ? all.free() : all.burst();
    int inFlight = all.inFlight();
    int waiting = all.waiting();
    int most = Math.max(peak, all.peakWaiting());
    long[] counts = {
      granted + all.granted(), waited + all.waited(), gaveUp + all.gaveUp(), refused + all.refused()
    };
    for (Elsewhere e : others) {
      var s = e.turns.statistics(e.turns == known ? here : null);
      if (e.turns == known) free = s.free();
      inFlight += s.inFlight();
      waiting += s.waiting();
      most = Math.max(most, s.peakWaiting());
      counts[0] += s.granted();
      counts[1] += s.waited();
      counts[2] += s.gaveUp();
      counts[3] += s.refused();
    }
    return new RateLimit.Statistics(
        all.permits(),
        all.per(),
        all.burst(),
        free,
        inFlight,
        waiting,
        most,
        counts[0],
        counts[1],
        counts[2],
        counts[3]);
  }

  void named(String newName) {
    name = newName;
  }

  @Override
  public Reading reading() {
    return Reading.of("rate limit", name, statistics());
  }

  /** What such a rate is called here. */
  String label(String rate) {
    return Label.of(rate, name);
  }

  @Override
  public String toString() {
    return atHome.toString();
  }
}
