package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Open, query, close, in every case. (Python: {@code async with}.) */
final class Connection implements AutoCloseable {
  private final AtomicInteger closed;
  private final boolean shielded;

  /** Opens it; the counter takes each farewell that reaches the other side. */
  Connection(AtomicInteger closed, boolean shielded) {
    this.closed = closed;
    this.shielded = shielded;
  }

  static void main() throws Exception {
    Examples.runHere("connection");
  }

  String query(CountDownLatch answered) throws InterruptedException {
    answered.await();
    return "rows";
  }

  @Override
  public void close() {
    try {
      // The farewell waits for the network, and must do so although its task is being cancelled.
      if (shielded) Tasks.runShielded(Duration.ofSeconds(10), this::sayFarewell);
      else sayFarewell();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sayFarewell() throws InterruptedException {
    Tasks.sleep(Waits.UNIT);
    closed.incrementAndGet();
  }

  static void show(Report report) throws Exception {
    check(report, true);
  }

  static void check(Report report, boolean shielded) throws Exception {
    var now = new CountDownLatch(0);
    var never = new CountDownLatch(1);

    var returns = new AtomicInteger();
    try (var c = new Connection(returns, shielded)) {
      report.equal("query", "rows", c.query(now));
    }
    report.equal("closed after success", 1, returns.get());

    var fails = new AtomicInteger();
    Tasks.settle(
        List.of("bad SQL"),
        sql -> {
          try (var _ = new Connection(fails, shielded)) {
            throw new IllegalArgumentException(sql);
          }
        });
    report.equal("closed after a failure", 1, fails.get());

    var late = new AtomicInteger();
    String rows =
        Tasks.withinOr(
            Waits.UNIT,
            "timed out",
            () -> {
              try (var c = new Connection(late, shielded)) {
                return c.query(never);
              }
            });
    report.equal("query without an answer", "timed out", rows);
    report.equal("closed after a deadline", 1, late.get());

    var cancelled = new AtomicInteger();
    var opened = new CountDownLatch(1);
    Tasks.runSupervised(s -> {
      var task =
          s.fork(() -> {
            try (var c = new Connection(cancelled, shielded)) {
              opened.countDown();
              return c.query(never);
            }
          });
      opened.await();
      task.cancel("no longer wanted");
    });
    report.equal("closed after cancellation", 1, cancelled.get());
  }
}
