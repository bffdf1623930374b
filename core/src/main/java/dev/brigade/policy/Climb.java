package dev.brigade.policy;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/*
 * Design. Hill climbing on goodput. Told of each start and end, it keeps the limit constant for a
 * while, measures a Window, and lets the phase decide where to go next:
 *
 *   Search: doubles while goodput follows, to find the order of magnitude; where it stops following,
 *           Little's law gives the knee (knee = goodput at the top × latency below it). If it
 *           never followed, halves instead.
 *   Cruise: stays there, and compares with a little more or less from time to time, in the order
 *           A B B A, so that a drift of the server cancels out.
 *
 * Invariants.
 *  C1 least <= limit <= most. It only moves in `grow`, and by `go`.
 *  C2 Growth is one for each good end that found the limit full, so that it takes a round trip to
 *     double and no burst is sent. Whoever uses fewer than the limit (application-limited) never makes
 *     it move: ends that do not find it full do not grow it, and a Window in which fewer than
 *     FULL of it were in flight is thrown away. Only an overload counts in any case.
 *  C3 A Window begins when what was in flight at the last move has ended: `limit` ends after the
 *     number in flight came down to it, which by Little's law is one round trip.
 *  C4 Backs off at most once in a round trip: only what started after the last back-off counts,
 *     which is told by the number of back-offs at the start (`Flight.round`), not by a clock; and
 *     only after the time of a good one, since refusals come back faster.
 *     A Trial then tells whether that made overloads fewer; while it goes on, nothing else moves.
 *  C5 No decision on measurements before TUNE_FROM good ends.
 *  C6 `elapsed` never goes back, whatever the clock does; with a frozen clock nothing is measured.
 *
 * Not thread-safe; the user (AdaptiveLimit) guards it. No clock, no randomness: the same calls give the
 * same limits.
 *
 * Where it differs from its sources. From TCP: growth by acknowledgement, one reaction per round
 * trip, the validation of the window (RFC 7661). From BBR: the knee as rate × least delay, probing,
 * not filling the queue. Not taken: the least latency as a base line, which is what makes Vegas and
 * Gradient2 collapse when latencies vary by themselves; here two limits are compared, each by all
 * its latencies. Rejected: additive increase and multiplicative decrease (fills every queue); a model
 * of the whole curve of throughput (needs visits to limits that hurt); a fixed step (too small to
 * be seen with noisy latencies, too coarse with steady ones: the step here follows the noise).
 *
 * Sources: J. D. C. Little, A proof for the queuing formula L = λW, Operations Research 1961.
 * L. Kleinrock, Power and deterministic rules of thumb, ICC 1979. L. Brakmo and L. Peterson, TCP Vegas,
 * JSAC 1995. N. Cardwell et al., BBR: congestion-based congestion control, ACM Queue 2016. M. Dong
 * et al., PCC: re-architecting congestion control for consistent high performance, NSDI 2015 (probe both
 * ways, compare, move). G. Fairhurst et al., RFC 7661. Netflix, concurrency-limits (adaptive limits for services).
 */
/** The adaptive limit as arithmetic: told of starts and ends, it says how many may be in flight. */
final class Climb {
  /** How something ended. */
  enum Ending {
    GOOD,
    OVERLOADED,
    IGNORED
  }

  /**
   * Something in flight.
   *
   * @param startNanos when it started
   * @param inFlight how many were then, with it
   * @param round the number of back-offs by then
   * @param number of all that started, counted from 1
   */
  record Flight(long startNanos, int inFlight, long round, long number) {}

  /** What decides at the end of a window. */
  sealed interface Phase permits Search, Cruise {
    /** The window is full. */
    void measured(Window window);

    /**
     * The server refuses too much.
     *
     * @param productive the share of the time in flight that good ends had
     */
    void overloaded(int inFlight, double productive);
  }

  static final int TUNE_FROM = 50;
  private static final double FULL = 0.85;
  private static final int LEAST_ENDS = 16;
  private static final int ENOUGH = 10;

  /** The next step of a trial that has not decided yet. */
  private static final double DEEPER = 0.8;

  /** How often a window holds what is in flight: so many round trips. */
  static final double ROUND_TRIPS = 2;

