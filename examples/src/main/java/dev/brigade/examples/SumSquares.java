package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** The sum of squares of each of several data sets, on all cores. (Python: process pools.) */
final class SumSquares {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  private SumSquares() {}

  static void main() throws Exception {
    Examples.runHere("sum-squares");
  }

  static double sumOfSquares(double[] data) {
    double sum = 0;
    for (double x : data) sum += x * x;
    return sum;
  }

  static List<Double> inParallel(
      Engine engine, List<double[]> dataSets, Timeline timeline, Meeting meeting)
      throws InterruptedException {
    return Tasks.on(engine)
        .map(
            dataSets,
            data -> {
              try (var _ = timeline.busy("data set")) {
                meeting.arrive();
                return sumOfSquares(data);
              }
            });
  }

  static List<Double> sequentially(List<double[]> dataSets, Timeline timeline) {
    try (var _ = timeline.busy("all data sets")) {
      return dataSets.stream().map(SumSquares::sumOfSquares).toList();
    }
  }

  static void show(Report report) throws Exception {
    check(report, Engine.cores(), Meeting.of(CORES));
  }

  static void check(Report report, Engine engine, Meeting meeting) throws InterruptedException {
    int sets = 16 * CORES;
    var random = new Random(17);
    List<double[]> dataSets =
        Stream.generate(() -> random.doubles(2_000_000 / sets).toArray()).limit(sets).toList();
    sequentially(dataSets, new Timeline()); // the first run would measure the compiler
    var inRow = new Timeline();
    List<Double> expected = sequentially(dataSets, inRow);
    var timeline = new Timeline();
    List<Double> sums = inParallel(engine, dataSets, timeline, meeting);

    report.equal("computed at once", CORES, timeline.peak());
    report.check("results", "the same", sums.size() + " sums", sums.equals(expected));
    double speedUp = (double) inRow.nanos() / timeline.nanos();
    report.info("speed-up in time", String.format(Locale.ROOT, "%.2f", speedUp));
  }
}
