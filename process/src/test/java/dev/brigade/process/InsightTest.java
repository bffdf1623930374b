package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Probe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of a pool's workers and tasks. */
@LeakChecked
class InsightTest {
  @TempDir private Path folder;

  private Probe probe() {
    return new Probe(folder.toString());
  }

  private static int hold(Probe p) throws InterruptedException {
    p.mark("began");
    p.pass("go");
    return 1;
  }

  @Test
  void severalTasksRunAtOnceInOneWorker() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withConcurrency(4))) {
      List<ProcessTask<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) all.add(pool.call(InsightTest::hold, p));
      p.await("began", 4);
      assertEquals(4, pool.workers().getFirst().running());
      assertEquals(4, p.count("began"));
      p.open("go");
      for (var t : all) assertEquals(1, t.get());
      await().until(() -> pool.workers().getFirst().tasks() == 5);
      assertEquals(0, pool.workers().getFirst().running());
    }
  }

  @Test
  void oneOfSeveralTasksInAWorkerIsCancelledAlone() throws Exception {
    Probe p = probe();
    var patient = SmallPools.worker().withGrace(Duration.ofMinutes(1));
    try (ProcessPool pool =
        ProcessPool.open(SmallPools.of(1).withConcurrency(4).withWorker(patient))) {
      List<ProcessTask<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) all.add(pool.call(InsightTest::hold, p));
      p.await("began", 4);
      assertTrue(all.get(2).cancel(true));
      await().until(() -> pool.workers().getFirst().running() == 3);
      p.open("go");
      for (int i = 0; i < 4; i++) if (i != 2) assertEquals(1, all.get(i).get());
    }
  }

  private static int report(int steps) {
    for (int i = 1; i <= steps; i++) Worker.progress((double) i / steps, "step " + i);
    return steps;
  }

  @Test
  void progressIsToldToTheListenerAndTheFuture() throws Exception {
    var heard = new ConcurrentLinkedQueue<Progress>();
    TaskRules rules = TaskRules.plain().withProgress(heard::add);
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      ProcessTask<Integer> task = pool.call(rules, InsightTest::report, 1_000);
      assertEquals(1_000, task.get());
      // Told over another connection than the result, the end also after it.
      await().until(() -> heard.stream().anyMatch(p -> p.fraction() == 1));
      Progress last = task.progress();
      assertEquals(1, last == null ? -1 : last.fraction());
      assertEquals(task.pid(), last == null ? -1 : last.pid());
      assertTrue(heard.size() < 1_000, "each of " + heard.size() + " was sent");
    }
  }

  private static int reportStrangely(int unused) {
    for (double f : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY})
      Worker.progress(f, "x".repeat(2_000));
    return 0;
  }

  @Test
  void progressThatIsNoneIsTakenForTheNearest() throws Exception {
    var heard = new ConcurrentLinkedQueue<Progress>();
    TaskRules rules = TaskRules.plain().withProgress(heard::add);
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      ProcessTask<Integer> task = pool.call(rules, InsightTest::reportStrangely, 0);
      assertEquals(0, task.get());
      await().until(() -> heard.stream().anyMatch(p -> p.fraction() == 1));
      for (Progress p : heard) {
        assertTrue(p.fraction() == 0 || p.fraction() == 1, () -> "fraction " + p.fraction());
        assertEquals(1_000, p.note().length());
      }
    }
  }

  private static int reportAndHold(Probe p, String note) throws InterruptedException {
    Worker.progress(0.25, note);
    return hold(p);
  }

  @Test
  void eachTasksFirstProgressIsToldHoweverShortTheTaskBefore() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      for (int i = 0; i < 50; i++) assertEquals(1, pool.call(InsightTest::report, 1).get());
      ProcessTask<Integer> before = pool.call(InsightTest::report, 1);
      ProcessTask<Integer> task = pool.call(q -> reportAndHold(q, "quarter"), p);
      p.await("began");
      await().until(() -> task.progress() != null);
      Progress progress = task.progress();
      assertEquals("quarter", progress == null ? "" : progress.note());
      assertEquals(0.25, progress == null ? 0 : progress.fraction());
      p.open("go");
      assertEquals(1, before.get());
      assertEquals(1, task.get());
    }
  }

  @Test
  void aListenerThatStandsStillHoldsUpNobody() throws Exception {
    Probe p = probe();
    var goOn = new CountDownLatch(1);
    TaskRules rules =
        TaskRules.plain()
            .withProgress(x -> {
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      assertEquals(3, pool.call(rules, InsightTest::report, 3).get());
      ProcessTask<Integer> held = pool.call(InsightTest::hold, p);
      p.await("began");
      assertEquals(1, pool.threadDumps().size());
      assertTrue(held.cancel(true));
      assertEquals(5, pool.call(n -> n, 5).get());
      goOn.countDown();
    }
  }

  @Test
  void outsideAWorkerProgressIsNothing() {
    Worker.progress(0.5, "nobody hears");
    assertTrue(!Worker.isWorker());
  }

  private static int holdUnderAName(Probe p) throws InterruptedException {
    return hold(p);
  }

  @Test
  void aThreadDumpShowsWhatATaskDoes() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(2))) {
      ProcessTask<Integer> task = pool.call(InsightTest::holdUnderAName, p);
      p.await("began");
      Map<Long, String> dumps = pool.threadDumps();
      String text = String.valueOf(dumps.get(task.pid()));
      assertTrue(text.contains("holdUnderAName"), text);
      p.open("go");
      assertEquals(1, task.get());
    }
  }

  @Test
  void workersTellWhatTheyAreAbout() throws Exception {
    Probe p = probe();
    WorkerOptions worker = SmallPools.worker().withInitialiser(() -> hold(p));
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withWorker(worker))) {
      p.await("began");
      await().until(() -> pool.workers().getFirst().state() == WorkerInfo.State.INITIALISING);
      ProcessTask<Integer> task = pool.call(n -> n, 1);
      assertEquals(-1, task.pid());
      assertNull(task.progress());
      p.open("go");
      assertEquals(1, task.get());
      WorkerInfo w = pool.workers().getFirst();
      assertEquals(WorkerInfo.State.READY, w.state());
      assertEquals(1, w.number());
      assertEquals(task.pid(), w.pid());
      assertTrue(w.age().isPositive());
      assertTrue(w.residentBytes() > 1 << 20, w.toString());
    }
  }
}
