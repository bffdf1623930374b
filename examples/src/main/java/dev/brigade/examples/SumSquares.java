package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** The sum of squares of each of several data sets, on all cores. (Python: process pools.) */
final class SumSquares {
  private SumSquares() {}

  static void main() throws Exception {
    Examples.runHere("sum-squares");
  }

  static double sumOfSquares(double[] data) {
    double sum = 0;
    for (double x : data) sum += x * x;
    return sum;
  }

  static void show(Report report) throws Exception {
    check(report, Engine.cores());
  }

  static void check(Report report, Engine engine) throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    var random = new Random(17);
    List<double[]> dataSets =
        Stream.generate(() -> random.doubles(400_000).toArray()).limit(16L * cores).toList();
    var inRow = new Timeline();
    List<Double> expected;
    try (var _ = inRow.busy("all")) {
      expected = dataSets.stream().map(SumSquares::sumOfSquares).toList();
    }

    var timeline = new Timeline();
    var meeting = Meeting.of(Math.min(cores, engine.traits().defaultLimit()));
    List<Double> sums =
        Tasks.on(engine)
            .map(
                dataSets,
                data -> {
                  try (var _ = timeline.busy("data set")) {
                    meeting.arrive();
                    return sumOfSquares(data);
                  }
                });
    report.equal("computed at once, of " + cores + " cores", cores, timeline.peak());
    report.check("results", "the same", sums.size() + " sums", sums.equals(expected));
    double speedUp = (double) inRow.nanos() / timeline.nanos();
    report.info("speed-up in time", String.format(Locale.ROOT, "%.2f", speedUp));
  }
}
