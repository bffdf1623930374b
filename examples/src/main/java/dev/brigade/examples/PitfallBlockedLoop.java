package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Snapshot;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A blocking call on the one thread that all others need. (Python: {@code time.sleep}.) */
final class PitfallBlockedLoop {
  private static final int OTHERS = 3;

  private PitfallBlockedLoop() {}

  static void main() throws Exception {
    Examples.runHere("pitfall-blocked-loop");
  }

  /** What a look at the running tasks shows while one of them blocks. */
  static List<Snapshot.Node> lookAt(Engine loop, long patienceMillis) throws InterruptedException {
    var called = new CountDownLatch(1);
    var ran = new CountDownLatch(OTHERS);
    var looked = new CountDownLatch(1);
    return Tasks.on(loop)
        .named("the loop")
        .scope(s -> {
          s.run(() -> block(called, looked)); // the mistake, when the loop is one thread
          called.await();
          for (int i = 0; i < OTHERS; i++) s.run(ran::countDown);
          boolean unused = ran.await(patienceMillis, TimeUnit.MILLISECONDS);
          List<Snapshot.Node> alive = Snapshots.inScope("the loop");
          looked.countDown();
          return alive;
        });
  }

  private static void block(CountDownLatch called, CountDownLatch looked)
      throws InterruptedException {
    called.countDown();
    looked.await();
  }

  static void show(Report report) throws Exception {
    List<Snapshot.Node> tasks;
    try (Engine loop = Engine.openThreads(1)) {
      tasks = Snapshots.withLines(() -> lookAt(loop, 0));
    }
    List<String> blocking =
        tasks.stream().filter(t -> !queued(t)).map(t -> String.valueOf(t.site())).toList();
    report.equal("tasks that can't begin", 3L, tasks.stream().filter(t -> queued(t)).count());
    report.check(
        "what holds the thread",
        "line of the fork",
        blocking,
        blocking.size() == 1 && ForkLog.areLinesOf("PitfallBlockedLoop.lookAt", blocking));
    check(report, Engine.virtual(), 10_000);
  }

  static void check(Report report, Engine loop, long patienceMillis) throws Exception {
    List<Snapshot.Node> tasks = Snapshots.withLines(() -> lookAt(loop, patienceMillis));
    long stuck = tasks.stream().filter(t -> queued(t)).count();
    report.equal("on virtual threads", 0L, stuck);
  }

  private static boolean queued(Snapshot.Node task) {
    return task.state().equals("queued");
  }
}
