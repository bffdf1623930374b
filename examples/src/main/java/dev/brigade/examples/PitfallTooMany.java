package dev.brigade.examples;

import dev.brigade.observe.Snapshot;
import dev.brigade.task.FanOut;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** All calls at once: the threads can bear it, the server can't. */
final class PitfallTooMany {
  private static final List<Integer> CALLS = IntStream.range(0, 300).boxed().toList();
  private static final int BEARABLE = 16;

  private PitfallTooMany() {}

  static void main() throws Exception {
    Examples.runHere("pitfall-too-many");
  }

  static void unbounded(FanOut calls, Waits server) throws InterruptedException {
    calls.runScope(s -> {
      for (int i : CALLS) s.run(() -> server.call("call " + i, 1)); // the mistake: no bound
    });
  }

  static void bounded(FanOut calls, Waits server) throws InterruptedException {
    calls.limit(BEARABLE).forEach(CALLS, i -> server.call("call " + i, 1));
  }

  /** One of the two ways. */
  interface Way {
    void run(FanOut calls, Waits server) throws InterruptedException;
  }

  /** Runs it and looks at it meanwhile: how many tasks were alive, by the line of their fork. */
  static Map<String, Long> lookAt(Waits server, Way way) throws Exception {
    var seen = new TreeMap<String, Long>();
    server.whenTogether(() -> seen.putAll(bySite(Snapshots.inScope("calls"))));
    Snapshots.<Object>withLines(() -> {
      way.run(Tasks.named("calls"), server);
      return "done";
    });
    return seen;
  }

  private static Map<String, Long> bySite(List<Snapshot.Node> tasks) {
    return tasks.stream()
        .collect(
            Collectors.groupingBy(
                t -> String.valueOf(t.site()), TreeMap::new, Collectors.counting()));
  }

  static void show(Report report) throws Exception {
    Waits all = Waits.together(CALLS.size());
    Map<String, Long> alive = lookAt(all, PitfallTooMany::unbounded);
    report.equal("calls at the server, unbounded", CALLS.size(), all.timeline().peak());
    report.check(
        "tasks in the snapshot, by line",
        "300, one line",
        alive,
        alive.size() == 1
            && alive.containsValue(300L)
            && ForkLog.areLinesOf("PitfallTooMany.unbounded", List.copyOf(alive.keySet())));
    check(report, Waits.together(BEARABLE), PitfallTooMany::bounded);
  }

  static void check(Report report, Waits server, Way way) throws Exception {
    Map<String, Long> alive = lookAt(server, way);
    report.equal("calls at the server, bounded", BEARABLE, server.timeline().peak());
    long tasks = alive.values().stream().mapToLong(Long::longValue).sum();
    report.equal("tasks in the snapshot", (long) BEARABLE, tasks);
  }
}
