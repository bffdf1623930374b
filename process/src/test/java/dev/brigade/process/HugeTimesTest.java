package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.LeakChecked;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Times that are too long to be counted in nanoseconds mean "never". */
@LeakChecked
class HugeTimesTest {
  private static final Duration EVER = Duration.ofSeconds(Long.MAX_VALUE);

  @Test
  void aTaskMayHaveALongerTimeoutThanThereAreNanoseconds() throws Exception {
    try (var pool = ProcessPool.open(SmallPools.of(1))) {
      var task = pool.call(TaskRules.plain().withTimeout(EVER), (Integer i) -> i + 1, 1);
      assertEquals(2, task.get(60, TimeUnit.SECONDS));
      assertEquals(3, pool.call((Integer i) -> i + 1, 2).get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void aWorkerMayHaveThemAndIsStillReplacedAndEnded() throws Exception {
    var times = new WorkerOptions.Times(EVER, EVER, EVER);
    var options =
        SmallPools.of(1)
            .withWorker(SmallPools.worker().withTimes(times))
            .withRecycling(new ProcessOptions.Recycling(0, EVER, 0));
    var pool = ProcessPool.open(options);
    try {
      assertTrue(pool.awaitReady(EVER));
      long first = pool.workers().getFirst().pid();
      WorkerDeathTest.kill(first, "-KILL");
      var task = pool.call((Integer i) -> i + 1, 1);
      assertEquals(2, task.get(60, TimeUnit.SECONDS));
      assertFalse(task.pid() == first);
      pool.shutdown();
      assertTrue(pool.awaitTermination(60, TimeUnit.SECONDS));
    } finally {
      pool.shutdownNow();
    }
  }
}
