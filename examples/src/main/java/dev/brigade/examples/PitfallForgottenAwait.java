package dev.brigade.examples;

import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A task whose outcome nobody looks at. (Python: a coroutine that is never awaited.) */
final class PitfallForgottenAwait {
  private PitfallForgottenAwait() {}

  static void main() throws Exception {
    Examples.runHere("pitfall-forgotten-await");
  }

  static void forgotten(AtomicBoolean ran) throws InterruptedException {
    Tasks.runSupervised(s -> {
      s.fork(() -> fetchData(ran)); // forgotten: nobody ever asks how it ended
    });
  }

  static boolean awaited(AtomicBoolean ran) throws InterruptedException {
    return Tasks.supervise(s -> {
      Task<String> data = s.fork(() -> fetchData(ran));
      return data.outcome().isSuccess();
    });
  }

  private static String fetchData(AtomicBoolean ran) throws IOException {
    ran.set(true);
    throw new IOException("http://example.com did not answer");
  }

  /** One of the two ways. */
  interface Way {
    void run(AtomicBoolean ran) throws InterruptedException;
  }

  static void show(Report report) throws Exception {
    var ran = new AtomicBoolean();
    List<String> lost = ForkLog.during(() -> forgotten(ran)).unobserved();
    // Python's forgotten coroutine never runs. A task always does, before its scope is left.
    report.equal("the forgotten task ran", true, ran.get());
    report.check(
        "failure that nobody looked at",
        "line of the fork",
        lost,
        lost.size() == 1 && ForkLog.areLinesOf("PitfallForgottenAwait.forgotten", lost));
    check(report, PitfallForgottenAwait::awaited);
  }

  static void check(Report report, Way way) throws Exception {
    List<String> lost = ForkLog.during(() -> way.run(new AtomicBoolean())).unobserved();
    report.equal("reported when awaited", List.of(), lost);
  }
}
