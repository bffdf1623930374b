package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Work that an interrupt ends at once has been told by its token before. */
@HangGuard
class TokensOfNestedFramesTest {
  @Test
  void theTokenOfANestedDeadlineIsToldBeforeTheInterrupt() throws Exception {
    var told = new AtomicInteger();
    int rounds = 2_000;
    for (int i = 0; i < rounds; i++) {
      var began = new CountDownLatch(1);
      Tasks.runSupervised(s -> {
        Task<Void> task =
            s.run(() ->
                Tasks.runWithin(
                    Duration.ofHours(1),
                    () -> {
                      var entry = Tasks.token().onCancel(_ -> told.incrementAndGet());
                      try {
                        began.countDown();
                        new CountDownLatch(1).await();
                      } finally {
                        entry.close();
                      }
                    }));
        began.await();
        boolean unused = task.cancel("stop");
      });
    }
    assertEquals(rounds, told.get());
  }
}
