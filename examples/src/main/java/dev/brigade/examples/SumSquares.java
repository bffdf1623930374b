package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.process.ProcessPool;
import dev.brigade.task.Fn;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The sum of squares of each of several data sets, on all cores, and on processes, which are sent
 * the data. (Python: process pools.)
 */
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
    onProcesses(report, dataSets());
  }

  private static List<double[]> dataSets() {
    int sets = 16 * CORES;
    var random = new Random(17);
    return Stream.generate(() -> random.doubles(2_000_000 / sets).toArray()).limit(sets).toList();
  }

  private static void onProcesses(Report report, List<double[]> dataSets)
      throws InterruptedException {
    var inRow = new Timeline();
    List<Double> expected = sequentially(dataSets, inRow);
    Fn<double[], Double, RuntimeException> sum = SumSquares::sumOfSquares;
    try (ProcessPool pool = ProcessPool.open(CORES)) {
      Tasks.on(pool).forEach(dataSets, data -> sumOfSquares(data)); // starts and warms them
      long began = System.nanoTime();
      List<Double> sums = Tasks.on(pool).map(dataSets, sum);
      long nanos = System.nanoTime() - began;
      report.check(
          "results of processes", "the same", sums.size() + " sums", sums.equals(expected));
      report.info(
          "speed-up in time, data sent to processes",
          String.format(Locale.ROOT, "%.2f", (double) inRow.nanos() / nanos));
    }
  }

  static void check(Report report, Engine engine, Meeting meeting) throws InterruptedException {
    List<double[]> dataSets = dataSets();
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
