package dev.brigade.cli.advise;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question of the decision trees, with its answers.
 *
 * @param text the question
 * @param answers in the order in which they are shown, the first is number 1
 */
record Question(String text, List<Answer> answers) {

  /** An answer leads to another question or to the end; one of the two is null. */
  record Answer(String text, @Nullable Question next, @Nullable Conclusion end) {}

  private static Answer to(String text, Conclusion end) {
    return new Answer(text, null, end);
  }

  private static Answer to(String text, Question next) {
    return new Answer(text, next, null);
  }

  private static Question sharing(Conclusion without) {
    return new Question(
        "Do they change something that they share?",
        List.of(
            to("no, or only what they return", without),
            to("now and then: a counter, a cache, a set", Conclusion.SHARED_RARELY),
            to("all the time, each of them", Conclusion.SHARED_OFTEN)));
  }

  private static final Question HOW_MANY =
      new Question(
          "How many are there?",
          List.of(
              to("a few different calls", Conclusion.FEW_WAITING),
              to("many of the same kind", sharing(Conclusion.MANY_WAITING))));

  private static final Question ISOLATION =
      new Question(
          "May one of them run for ever, or bring the program down?",
          List.of(
              to("no", sharing(Conclusion.COMPUTING)),
              to("yes: it must be possible to kill it", Conclusion.ISOLATED)));

  /** Where it begins. */
  static final Question FIRST =
      new Question(
          "What does one piece of the work do most of the time?",
          List.of(
              to("it waits: for the network, a disk, a database", HOW_MANY),
              to("it computes", ISOLATION),
              to("both, or I don't know", Conclusion.MEASURE),
              to("hardly anything: all of it is over in a millisecond", Conclusion.PLAIN)));
}
