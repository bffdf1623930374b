package dev.brigade.cli.compare;

import dev.brigade.auto.Advice;
import dev.brigade.auto.Advice.Choice;
import dev.brigade.cli.terminal.Figures;

/** Says in a sentence what {@code Tasks.auto()} made of the work, also where it lost. */
final class AutoLesson {
  private AutoLesson() {}

  /** Empty if nothing is known of what it chose. */
  static String of(Comparison c) {
    Measured auto = c.of(Way.AUTO);
    if (auto.advice().isEmpty()) return "";
    Choice last = auto.advice().getLast().choice();
    return "Auto ran them " + last + rounds(auto, last) + speed(c, auto) + redesign(auto) + ".";
  }

  /** In how many rounds, if not in all. */
  private static String rounds(Measured auto, Choice last) {
    long same = auto.advice().stream().filter(a -> sameKind(a.choice(), last)).count();
    return same == auto.advice().size() ? "" : " (" + in(same, auto) + ")";
  }

  private static String in(long rounds, Measured auto) {
    return "in " + rounds + " of " + auto.advice().size() + " rounds";
  }

  private static String redesign(Measured auto) {
    long rounds = auto.advice().stream().filter(a -> a.work() == Advice.Work.CONTENDS).count();
    if (rounds == 0) return "";
    String says = rounds == auto.advice().size() ? "says" : "said " + in(rounds, auto);
    return ", and " + says + ": redesign, shared state";
  }

  /** Limits are tuned while it runs, so they differ a little each time. */
  private static boolean sameKind(Choice one, Choice other) {
    return one.limit() == 1
        ? other.limit() == 1
        : other.limit() > 1 && one.engine().equals(other.engine());
  }

  private static String speed(Comparison c, Measured auto) {
    Measured best = c.bestPlain();
    // Beyond what is possible, a figure only tells how the machine was disturbed.
    if (Math.max(c.shareOfIdeal(best), c.shareOfIdeal(auto)) > Lesson.EQUAL) return "";
    double share = best.median() / auto.median();
    if (share > Lesson.EQUAL)
      return ", " + Figures.factor(share) + " as fast as the best other way";
    if (share * Lesson.EQUAL >= 1) return ", as fast as the best way";
    return ", at " + Figures.percent(share) + " of the best way's speed";
  }
}
