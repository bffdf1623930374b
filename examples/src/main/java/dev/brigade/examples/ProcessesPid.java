package dev.brigade.examples;

import dev.brigade.process.ProcessPool;
import dev.brigade.task.Tasks;
import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Four processes, each with a number of its own. (Python: {@code Process}, {@code os.getpid}.) */
final class ProcessesPid {
  private static final int PROCESSES = 4;

  /** Set by the program, in its own process only. */
  private static boolean programRuns;

  private ProcessesPid() {}

  static void main() throws Exception {
    Examples.runHere("processes-pid");
  }

  /** What a task sees where it runs. */
  record Seen(long pid, boolean together, boolean programRuns) implements Serializable {}

  private static Seen look(Gathering gathering) throws Exception {
    boolean together = gathering.arrive();
    return new Seen(ProcessHandle.current().pid(), together, programRuns);
  }

  static void show(Report report) throws Exception {
    programRuns = true;
    Gathering gathering = Gathering.of(PROCESSES);
    List<Seen> seen;
    try (ProcessPool pool = ProcessPool.open(PROCESSES)) {
      seen =
          Tasks.on(pool).map(IntStream.range(0, PROCESSES).boxed().toList(), n -> look(gathering));
    } finally {
      gathering.close();
    }
    Set<Long> pids = new HashSet<>();
    for (Seen s : seen) pids.add(s.pid());
    report.equal("process ids", PROCESSES, pids.size());
    report.check(
        "this program's among them", "no", pids, !pids.contains(ProcessHandle.current().pid()));
    report.equal("all at work at once", true, seen.stream().allMatch(Seen::together));
    report.equal(
        "the program was run again in", 0L, seen.stream().filter(Seen::programRuns).count());
  }
}
