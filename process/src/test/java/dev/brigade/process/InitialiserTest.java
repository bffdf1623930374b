package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.task.Work;
import dev.brigade.testing.LeakChecked;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Initialisers that can't be sent. */
@LeakChecked
class InitialiserTest {
  private static void breakOne() {
    var stays = new Object();
    Work<Object, RuntimeException> work = () -> stays;
    try (var pool =
        ProcessPool.open(
            SmallPools.of(1)
                .withSize(new ProcessOptions.Size(0, 1, 0, 4))
                .withWorker(SmallPools.worker().withInitialiser(work)))) {
      assertThrows(
          java.util.concurrent.ExecutionException.class,
          () -> pool.call((Integer i) -> i, 1).get());
      assertThrows(PoolBrokenException.class, () -> pool.awaitReady(Duration.ofMinutes(1)));
    }
  }

  @Test
  void oneThatCanNotBeSentLeavesNoConnectionBehind() throws Exception {
    breakOne();
    int before = Footprint.allDescriptors();
    breakOne();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertEquals(before, Footprint.allDescriptors(), 3));
  }
}
