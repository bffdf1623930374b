package dev.brigade.examples;

import dev.brigade.task.Outcome;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Uses a connection in a block that is left in four ways. (Python: {@code async with}.) */
final class AlwaysClosed {
  private static final CountDownLatch AT_ONCE = new CountDownLatch(0);
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private AlwaysClosed() {}

  static void main() throws Exception {
    Examples.runHere("connection");
  }

  /** Opens a connection, queries it, closes it. */
  @FunctionalInterface
  interface Use {
    String query(AtomicInteger farewells, CountDownLatch answer) throws InterruptedException;
  }

  static String inBlock(AtomicInteger farewells, CountDownLatch answer)
      throws InterruptedException {
    try (var connection = new Connection(farewells)) {
      return connection.query(answer);
    }
  }

  static void show(Report report) throws Exception {
    check(report, AlwaysClosed::inBlock);
    var farewells = new AtomicInteger();
    List<Outcome<String>> outcomes =
        Tasks.settle(
            List.of("bad SQL"),
            sql -> {
              try (var _ = new Connection(farewells)) {
                throw new IllegalArgumentException(sql);
              }
            });
    report.equal("the query succeeded", false, outcomes.getFirst().isSuccess());
    report.equal("closed after a failure", 1, farewells.get());
  }

  static void check(Report report, Use use) throws InterruptedException {
    var succeeded = new AtomicInteger();
    report.equal("query", "rows", use.query(succeeded, AT_ONCE));
    report.equal("closed after success", 1, succeeded.get());

    var late = new AtomicInteger();
    String rows = Tasks.withinOr(Waits.UNIT, "timed out", () -> use.query(late, NEVER));
    report.equal("query without an answer", "timed out", rows);
    report.equal("closed after a deadline", 1, late.get());

    var cancelled = new AtomicInteger();
    var begun = new CountDownLatch(1);
    Tasks.runSupervised(s -> {
      var task =
          s.fork(() -> {
            begun.countDown();
            return use.query(cancelled, NEVER);
          });
      begun.await();
      task.cancel("no longer wanted");
    });
    report.equal("closed after cancellation", 1, cancelled.get());
  }
}