  final int least;
  final int most;
  final Rejections rejections = new Rejections();
  private final Search search = new Search(this);
  private final Cruise cruise = new Cruise(this);
  private Phase phase = search;

  private double limit;
  private double target;
  private int inFlight;
  private long lastNanos;
  private boolean begun;
  private double elapsed;
  private double roundTrip;
  private double lastBackOff;

  /** How long overloads take. */
  private double lateness;

  /** Going on since the last back-off; null if it is decided. */
  private @Nullable Trial trial;

  /** The latest full window. */
  private @Nullable Window latest;

  private final Window window = new Window();
  private int settling;
  private double patience = 1;

  private long started;
  private long ended;
  private long good;
  private long overloads;
  private long backOffs;
  private long restarts;
  private double lastRate;
  private String why = "nothing measured yet";

  Climb(int least, int initial, int most) {
    this.least = least;
    this.most = most;
    limit = target = Math.clamp(initial, least, most);
    settling = (int) limit;
  }

  // ---- what happens

  int limit() {
    return (int) limit;
  }

  Flight started(long now) {
    pass(now);
    inFlight++;
    return new Flight(now, inFlight, backOffs, ++started);
  }

  void ended(Flight flight, long now, Ending how) {
    pass(now);
    boolean full = inFlight >= limit();
    inFlight--;
    ended++;
    double latency = Math.max(0, now - flight.startNanos);
    switch (how) {
      case IGNORED -> {}
      case OVERLOADED -> overloaded(flight, latency);
      case GOOD -> good(flight, latency, full);
    }
  }

  private void pass(long now) {
    if (begun) {
      double nanos = Math.max(0, now - lastNanos);
      elapsed += nanos;
      window.pass(nanos, inFlight);
    }
    begun = true;
    lastNanos = now;
  }

  private void good(Flight flight, double latency, boolean full) {
    good++;
    rejections.good();
    if (trial != null && flight.round == backOffs)
      trial.end(elapsed, Math.max(roundTrip, lateness), false);
    roundTrip += (latency - roundTrip) / Math.min(good, Math.max(10, limit));
    window.add(latency);
    if (limit < target) grow(full);
    else if (settling > 0) settle();
    else if (good >= TUNE_FROM) measure();
  }

  private void grow(boolean full) {
    if (!full) return;
    limit = Math.min(target, limit + 1);
    if (limit == target) settling = (int) limit;
  }

  private void settle() {
    if (inFlight >= limit()) settling = (int) limit;
    else if (--settling == 0) clear();
  }

  private void measure() {
    double need = Math.max(LEAST_ENDS, ROUND_TRIPS * limit) * patience;
    if (window.count() < need || window.span() < roundTrip || window.span() <= 0) return;
    if (window.inFlight() < FULL * limit) {
      clear();
      return;
    }
    lastRate = window.rate();
    if (trial == null) {
      latest = window.copy();
      phase.measured(window);
      return;
    }
    trial.measured(window);
    clear();
    judge(trial, false, 1);
  }

  /** Acts on whether the back-off has helped: further down while that is not clear. */
  private void judge(Trial t, boolean tooMany, double productive) {
    var v = t.verdict(Rejections.TOLERATED);
    switch (v) {
      case LOAD, HARMLESS -> {
        trial = null;
        if (v == Trial.Verdict.LOAD) rejections.prove(t.top);
        if (tooMany) backOff(inFlight, productive);
      }
      case BASE -> absolve(t);
      case UNKNOWN -> {
        if (t.goesOn(tooMany) && limit > least) deeper(t, productive);
        // Even the least has so many, and something still ends well: nothing can be done about it.
        else if (t.decided() && t.here().count() >= LEAST_ENDS) absolve(t);
      }
    }
  }

  private void absolve(Trial t) {
    trial = null;
    rejections.tolerate(t.shareOfBoth(), t.overloadsOfBoth());
    rejections.noCeiling();
    String reason = "backing off to " + limit() + " did not make overloads fewer";
    if (t.searching && t.here().count() > 0)
      searchOn(t.here().copy(), limit, t.top / limit, reason);
    else cruise(t.top, reason);
  }

