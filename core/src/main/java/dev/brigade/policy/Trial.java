package dev.brigade.policy;

import org.jspecify.annotations.Nullable;

/*
 * Design. A limit cannot know what an overload was made by. It can try: the share of overloads at the
 * limit below is compared with that at the limit above, and the goodput with the goodput.
 *
 *   LOAD      clearly fewer below: backing off was right.
 *   HARMLESS  as many, and as much goodput: nothing was lost by backing off; go on if they go on.
 *   BASE      as many, and goodput less in proportion: the limit has nothing to do with them. The
 *             share is tolerated from now on, and the limit goes back to where it was.
 *
 * BASE asks for both: at a saturated server goodput does not fall with the limit, so what the load
 * makes is not taken for a base, even if the step is too small to make it fewer. While it is UNKNOWN,
 * the steps down get larger, until the difference can be seen.
 *
 * Late ends. An overload may take many times as long as a good end, so right after a step there are too
 * few of those that started here. Only what started here counts, and not before an overload has had time
 * to end since the first such end.
 */
/** Whether backing off has made overloads fewer, and what it has cost. */
final class Trial {
  /** What is known by now. */
  enum Verdict {
    UNKNOWN,
    /** Fewer in flight make overloads fewer. */
    LOAD,
    /** They do not, but backing off has cost nothing either. */
    HARMLESS,
    /** They do not, and goodput is lost in proportion. */
    BASE
  }

  private static final double NOT_YET = -1;

  /** So many overloads expected, or seen, that half as many would show. */
  private static final double EVIDENCE = 8;

  /** Fewer by so many errors. */
  private static final double CLEAR = 2;

  /** An elasticity that is less certain decides nothing. */
  private static final double LEAST_CERTAIN = 0.35;

  /** Half-way between "goodput follows the limit" and "does not". */
  private static final double FOLLOWS = 0.5;

  final double top;
  final boolean searching;
  private final double share;
  private final double endsAbove;
  private final @Nullable Window above;
  private double from = NOT_YET;
  private double early;
  private double ends;
  private double overloads;
  private final Window here = new Window();

  /**
   * @param top the limit above, which it came from
   * @param share of the ends there
   * @param endsAbove how many that were
   * @param above what was measured there, or null if that was too little
   * @param searching whether the search was going on there
   */
  Trial(double top, double share, double endsAbove, @Nullable Window above, boolean searching) {
    this.top = top;
    this.share = share;
    this.endsAbove = endsAbove;
    this.above = above;
    this.searching = searching;
  }

  /** At another limit. */
  void begin() {
    from = NOT_YET;
    early = ends = overloads = 0;
    here.clear();
  }

  /**
   * Something that started here has ended. The first one says that what was sent before has made
   * room; from then on it takes as long as an overload does until there are as many as is usual.
   */
  void end(double now, double settling, boolean overload) {
    if (from == NOT_YET) from = now + settling;
    if (now < from) {
      if (overload) early++;
      return;
    }
    ends++;
    if (overload) overloads++;
  }

  void measured(Window w) {
    here.add(w);
  }

  /** What was measured here. */
  Window here() {
    return here;
  }

  /** Whether overloads go on here, if only in that they are too many although it is early. */
  boolean goesOn(boolean tooMany) {
    return decided() || (tooMany && early >= EVIDENCE);
  }

  /** Whether so much has ended that half as many overloads would show. */
  boolean decided() {
    return overloads >= EVIDENCE || share * ends >= EVIDENCE;
  }

  /** Whether enough was measured above to say what backing off has cost. */
  boolean isComparable() {
    return above != null;
  }

  /** The one that compares with here. */
  Trial from(double limit) {
    return new Trial(limit, share(), ends, here.copy(), searching);
  }

  /** The share here. */
  double share() {
    return ends > 0 ? overloads / ends : share;
  }

  double shareOfBoth() {
    return overloadsOfBoth() / Math.max(1, ends + endsAbove);
  }

  double overloadsOfBoth() {
    return overloads + share * endsAbove;
  }

  Verdict verdict(double tolerated) {
    if (!decided()) return Verdict.UNKNOWN;
    if (isClearlyFewer() || share() < tolerated / 2) return Verdict.LOAD;
    if (above == null || here.count() == 0) return Verdict.UNKNOWN;
    var e = Elasticity.between(here, above);
    if (!e.apartFrom(FOLLOWS) || e.error() > LEAST_CERTAIN) return Verdict.UNKNOWN;
    return e.value() > FOLLOWS ? Verdict.BASE : Verdict.HARMLESS;
  }

  /** Of two Poisson counts, by their square roots, which vary by a half each. */
  private boolean isClearlyFewer() {
    double ratio = endsAbove / Math.max(1, ends);
    double apart = 2 * (Math.sqrt(share * endsAbove) - Math.sqrt(overloads * ratio));
    return apart > CLEAR * Math.sqrt(1 + ratio);
  }
}
