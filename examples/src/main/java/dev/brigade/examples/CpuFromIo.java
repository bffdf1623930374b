package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.task.Tasks;
import dev.brigade.task.Work;
import java.util.List;

/** Fetch concurrently, compute each item on a core as soon as it is there. */
final class CpuFromIo {
  private static final List<Integer> ITEMS = List.of(1, 2, 3, 4);

  private CpuFromIo() {}

  static void main() throws Exception {
    Examples.runHere("cpu-from-io");
  }

  static List<Long> itemByItem(Phases phases) throws InterruptedException {
    return Tasks.map(
        ITEMS,
        item -> {
          int data = phases.fetch(item); // waits, on a virtual thread
          return onCores(() -> phases.compute(data)); // computes, on a core
        });
  }

  private static <T> T onCores(Work<T, ?> work) throws InterruptedException {
    return Tasks.scope(s -> s.fork(Engine.cores(), work).join());
  }

  /** The guide's way: all is fetched before anything is computed, so the cores idle meanwhile. */
  static List<Long> phaseByPhase(Phases phases) throws InterruptedException {
    List<Integer> data = Tasks.map(ITEMS, phases::fetch);
    return Tasks.on(Engine.cores()).map(data, phases::compute);
  }

  /** The work on one item. The last fetch takes until the first computation is under way. */
  record Phases(Timeline timeline, Meeting lastFetchAndFirstComputation) {
    int fetch(int item) throws InterruptedException {
      try (var _ = timeline.busy("fetching")) {
        if (item == ITEMS.size()) lastFetchAndFirstComputation.arrive();
        return item * 10_000_000;
      }
    }

    long compute(int data) throws InterruptedException {
      try (var _ = timeline.busy("computing")) {
        if (data == 10_000_000) lastFetchAndFirstComputation.arrive();
        return Squares.sum(data);
      }
    }
  }

  /** One of the two ways. */
  interface Way {
    List<Long> run(Phases phases) throws InterruptedException;
  }

  static void show(Report report) throws Exception {
    check(report, Meeting.of(2), CpuFromIo::itemByItem);
  }

  static void check(Report report, Meeting meeting, Way way) throws InterruptedException {
    var timeline = new Timeline();
    List<Long> sums = way.run(new Phases(timeline, meeting));
    List<Long> expected = ITEMS.stream().map(i -> Squares.sum(i * 10_000_000)).toList();
    report.check("sums", "right, in order", sums.size(), sums.equals(expected));
    report.equal("computes while fetching", true, timeline.together("fetching", "computing"));
    timeline.draw(report, "Both phases:");
  }
}
