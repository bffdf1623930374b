package dev.brigade.cli.compare;

import dev.brigade.cli.terminal.Figures;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Says in a sentence or two what the figures of a comparison teach. Nothing that they don't. */
final class Lesson {
  /** Below this nobody would bother. */
  private static final double GAIN = 1.15;

  /** Ways whose times are as near as this count as equal. */
  static final double EQUAL = 1.10;

  /** A way whose slowest round took so many times its fastest was disturbed. */
  private static final double NOISY = 1.5;

  private static final double MUCH_WAITING = 0.2;
  private static final double MOSTLY_WAITING = 0.5;
  private static final long MUCH_MEMORY = 5_000_000;

  private Lesson() {}

  /** All that is to be said, also of processes and of auto. */
  static String of(Comparison c) {
    return Stream.of(ofPlainWays(c), ProcessLesson.of(c), AutoLesson.of(c))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(" "));
  }

  static String ofPlainWays(Comparison c) {
    double best = c.speedUp(c.fastest());
    String lesson = best < GAIN || c.ideal() < GAIN ? noGain(c, best) : gain(c, best);
    double spread = c.spread();
    if (spread < NOISY) return lesson;
    return lesson + " Noisy: single rounds differ by up to " + Figures.factor(spread) + ".";
  }

  private static String noGain(Comparison c, double best) {
    String factor = Figures.factor(best);
    // Beyond what is possible, a figure only tells how the machine was disturbed.
    String figure = best < GAIN ? " at best " + factor + ". " : " the " + factor + " is noise. ";
    if (c.bound() == Demand.Bound.LOCK)
      return "Nothing to gain under one lock, which lets one in at a time:"
          + figure
          + "Hold it for less, or keep a plain loop.";
    if (c.ideal() < GAIN) return "Nothing to gain:" + figure + "Keep a plain loop.";
    return "No gain, though "
        + Figures.factor(c.ideal())
        + " was possible:"
        + figure
        + "Items too small, or the machine too busy.";
  }

  private static String gain(Comparison c, double best) {
    Measured fastest = c.fastest();
    String share = Figures.percent(c.shareOfIdeal(fastest)) + " of the ideal. ";
    String top = Figures.factor(best) + " " + equals(c, fastest) + ", " + share;
    return (cause(c) + ": " + top + more(c) + waste(c, best) + memory(c)).strip();
  }

  private static String cause(Comparison c) {
    return switch (c.bound()) {
      case AT_ONCE -> "Waiting overlaps";
      case LOCK -> "What is outside the lock overlaps";
      case CORES ->
          c.demand().waitingShare() >= MUCH_WAITING
              ? "The waits overlap until the " + c.cores() + " cores are full"
              : "The " + c.cores() + " cores share the work";
    };
  }

  private static String equals(Comparison c, Measured fastest) {
    List<String> names =
        c.ways().stream()
            .filter(m -> Way.AT_ONCE.contains(m.way()) && m.median() <= fastest.median() * EQUAL)
            .map(m -> m.way().inProse())
            .toList();
    if (names.size() == Way.AT_ONCE.size()) return "in all three ways";
    return "on " + String.join(" and ", names);
  }

  /** What more threads than cores make of work that computes. */
  private static String more(Comparison c) {
    Measured threads = c.of(Way.THREADS);
    boolean computes = c.demand().waitingShare() < MUCH_WAITING;
    if (!computes || threads.atOnce() <= c.cores()) return "";
    double factor = c.of(Way.CORES).median() / threads.median();
    String many = threads.atOnce() + " threads instead of " + c.cores();
    if (factor <= EQUAL) return many + " gain nothing more. ";
    return many + " gain another " + Figures.factor(factor) + ". ";
  }

  /** What the cores engine makes of work that waits. */
  private static String waste(Comparison c, double best) {
    double cores = c.speedUp(Way.CORES);
    boolean waits = c.demand().waitingShare() >= MOSTLY_WAITING;
    if (!waits || cores * EQUAL >= best) return "";
    return "The cores engine: "
        + Figures.factor(cores)
        + ", as its "
        + c.of(Way.CORES).atOnce()
        + " threads wait. ";
  }

  /** What platform threads take for what virtual ones do as well. */
  private static String memory(Comparison c) {
    if (c.bound() != Demand.Bound.AT_ONCE) return "";
    Measured threads = c.of(Way.THREADS);
    Measured virtual = c.of(Way.VIRTUAL);
    if (threads.peakBytes().isEmpty() || virtual.peakBytes().isEmpty()) return "";
    long more = threads.peakBytes().get() - virtual.peakBytes().get();
    if (more < MUCH_MEMORY) return "";
    return threads.atOnce() + " platform threads take " + Figures.megabytes(more) + " more. ";
  }
}
