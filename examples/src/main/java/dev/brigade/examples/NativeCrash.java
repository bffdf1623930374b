package dev.brigade.examples;

import dev.brigade.process.ProcessOptions;
import dev.brigade.process.ProcessPool;
import dev.brigade.process.WorkerDiedException;
import dev.brigade.process.WorkerOptions;
import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.util.List;

/** Native code that crashes costs its own task, and nothing else. */
final class NativeCrash {
  private NativeCrash() {}

  static void main() throws Exception {
    Examples.runHere("native-crash");
  }

  /** The third input makes the native library crash. */
  @SuppressWarnings("restricted") // that is the point
  private static int convert(int input) throws Exception {
    if (input != 3) return input * 10;
    Linker linker = Linker.nativeLinker();
    var abort =
        linker.downcallHandle(
            linker.defaultLookup().find("abort").orElseThrow(), FunctionDescriptor.ofVoid());
    try {
      abort.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    return -1;
  }

  static void show(Report report) throws Exception {
    ProcessOptions options =
        ProcessOptions.of(2)
            .withWorker(
                WorkerOptions.of()
                    .withJvmOptions("--enable-native-access=ALL-UNNAMED")
                    .withOutput(new WorkerOptions.Output.Discard()));
    try (ProcessPool pool = ProcessPool.open(options)) {
      List<Outcome<Integer>> outcomes =
          Tasks.on(pool).settle(List.of(1, 2, 3, 4, 5, 6), NativeCrash::convert);
      List<Integer> results =
          outcomes.stream()
              .filter(o -> o instanceof Outcome.Success<Integer>)
              .map(o -> ((Outcome.Success<Integer>) o).value())
              .toList();
      report.check(
          "results of the others",
          "10, 20, 40, 50, 60",
          results,
          results.containsAll(List.of(40, 50, 60)));
      boolean died =
          outcomes.get(2) instanceof Outcome.Failed<Integer>(Throwable failure)
              && failure instanceof WorkerDiedException d
              && d.reason() == WorkerDiedException.Cause.CRASH;
      report.equal("the third says that its worker crashed", true, died);
      report.equal("the pool goes on", 70, pool.call(NativeCrash::convert, 7).get());
    }
  }
}
