package dev.brigade.examples;

import dev.brigade.auto.Advice;
import dev.brigade.auto.Advice.Work;
import dev.brigade.task.Fn;
import dev.brigade.task.Tasks;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Measuring instead of guessing: the same question to three kinds of work. */
final class MeasuredAdvice {
  private static final Object STOVE = new Object();

  private MeasuredAdvice() {}

  static void main() throws Exception {
    Examples.runHere("advice");
  }

  /** What was found of one kind of work. */
  record Found(Advice advice, int runs, List<Long> results) {}

  static Found of(int items, Fn<Integer, Long, ?> work) throws Exception {
    var runs = new AtomicInteger();
    List<Long> results =
        Tasks.auto()
            .<Integer, Long, Exception>map(
                IntStream.range(0, items).boxed().toList(),
                item -> {
                  runs.incrementAndGet();
                  return work.apply(item);
                });
    return new Found(Advice.of(results), runs.get(), results);
  }

  static void show(Report report) throws Exception {
    check(report, "computes", of(60, i -> Squares.sum(2_000_000 + i)), EnumSet.of(Work.COMPUTES));
    // On a machine that is busy with other things, waking up is work too.
    check(report, "waits", of(200, MeasuredAdvice::wait), EnumSet.of(Work.WAITS, Work.MIXED));
    check(report, "under one lock", of(24, MeasuredAdvice::cook), EnumSet.of(Work.CONTENDS));
  }

  private static long wait(int item) throws InterruptedException {
    Thread.sleep(5);
    return item;
  }

  /** Everybody needs the only stove. */
  private static long cook(int item) throws InterruptedException {
    synchronized (STOVE) {
      Thread.sleep(10);
      return item;
    }
  }

  private static String words(Work work) {
    return work.name().toLowerCase(Locale.ROOT);
  }

  private static void check(Report report, String what, Found found, Set<Work> expected) {
    Advice advice = found.advice();
    report.check(
        what + ": found to be",
        expected.stream().map(MeasuredAdvice::words).collect(Collectors.joining(" or ")),
        words(advice.work()),
        expected.contains(advice.work()));
    report.equal(what + ": runs, measured ones included", found.results().size(), found.runs());
    report.info(what + ": ran", advice.choice());
    report.draw(advice.toString());
  }
}
