package dev.brigade.policy;

/*
 * Design. Holds `base`. Each window at it is compared with the reference (what is usual at this
 * limit): two odd ones in a row that are worse mean that the server has changed: search anew, from
 * where Little's law puts the knee.
 *
 * Probes: base, other, other, base, each for a window; a round is repeated until the elasticity
 * is clear or ROUNDS are over. The size of the step follows from the noise. Steps up alternate between a
 * whole and a half one. After each probe a rest, so long that what probes cost is at most BUDGET.
 *
 * Near a ceiling (the server refuses a little above) nothing is probed upwards: the limit creeps up as long as
 * there are few refusals, and a back-off takes it down again.
 */
/** Stays near the knee: compares, refines, follows slow changes, notices sudden ones. */
final class Cruise implements Climb.Phase {
  /** Up if goodput grows by more than a fifth of the step. */
  private static final double WORTH_MORE = 0.2;

  /** Down if it falls by less than a tenth of the step, and clearly by less than a third. */
  private static final double WORTH_KEEPING = 0.1;

  private static final double WORTH_MUCH = 0.35;

  /** So steep that the knee must be far: search by large steps. */
  private static final double STEEP = 0.6;

  /** More than in proportion is no effect of the limit. */
  private static final double TOO_STEEP = 1.3;

  private static final int ROUNDS = 4;
  private static final double BUDGET = 0.015;
  private static final double LEAST_STEP = 0.15;
  private static final double GREATEST_STEP = 0.5;

  /** The error of the elasticity that one window should give. */
  private static final double STEP_ERROR = 0.35;

  private static final double NEAR_CEILING = 0.8;
  private static final double CREEP = 0.03;
  private static final double UNVERIFIED = 1.15;
  private static final double CREEP_REST = 4;

  /** So that refusals stop at once: each that comes back faster than a good end costs many. */
  private static final double LEAST_CUT = 0.95;

  /** A shift of the logarithm of goodput or latency that counts: a quarter, and 4 errors. */
  private static final double SHIFT = 0.25;

  private static final double SHIFT_ERRORS = 4;

  private final Climb climb;
  private double base;
  private double verified;
  private final Window usual = new Window();
  private int suspicions;

  private boolean probing;
  private boolean up;
  private double other;
  private int step;
  private int rounds;
  private boolean disturbed;
  private double probeBegan;
  private final Window atBase = new Window();
  private final Window atOther = new Window();

  private boolean halfStepUp;
  private boolean halfStepDown;
  private double restUp;
  private double restDown;
  private double nextUp;
  private double nextDown;
  private double crept;

  Cruise(Climb climb) {
    this.climb = climb;
  }

  void land(double at) {
    climb.go(Math.min(at, climb.rejections.ceiling() - 1));
    base = verified = climb.target();
    probing = false;
    newBase();
    nextUp = climb.now();
    nextDown = climb.now() + 4 * climb.roundTrip();
  }

  private void newBase() {
    usual.clear();
    suspicions = 0;
    restUp = restDown = 2;
  }

  @Override
  public void measured(Window w) {
    if (probing) probed(w);
    else hold(w);
  }

  // ---- holding

  private void hold(Window w) {
    if (shifted(w)) return;
    climb.clear();
    double now = climb.now();
    double ceiling = climb.rejections.ceiling();
    boolean near = base >= Math.min(NEAR_CEILING * ceiling, ceiling - 1);
    boolean room = base < climb.most;
    if (near && base > UNVERIFIED * verified) nextDown = Math.min(nextDown, now);
    else if (near && room && climb.rejections.fewEnoughToGrow()) {
      if (now - crept > CREEP_REST * climb.roundTrip()) {
        creep();
        return;
      }
    }
    if (room && !near && now >= nextUp) begin(true);
    else if (base > climb.least && now >= nextDown) begin(false);
  }

  private void creep() {
    crept = climb.now();
    base = Math.min(climb.most, base + Math.max(1, Math.rint(base * CREEP)));
    usual.clear();
    climb.rejections.ceiling(Math.max(climb.rejections.ceiling(), base + 1));
    climb.go(base);
  }

  /** Whether the server has changed, and the search begun anew. */
  private boolean shifted(Window w) {
    if (usual.count() > 0) {
      double goodput = Math.log(w.rate() / usual.rate());
      double latency = w.meanLog() - usual.meanLog();
      double aGoodput = allowed(w.logRateVariance() + usual.logRateVariance());
      double aLatency = allowed(w.meanLogVariance() + usual.meanLogVariance());
      if (Math.abs(goodput) > aGoodput || Math.abs(latency) > aLatency) {
        if (++suspicions < 2) return false;
        if (goodput < -aGoodput || latency > aLatency) {
          worse(w);
          return true;
        }
        usual.clear();
        nextUp = Math.min(nextUp, climb.now());
      }
    }
    suspicions = 0;
    usual.add(w);
    if (usual.count() > 40 * climb.exactLimit()) usual.fade();
    return false;
  }

