package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Probe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are replaced, and how many there are. */
@LeakChecked
class ReplacedWorkersTest {
  @TempDir private Path folder;

  private Probe probe() {
    return new Probe(folder.toString());
  }

  private static long here(int unused) {
    return ProcessHandle.current().pid();
  }

  private static long mark(Probe p, String what) {
    p.mark(what);
    return ProcessHandle.current().pid();
  }

  private void assertRecycles(ProcessOptions options, int maxTasks, int tasks) throws Exception {
    Probe p = probe();
    Map<Long, Integer> runs = new HashMap<>();
    try (ProcessPool pool = ProcessPool.open(options.withMaxTasks(maxTasks))) {
      List<ProcessTask<Long>> all = new ArrayList<>();
      for (int i = 0; i < tasks; i++) {
        String what = "task " + i;
        all.add(pool.call(q -> mark(q, what), p));
      }
      for (var t : all) runs.merge(t.get(), 1, Integer::sum);
    }
    for (int n : runs.values()) assertTrue(n <= maxTasks, runs.toString());
    for (int i = 0; i < tasks; i++) assertEquals(1, p.count("task " + i));
    assertEquals(tasks, p.events().size());
  }

  @Test
  void aFreshWorkerForEachTask() throws Exception {
    assertRecycles(SmallPools.of(1), 1, 6);
  }

  @Test
  void noWorkerRunsMoreTasksThanItMay() throws Exception {
    assertRecycles(SmallPools.of(1), 3, 12);
  }

  @Test
  void severalThatWearOutTogetherAreReplacedOneByOne() throws Exception {
    assertRecycles(SmallPools.of(2).withConcurrency(2), 2, 20);
  }

  @Test
  void theReplacementIsReadyBeforeItIsNeeded() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withMaxTasks(1))) {
      await().until(() -> ready(pool) == 2);
      long first = pool.call(ReplacedWorkersTest::here, 0).get();
      // The next one is one of those that were ready, so it is not started for it.
      Set<Long> known = new HashSet<>();
      for (WorkerInfo w : pool.workers()) known.add(w.pid());
      long second = pool.call(ReplacedWorkersTest::here, 0).get();
      assertNotEquals(first, second);
      assertTrue(known.contains(second), second + " was not there before: " + known);
    }
  }

  private static int ready(ProcessPool pool) {
    int n = 0;
    for (WorkerInfo w : pool.workers()) if (w.state() == WorkerInfo.State.READY) n++;
    return n;
  }

  @Test
  void anOldWorkerIsReplacedAndWhatItRunsGoesOn() throws Exception {
    Probe p = probe();
    var recycling = new ProcessOptions.Recycling(0, Duration.ofMillis(1), 0);
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withRecycling(recycling))) {
      ProcessTask<Long> held = pool.call(ReplacedWorkersTest::hold, p);
      p.await("began");
      long old = held.pid();
      // Everything is too old from the start, so others come and go meanwhile.
      long next = pool.call(ReplacedWorkersTest::here, 0).get();
      assertNotEquals(old, next);
      p.open("go");
      assertEquals(old, held.get());
    }
  }

  private static long hold(Probe p) throws InterruptedException {
    p.mark("began");
    p.pass("go");
    return ProcessHandle.current().pid();
  }

  @Test
  void manyTasksThroughWorkersThatAreAlwaysTooOld() throws Exception {
    Probe p = probe();
    var recycling = new ProcessOptions.Recycling(0, Duration.ofMillis(1), 0);
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(2).withRecycling(recycling))) {
      List<ProcessTask<Long>> all = new ArrayList<>();
      Set<Long> pids = new HashSet<>();
      for (int i = 0; pids.size() < 4; i++) {
        String what = "task " + i;
        all.add(pool.call(q -> mark(q, what), p));
        if (i % 10 == 9) for (var t : all.subList(i - 9, i + 1)) pids.add(t.get());
      }
      for (var t : all) pids.add(t.get());
      for (int i = 0; i < all.size(); i++) {
        String what = "task " + i;
        assertEquals(1, p.count(what), what);
      }
    }
  }

  @Test
  void aWorkerThatHasGrownTooBigIsReplaced() throws Exception {
    var recycling = new ProcessOptions.Recycling(0, null, 1);
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withRecycling(recycling))) {
      long first = pool.call(ReplacedWorkersTest::here, 0).get();
      await().until(() -> pool.call(ReplacedWorkersTest::here, 0).get() != first);
    }
  }

  @Test
  void aSpareWorkerTakesTheDeadOnesPlace() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withSpare(1))) {
      assertTrue(pool.awaitReady(Duration.ofMinutes(1)));
      Set<Long> known = new HashSet<>();
      for (WorkerInfo w : pool.workers()) known.add(w.pid());
      assertEquals(2, known.size());
      ProcessTask<Long> held = pool.call(ReplacedWorkersTest::hold, p);
      ProcessTask<Long> waiting = pool.call(ReplacedWorkersTest::here, 0);
      p.await("began");
      WorkerDeathTest.kill(held.pid(), "-KILL");
      assertTrue(known.contains(waiting.get()), "it was run by a worker that was started for it");
      assertNotEquals(held.pid(), waiting.get());
    }
  }

  @Test
  void aSpareWorkerTakesNothingWhileTheOthersLive() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withSpare(1))) {
      assertTrue(pool.awaitReady(Duration.ofMinutes(1)));
      Set<Long> used = new HashSet<>();
      List<ProcessTask<Long>> all = new ArrayList<>();
      for (int i = 0; i < 100; i++) all.add(pool.call(ReplacedWorkersTest::here, i));
      for (var t : all) used.add(t.get());
      assertEquals(1, used.size());
    }
  }

  @Test
  void aPoolGrowsWithItsQueueUpToItsMaximum() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withWorkers(0, 3))) {
      assertEquals(List.of(), pool.workers());
      List<ProcessTask<Long>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) all.add(pool.call(ReplacedWorkersTest::hold, p));
      p.await("began", 3);
      assertEquals(3, pool.workers().size());
      p.open("go");
      Set<Long> pids = new HashSet<>();
      for (var t : all) pids.add(t.get());
      assertEquals(3, pids.size());
    }
    assertEquals(6, p.count("began"));
  }
}
