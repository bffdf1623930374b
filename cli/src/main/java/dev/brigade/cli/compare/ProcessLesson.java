package dev.brigade.cli.compare;

import dev.brigade.cli.terminal.Figures;
import java.util.Optional;

/** Says in a sentence what worker processes made of the work, their start included. */
final class ProcessLesson {
  private ProcessLesson() {}

  /** Empty if they were not tried. */
  static String of(Comparison c) {
    Optional<Measured> tried = c.find(Way.PROCESSES);
    if (tried.isEmpty()) return "";
    Measured m = tried.get();
    double loop = c.of(Way.SEQUENTIAL).median();
    double start = m.startSeconds().orElse(0.0);
    String first = Figures.factor(loop / (m.median() + start));
    String price = ", after a start of " + Figures.seconds(start) + " (" + first + " with it)";
    String speed = Figures.factor(c.speedUp(m));
    if (c.bound() == Demand.Bound.LOCK)
      return "Processes have a lock each: " + speed + price + ". So redesign, or take processes.";
    // Beyond what is possible, a figure only tells how the machine was disturbed.
    if (c.shareOfIdeal(m) > Lesson.EQUAL)
      return "Processes: the "
          + speed
          + " is noise; their start took "
          + Figures.seconds(start)
          + ".";
    return "Processes: " + speed + price + ": for what must be isolated, or killed.";
  }
}
