package dev.brigade.bench.timeout;

import dev.brigade.bench.Side;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * A side while that many virtual threads are inside timeouts of the same side. They are set up anew
 * for each round.
 */
final class PendingOthers implements Side {
  private final TimeoutSide side;
  private final Thread[] others;
  private CountDownLatch release = new CountDownLatch(1);

  PendingOthers(TimeoutSide side, int pending) {
    this.side = side;
    this.others = new Thread[pending];
  }

  @Override
  public void before() throws Exception {
    var inside = new CountDownLatch(others.length);
    var opened = new CountDownLatch(1);
    release = opened;
    Callable<Void> body =
        () -> {
          inside.countDown();
          opened.await();
          return null;
        };
    for (int i = 0; i < others.length; i++) {
      others[i] =
          Thread.startVirtualThread(() -> {
            try {
              side.hold(body);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }
    inside.await();
    if (others.length > 0) System.gc();
  }

  @Override
  public long run(int operations) throws Exception {
    return side.run(operations);
  }

  @Override
  public void after() throws Exception {
    release.countDown();
    for (Thread other : others) other.join();
  }

  @Override
  public void close() {
    side.close();
  }
}
