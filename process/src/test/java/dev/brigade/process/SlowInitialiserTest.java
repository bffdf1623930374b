package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Fn;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Probe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes whose initialisers hang. */
@LeakChecked
class SlowInitialiserTest {
  private static final String PLACE = "brigade.test.place";

  @TempDir private Path folder;

  /** Hangs in the second worker that initialises it. */
  private static final class Hangs {
    static {
      String place = System.getProperty(PLACE);
      if (place != null) enter(new Probe(place));
    }

    private static void enter(Probe probe) {
      probe.mark("initialised");
      if (probe.count("initialised") > 1) probe.passThroughInterrupts("never");
    }

    static Fn<Integer, Integer, RuntimeException> next() {
      return i -> i + 1;
    }
  }

  @Test
  void aSpareWorkerThatHangsWhileItPreparesRunsOtherTasks() throws Exception {
    var probe = new Probe(folder.toString());
    var worker = SmallPools.worker().withJvmOptions("-D" + PLACE + "=" + folder);
    var options = SmallPools.of(1).withSpare(1).withWorker(worker);
    try (var pool = ProcessPool.open(options)) {
      assertTrue(pool.awaitReady(Duration.ofMinutes(1)));
      var first = pool.call(Hangs.next(), 1);
      assertEquals(2, first.get(60, TimeUnit.SECONDS));
      probe.await("initialised", 2);
      WorkerDeathTest.kill(first.pid(), "-KILL");
      // Its place is taken by the one that hangs.
      var other = pool.call((Integer i) -> i + 2, 1);
      try {
        assertEquals(3, other.get(20, TimeUnit.SECONDS));
      } finally {
        // Else a pool that waits for it is never closed.
        probe.open("never");
      }
    }
  }
}
