package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.task.Fn;
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

  /** One of the two ways. */
  interface Way {
    List<Long> run(
        Fn<Integer, Integer, RuntimeException> fetch, Fn<Integer, Long, RuntimeException> compute)
        throws InterruptedException;
  }

  static List<Long> itemByItem(
      Fn<Integer, Integer, RuntimeException> fetch, Fn<Integer, Long, RuntimeException> compute)
      throws InterruptedException {
    return Tasks.map(
        ITEMS,
        item -> {
          int data = fetch.apply(item); // waits, on a virtual thread
          return onCores(() -> compute.apply(data)); // computes, on a core
        });
  }

  private static <T> T onCores(Work<T, ?> work) throws InterruptedException {
    return Tasks.scope(s -> s.fork(Engine.cores(), work).join());
  }

  /** The guide's way: all is fetched before anything is computed, so the cores idle meanwhile. */
  static List<Long> phaseByPhase(
      Fn<Integer, Integer, RuntimeException> fetch, Fn<Integer, Long, RuntimeException> compute)
      throws InterruptedException {
    List<Integer> data = Tasks.map(ITEMS, fetch);
    return Tasks.on(Engine.cores()).map(data, compute);
  }

  static void show(Report report) throws Exception {
    check(report, Meeting.of(2), CpuFromIo::itemByItem);
  }

  static void check(Report report, Meeting slowFetchAndComputation, Way way)
      throws InterruptedException {
    var timeline = new Timeline();
    List<Long> sums =
        way.run(
            item -> {
              try (var _ = timeline.busy("fetching")) {
                // The last answer takes until the first computation is under way.
                if (item == ITEMS.size()) slowFetchAndComputation.arrive();
                return item * 1_000_000;
              }
            },
            data -> {
              try (var _ = timeline.busy("computing")) {
                if (data == 1_000_000) slowFetchAndComputation.arrive();
                return Squares.sum(data);
              }
            });
    List<Long> expected = ITEMS.stream().map(i -> Squares.sum(i * 1_000_000)).toList();
    report.check("sums", "right, in order", sums.size(), sums.equals(expected));
    report.equal("computes while fetching", true, timeline.together("fetching", "computing"));
    timeline.draw(report, "Both phases:");
  }
}
