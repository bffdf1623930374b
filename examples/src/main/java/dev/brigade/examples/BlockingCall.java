package dev.brigade.examples;

import dev.brigade.engine.Engine;
import dev.brigade.task.Task;
import dev.brigade.task.Tasks;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A blocking call beside other tasks. (Python: {@code run_in_executor}, {@code to_thread}.) */
final class BlockingCall {
  private static final int OTHERS = 3;

  private BlockingCall() {}

  static void main() throws Exception {
    Examples.runHere("blocking-call");
  }

  /** Runs three others on a loop while a call blocks; gives how many ran before it returned. */
  static long ranMeanwhile(Engine loop, Engine ofTheCall, long patienceMillis)
      throws InterruptedException {
    var called = new CountDownLatch(1);
    var others = new CountDownLatch(OTHERS);
    return Tasks.on(loop)
        .scope(s -> {
          Task<Long> call =
              s.fork(
                  ofTheCall,
                  () -> {
                    called.countDown();
                    // Blocks its thread until all others ran, or gives up.
                    boolean unused = others.await(patienceMillis, TimeUnit.MILLISECONDS);
                    return OTHERS - others.getCount();
                  });
          called.await();
          for (int i = 0; i < OTHERS; i++) s.run(others::countDown);
          return call.join();
        });
  }

  static void show(Report report) throws Exception {
    try (Engine loop = Engine.openThreads(1)) {
      // The guides' event loop is one thread, and a blocking call on it stops everything.
      report.equal("others that ran, on a loop of one thread", 0L, ranMeanwhile(loop, loop, 100));
      // Their cure: hand the call to another executor. Each fork can name its engine.
      check(report, "call handed over", loop, Engine.virtual(), 10_000);
    }
    // Virtual threads don't need the cure: a call that blocks holds no thread that others need.
    check(report, "virtual threads", Engine.virtual(), Engine.virtual(), 10_000);
  }

  static void check(Report report, String what, Engine loop, Engine ofTheCall, long patienceMillis)
      throws InterruptedException {
    long ran = ranMeanwhile(loop, ofTheCall, patienceMillis);
    report.equal("others that ran, " + what, (long) OTHERS, ran);
  }
}