  private static double allowed(double variance) {
    return Math.max(SHIFT, SHIFT_ERRORS * Math.sqrt(variance));
  }

  private void worse(Window w) {
    double knee = w.inFlight() * Math.min(1, usual.meanLatency() / w.meanLatency());
    climb.restart(Math.ceil(knee), "the server has changed: it is slower at " + (int) base);
  }

  // ---- probing

  private void begin(boolean upwards) {
    probing = true;
    up = upwards;
    step = rounds = 0;
    disturbed = false;
    atBase.clear();
    atOther.clear();
    probeBegan = climb.now();
    double noise = usual.count() < 8 ? 0.5 : usual.varianceOfOne();
    double enough = Math.sqrt(noise / Math.max(16, Climb.ROUND_TRIPS * base)) / STEP_ERROR;
    double size = Math.clamp(enough, LEAST_STEP, GREATEST_STEP);
    if (up ? halfStepUp : halfStepDown) size /= 2;
    double most = Math.min(climb.most, climb.rejections.ceiling() - 1);
    other =
        up
            ? Math.min(most, Math.max(base + 1, Math.rint(base * Math.exp(size))))
            : Math.max(climb.least, Math.min(base - 1, Math.rint(base / Math.exp(size))));
  }

  private void probed(Window w) {
    boolean home = step == 0 || step == 3;
    (home ? atBase : atOther).add(w);
    if (home) {
      if (shifted(w)) {
        probing = false;
        return;
      }
      if (suspicions > 0) disturbed = true;
    }
    step++;
    switch (step) {
      case 1 -> climb.go(other);
      case 2 -> climb.clear();
      case 3 -> climb.go(base);
      default -> {
        step = 0;
        rounds++;
        climb.clear();
        judge();
      }
    }
  }

  private void judge() {
    var e = up ? climb.elasticity(atBase, atOther) : climb.elasticity(atOther, atBase);
    if (disturbed || e.value() > TOO_STEEP + 2 * e.error()) {
      atBase.clear();
      atOther.clear();
      disturbed = false;
      if (rounds >= ROUNDS) probing = false;
      return;
    }
    boolean clear = e.apartFrom(up ? WORTH_MORE : WORTH_MUCH);
    if (!clear && rounds < ROUNDS) return;
    probing = false;
    if (up ? e.value() > WORTH_MORE : clear && e.value() < WORTH_KEEPING) move(e);
    else stay(e);
  }

  private void move(Elasticity e) {
    String reason = "from " + (int) base + " to " + (int) other + ": elasticity " + e;
    if (up && e.value() > STEEP) {
      double ratio = other / base;
      climb.searchOn(atOther.copy(), other, ratio * ratio, "up " + reason);
      return;
    }
    base = verified = other;
    if (!up) climb.rejections.noCeiling();
    climb.because((up ? "up " : "down ") + reason);
    climb.go(base);
    newBase();
    halfStepUp = false;
    nextUp = nextDown = climb.now();
    // Not at once back where it came from.
    if (up) nextDown += 20 * climb.roundTrip();
    else nextUp += 20 * climb.roundTrip();
  }

  private void stay(Elasticity e) {
    double now = climb.now();
    double size = Math.abs(Math.log(atOther.inFlight() / atBase.inFlight()));
    double loss = Math.max(0, (up ? -e.value() : e.value()) - e.error()) * size;
    double pays = 0.5 * (now - probeBegan) * loss / BUDGET;
    double trip = climb.roundTrip();
    if (up) {
      halfStepDown |= e.value() < 0;
      halfStepUp = !halfStepUp;
      restUp = Math.min(40, restUp * 1.5);
      nextUp = now + Math.max(restUp * trip, Math.min(pays, 60 * trip));
    } else {
      halfStepDown = false;
      verified = base;
      restDown = Math.min(200, restDown * 2);
      nextDown = now + Math.max(restDown * trip, pays);
    }
  }

  // ---- refusals

  @Override
  public void overloaded(int inFlight, double productive) {
    double limit = climb.exactLimit();
    boolean above = probing && up && inFlight > base;
    climb.rejections.ceiling(Math.max(climb.least + 1, Math.min(limit + 1, inFlight)));
    double to = above ? base : lower(climb, productive);
    climb.cruise(Math.min(limit, Math.floor(to)), "the server refuses at " + inFlight);
    crept = climb.now();
    nextUp = climb.now() + 4 * climb.roundTrip();
  }

  /** Down to what was productive, but not below the half at once. */
  static double lower(Climb climb, double productive) {
    double limit = climb.exactLimit();
    return Math.max(limit / 2, Math.min(limit - 1, limit * Math.min(LEAST_CUT, productive)));
  }
}
