package dev.brigade.examples;

import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A connection that says farewell when it is closed, and waits for the network to do so. */
final class Connection implements AutoCloseable {
  private final AtomicInteger farewells;

  /** Opens it; the counter counts the farewells that reach the other side. */
  Connection(AtomicInteger farewells) {
    this.farewells = farewells;
  }

  /** Waits for an answer. */
  String query(CountDownLatch answered) throws InterruptedException {
    answered.await();
    return "rows";
  }

  @Override
  public void close() {
    try {
      // Its task may be closing it because it was cancelled: without the shield the cancellation
      // would cut the farewell short too. The shield has a budget of its own.
      Tasks.runShielded(Duration.ofSeconds(10), this::sayFarewell);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void sayFarewell() throws InterruptedException {
    Tasks.sleep(Waits.UNIT);
    farewells.incrementAndGet();
  }
}
