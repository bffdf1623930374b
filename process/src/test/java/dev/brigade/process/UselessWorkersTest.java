package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.brigade.testing.LeakChecked;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers that get ready and then die of nothing. */
@LeakChecked
class UselessWorkersTest {
  @Test
  void theyAreReplacedMoreAndMoreSlowly() {
    var options = SmallPools.of(1).withWorker(SmallPools.worker().withResidentBytes(1));
    try (var pool = ProcessPool.open(options)) {
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> SmallPools.figure(pool, "buried") >= 8);
      // The next one is due in seconds.
      pool.adjust(System.nanoTime());
      assertEquals(List.of(), pool.workers());
    }
  }
}
