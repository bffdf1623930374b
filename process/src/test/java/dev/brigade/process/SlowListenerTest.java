package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.LeakChecked;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A listener that waits holds up other listeners, and nothing of the pool's. */
@LeakChecked
class SlowListenerTest {
  @Test
  void whatThePoolHasToDoDoesNotWaitForAListener() throws Exception {
    var began = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var done = new CountDownLatch(1);
    try (var pool = ProcessPool.open(SmallPools.of(1))) {
      var rules =
          TaskRules.plain()
              .withProgress(p -> {
                began.countDown();
                awaitQuietly(go);
              });
      var task =
          pool.call(
              rules,
              (Integer i) -> {
                Worker.progress(0.5, "half");
                return i;
              },
              1);
      assertTrue(began.await(60, TimeUnit.SECONDS));
      pool.aside().run(done::countDown);
      assertTrue(done.await(60, TimeUnit.SECONDS));
      go.countDown();
      assertEquals(1, task.get(60, TimeUnit.SECONDS));
    } finally {
      go.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