  private void deeper(Trial t, double productive) {
    noteBackOff();
    trial = t.isComparable() || t.here().count() == 0 ? t : t.from(limit);
    phase.overloaded(inFlight, Math.min(DEEPER, productive));
    trial.begin();
  }

  private void backOff(int flying, double productive) {
    Window above = window.count() >= LEAST_ENDS ? window.copy() : latest;
    var next =
        new Trial(limit, rejections.shareHere(), rejections.startsHere(), above, phase == search);
    noteBackOff();
    phase.overloaded(flying, productive);
    next.begin();
    trial = next;
  }

  private void noteBackOff() {
    rejections.forget(started);
    backOffs++;
    lastBackOff = elapsed;
  }

  private void overloaded(Flight flight, double latency) {
    overloads++;
    rejections.waste(latency, limit);
    boolean sameTrip =
        flight.round != backOffs || (backOffs > 0 && elapsed - lastBackOff < roundTrip);
    lateness += (latency - lateness) / Math.min(overloads, 10);
    if (sameTrip) return;
    if (trial != null && flight.round == backOffs)
      trial.end(elapsed, Math.max(roundTrip, lateness), true);
    if (!rejections.tooMany(limit, flight.number)) return;
    double time = window.latency() + rejections.wasted() * rejections.excessOf(limit);
    boolean known = time > 0 && window.count() + rejections.inWindow() >= ENOUGH;
    double productive = known ? window.latency() / time : 1;
    if (trial != null) judge(trial, true, productive);
    else if (rejections.proven(limit)) {
      noteBackOff();
      phase.overloaded(flight.inFlight, productive);
    } else backOff(flight.inFlight, productive);
  }

  // ---- what the phases do

  /** Goes to a limit within the bounds: down at once, up as fast as good ends come. */
  void go(double to) {
    target = Math.rint(Math.clamp(to, least, most));
    limit = Math.min(limit, target);
    settling = (int) limit;
    patience = 1;
    clear();
  }

  /** Goes down to a limit, from wherever growth had come. */
  void backOff(double to) {
    go(Math.min(Math.floor(to), limit));
  }

  /** Is at this limit already, on the way up. */
  void at(double here) {
    limit = target = here;
  }

  /** A new window; this one is used up. */
  void clear() {
    window.clear();
    rejections.newWindow();
  }

  /** A longer window, as this one decides nothing; false if it was long enough to go by. */
  boolean wait(double factor, double mostPatience) {
    if (patience >= mostPatience) return false;
    patience *= factor;
    return true;
  }

  /** Where some fail anyway, of the others. */
  Elasticity elasticity(Window fewer, Window more) {
    return rejections.base() > 0 ? Elasticity.ofGood(fewer, more) : Elasticity.between(fewer, more);
  }

  double now() {
    return elapsed;
  }

  double roundTrip() {
    return roundTrip;
  }

  /** Where it is going. */
  double target() {
    return target;
  }

  double exactLimit() {
    return limit;
  }

  boolean tuning() {
    return good >= TUNE_FROM;
  }

  void cruise(double at, String reason) {
    why = reason;
    phase = cruise;
    cruise.land(at);
  }

  void searchOn(Window below, double from, double factor, String reason) {
    why = reason;
    phase = search;
    search.goOn(below, from, factor);
  }

  void restart(double from, String reason) {
    why = reason;
    restarts++;
    rejections.noCeiling();
    phase = search;
    search.anew(from);
  }

  void because(String reason) {
    why = reason;
  }

  // ---- what can be seen

  int inFlight() {
    return inFlight;
  }

  long ended() {
    return ended;
  }

  long goodEnds() {
    return good;
  }

  long overloads() {
    return overloads;
  }

  long backOffs() {
    return backOffs;
  }

  long restarts() {
    return restarts;
  }

  /** Good ends in a second, as last measured; 0 before. */
  double goodput() {
    return lastRate * 1e9;
  }

  OptionalInt ceiling() {
    double c = rejections.ceiling();
    return c == Rejections.NO_CEILING ? OptionalInt.empty() : OptionalInt.of((int) c);
  }

  String why() {
    return why;
  }
}
