package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.testing.conformance.Probe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a submission when no more may wait. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullQueueTest {
  @TempDir private Path folder;

  private static ProcessOptions queueOfOne(ProcessOptions.WhenFull whenFull) {
    return SmallPools.of(1).withQueue(1, 1 << 20, whenFull);
  }

  /** A submitter that wakes when nothing waits any more finds the worker that has become idle. */
  @Test
  void nobodyWhoWaitedForRoomIsForgotten() throws Exception {
    var tasks = new ConcurrentLinkedQueue<ProcessTask<Integer>>();
    try (ProcessPool pool = ProcessPool.open(queueOfOne(ProcessOptions.WhenFull.WAIT))) {
      List<Thread> crowd = new ArrayList<>();
      for (int i = 0; i < 4; i++)
        crowd.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int n = 0; n < 300; n++) tasks.add(pool.call(x -> x + 1, n));
                }));
      for (Thread t : crowd) t.join();
      for (var t : tasks) assertEquals(true, t.get(60, TimeUnit.SECONDS) > 0);
      assertEquals(1200, tasks.size());
    }
  }

  private Probe probe() {
    return new Probe(folder.toString());
  }

  /** In a worker. */
  private static int haltOnce(Probe probe) {
    if (probe.count("halted") > 0) return 2;
    probe.mark("halted");
    return Faults.halt(1);
  }

  /** In a worker. */
  private static int passing(Probe probe) throws InterruptedException {
    probe.pass("gate");
    return 1;
  }

  @Test
  void whatHasRunIsNotTurnedAwayToMakeRoom() throws Exception {
    Probe probe = probe();
    var worker =
        SmallPools.worker().withInitialiser(() -> probe.count("halted") == 0 ? 0 : passing(probe));
    var options = queueOfOne(ProcessOptions.WhenFull.DISCARD_OLDEST).withWorker(worker);
    try (ProcessPool pool = ProcessPool.open(options)) {
      var rules = TaskRules.plain().withCrashRetries(1);
      ProcessTask<Integer> first = pool.call(rules, FullQueueTest::haltOnce, probe);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              pool.workers().stream().anyMatch(w -> w.number() > 1)
                  && Integer.valueOf(1).equals(pool.reading().figures().get("queued")));
      assertThrows(RejectedExecutionException.class, () -> pool.call(n -> n, 1));
      probe.open("gate");
      assertEquals(2, first.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void theOldestGivesWayToTheNewest() throws Exception {
    Probe probe = probe();
    var options = queueOfOne(ProcessOptions.WhenFull.DISCARD_OLDEST);
    try (ProcessPool pool = ProcessPool.open(options)) {
      assertEquals(1, pool.call(n -> n, 1).get());
      ProcessTask<Integer> running = pool.call(FullQueueTest::passing, probe);
      ProcessTask<Integer> oldest = pool.call(n -> n, 1);
      ProcessTask<Integer> newest = pool.call(n -> n, 2);
      var e = assertThrows(ExecutionException.class, oldest::get);
      assertInstanceOf(RejectedExecutionException.class, e.getCause());
      probe.open("gate");
      assertEquals(1, running.get());
      assertEquals(2, newest.get());
    }
  }
}
