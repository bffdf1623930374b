package dev.brigade.examples;

import dev.brigade.process.ProcessOptions;
import dev.brigade.process.ProcessPool;
import dev.brigade.process.ProcessTask;
import dev.brigade.process.WorkerDiedException;
import dev.brigade.process.WorkerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A task that takes all the memory it can get takes its own worker's, and no more. */
final class MemoryHog {
  private static final long CAP = 32 << 20;

  private MemoryHog() {}

  static void main() throws Exception {
    Examples.runHere("memory-hog");
  }

  private static int eat(int megabyte) {
    List<byte[]> all = new ArrayList<>();
    while (true) all.add(new byte[megabyte]);
  }

  static void show(Report report) throws Exception {
    ProcessOptions options =
        ProcessOptions.of(2)
            .withWorker(
                WorkerOptions.of()
                    .withHeapBytes(CAP)
                    .withOutput(new WorkerOptions.Output.Discard()));
    try (ProcessPool pool = ProcessPool.open(options)) {
      ProcessTask<Integer> hog = pool.call(MemoryHog::eat, 1 << 20);
      long sum = 0;
      for (int i = 0; i < 100; i++) sum += pool.call((Integer n) -> n + 1, i).get();
      report.equal("the neighbour's sum", 5050L, sum);
      WorkerDiedException.Cause cause = null;
      try {
        Integer unused = hog.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof WorkerDiedException died) cause = died.reason();
      }
      report.equal("the hog's worker", WorkerDiedException.Cause.OUT_OF_MEMORY, cause);
      report.check(
          "this program's own memory",
          "untouched",
          (Runtime.getRuntime().maxMemory() >> 20) + " MiB allowed",
          Runtime.getRuntime().maxMemory() > CAP);
    }
  }
}
