package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Probe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ready workers beside those that work. */
@LeakChecked
class SpareTest {
  @TempDir private Path folder;

  private static int hold(Probe p) throws InterruptedException {
    p.mark("began");
    p.pass("go");
    return 1;
  }

  @Test
  void aPoolWithNothingToDoHasItsMinimumAndItsSpareOnes() throws Exception {
    try (var pool = ProcessPool.open(SmallPools.of(1).withWorkers(1, 4).withSpare(1))) {
      assertTrue(pool.awaitReady(Duration.ofMinutes(1)));
      pool.adjust(System.nanoTime());
      assertEquals(2, pool.workers().size());
    }
  }

  @Test
  void aTaskThatWouldWaitIsRunByASpareOne() throws Exception {
    var probe = new Probe(folder.toString());
    try (var pool = ProcessPool.open(SmallPools.of(1).withWorkers(1, 2).withSpare(1))) {
      assertTrue(pool.awaitReady(Duration.ofMinutes(1)));
      List<Long> ready = pool.workers().stream().map(WorkerInfo::pid).toList();
      var held = pool.call(SpareTest::hold, probe);
      probe.await("began");
      var other = pool.call((Integer i) -> i + 1, 1);
      assertEquals(2, other.get(60, TimeUnit.SECONDS));
      assertTrue(ready.contains(other.pid()), other.pid() + " in " + ready);
      probe.open("go");
      assertEquals(1, held.get(60, TimeUnit.SECONDS));
    }
  }
}
