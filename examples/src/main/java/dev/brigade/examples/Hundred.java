package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A hundred fetches, one by one and together. */
final class Hundred {
  private static final List<String> URLS =
      IntStream.range(0, 100).mapToObj(i -> "/item/" + i).toList();

  private Hundred() {}

  static void main() throws Exception {
    Examples.runHere("hundred");
  }

  static void together(Waits world) throws InterruptedException {
    Tasks.forEach(URLS, url -> world.call(url, 1));
  }

  static void oneByOne(Waits world) throws InterruptedException {
    for (String url : URLS) world.call(url, 1);
  }

  static void show(Report report) throws Exception {
    check(report, Waits.together(URLS.size()), Hundred::together);
  }

  static void check(Report report, Waits world, Waits.Way way) throws Exception {
    Waits inRow = Waits.inVain();
    oneByOne(inRow);
    way.run(world);
    int units = world.timeline().units();
    report.equal("units, one by one", 100, inRow.timeline().units());
    report.equal("units, together", 1, units);
    report.equal("speed-up in units", 100, inRow.timeline().units() / units);

    double speedUp = (double) inRow.timeline().nanos() / world.timeline().nanos();
    report.time("time, one by one", inRow.timeline().nanos());
    report.time("time, together", world.timeline().nanos());
    report.info("share of the ideal", String.format(Locale.ROOT, "%.0f %%", speedUp));
  }
}
