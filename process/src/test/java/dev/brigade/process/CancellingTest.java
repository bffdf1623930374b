package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.DeadlineException;
import dev.brigade.task.Fn;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Probe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is cancelled, or out of time, ends: by its interrupt, or with its worker. */
@LeakChecked
class CancellingTest {
  @TempDir private Path folder;

  private static final TaskRules SHORT = TaskRules.plain().withTimeout(Duration.ofMillis(50));

  private Probe probe() {
    return new Probe(folder.toString());
  }

  /** Whose tasks are killed soon. */
  private static ProcessOptions strict() {
    return SmallPools.of(1).withWorker(SmallPools.worker().withGrace(Duration.ofMillis(100)));
  }

  /** Whose tasks have all the time of a busy machine to end by their interrupt. */
  private static ProcessOptions patient() {
    return SmallPools.of(1).withWorker(SmallPools.worker().withGrace(Duration.ofMinutes(1)));
  }

  private static int spin(Probe p) {
    p.mark("began");
    while (true) Thread.onSpinWait();
  }

  private static int sleep(Probe p) throws InterruptedException {
    p.mark("began");
    try {
      Thread.sleep(Duration.ofHours(1));
    } catch (InterruptedException e) {
      p.mark("interrupted");
      throw e;
    }
    return 0;
  }

  /** Catches it and goes on. */
  private static int ignore(Probe p) {
    p.mark("began");
    p.passThroughInterrupts("never");
    return 0;
  }

  /** Catches it and returns. */
  private static int giveIn(Probe p) {
    p.mark("began");
    try {
      p.pass("never");
    } catch (InterruptedException e) {
      p.mark("interrupted");
    }
    return 5;
  }

  private static long here(int unused) {
    return ProcessHandle.current().pid();
  }

  private static DeadlineException assertTimesOut(ProcessTask<?> task) {
    var e = assertThrows(ExecutionException.class, task::get);
    return assertInstanceOf(DeadlineException.class, e.getCause());
  }

  private void assertKilledByTimeout(Fn<Probe, Integer, ?> task) throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(strict())) {
      long pid = pool.call(CancellingTest::here, 0).get();
      DeadlineException e = assertTimesOut(pool.call(SHORT, task, p));
      var death = assertInstanceOf(WorkerDiedException.class, e.getSuppressed()[0]);
      assertEquals(WorkerDiedException.Cause.KILLED, death.reason());
      assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
      assertNotEquals(pid, pool.call(CancellingTest::here, 0).get());
      assertEquals(1, p.count("began"));
    }
  }

  @Test
  void aTimeoutKillsWhatSpins() throws Exception {
    assertKilledByTimeout(CancellingTest::spin);
  }

  @Test
  void aTimeoutKillsWhatIgnoresItsInterrupt() throws Exception {
    assertKilledByTimeout(CancellingTest::ignore);
  }

  @Test
  void aTimeoutInterruptsWhatSleepsAndTheWorkerLivesOn() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(patient())) {
      long pid = pool.call(CancellingTest::here, 0).get();
      DeadlineException e = assertTimesOut(pool.call(SHORT, CancellingTest::sleep, p));
      assertInstanceOf(InterruptedException.class, e.getSuppressed()[0]);
      assertEquals(1, p.count("interrupted"));
      assertEquals(pid, pool.call(CancellingTest::here, 0).get());
    }
  }

  @Test
  void aValueThatComesAfterTheTimeoutIsNotGivenOut() throws Exception {
    try (ProcessPool pool = ProcessPool.open(patient())) {
      DeadlineException e = assertTimesOut(pool.call(SHORT, CancellingTest::giveIn, probe()));
      assertEquals(0, e.getSuppressed().length);
    }
  }

  @Test
  void aTimeoutCountsFromTheBeginningOfTheTask() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(patient())) {
      long pid = pool.call(CancellingTest::here, 0).get();
      ProcessTask<Integer> held = pool.call(CancellingTest::giveIn, p);
      TaskRules rules = TaskRules.plain().withTimeout(Duration.ofSeconds(2));
      ProcessTask<Long> waiting = pool.call(rules, CancellingTest::here, 0);
      p.await("began");
      // Longer than it may run, in the queue or behind the other one.
      assertThrows(
          java.util.concurrent.TimeoutException.class,
          () -> waiting.get(2_200, TimeUnit.MILLISECONDS));
      p.open("never");
      assertEquals(5, held.get());
      assertEquals(pid, waiting.get());
    }
  }

  @Test
  void cancellingWhatSpinsEndsTheFutureAtOnceAndTheWorkerAfterTheGrace() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(strict())) {
      ProcessTask<Integer> task = pool.call(CancellingTest::spin, p);
      p.await("began");
      assertTrue(task.cancel(true));
      assertThrows(CancellationException.class, task::get);
      assertNotEquals(task.pid(), pool.call(CancellingTest::here, 0).get());
    }
  }

  @Test
  void cancellingWhatSleepsInterruptsIt() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(patient())) {
      ProcessTask<Integer> task = pool.call(CancellingTest::sleep, p);
      p.await("began");
      assertTrue(task.cancel(true));
      p.await("interrupted");
      assertEquals(task.pid(), pool.call(CancellingTest::here, 0).get());
    }
  }

  @Test
  void cancellingWithoutInterruptLeavesWhatRunsAlone() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(patient())) {
      ProcessTask<Integer> task = pool.call(CancellingTest::giveIn, p);
      p.await("began");
      assertTrue(task.cancel(false));
      assertThrows(CancellationException.class, task::get);
      p.open("never");
      assertEquals(task.pid(), pool.call(CancellingTest::here, 0).get());
    }
    assertEquals(0, p.count("interrupted"));
  }

  @Test
  void whatIsCancelledBeforeItBeginsNeverDoes() throws Exception {
    Probe p = probe();
    for (boolean interrupt : new boolean[] {false, true}) {
      try (ProcessPool pool = ProcessPool.open(patient())) {
        // So many short ones that the next ones are sent ahead of the one that is held.
        for (int i = 0; i < 300; i++) assertEquals(i, pool.call(n -> n, i).get());
        String gate = "gate " + interrupt;
        ProcessTask<Integer> held = pool.call(q -> pass(q, gate), p);
        List<ProcessTask<Integer>> waiting = new ArrayList<>();
        for (int i = 0; i < 30; i++) waiting.add(pool.call(q -> mark(q, "ran"), p));
        for (int i = 0; i < 30; i += 2) assertTrue(waiting.get(i).cancel(interrupt));
        p.open(gate);
        assertEquals(1, held.get());
        for (int i = 1; i < 30; i += 2) assertEquals(1, waiting.get(i).get());
        // Had one of them been left in the worker, it would run before this.
        assertEquals(held.pid(), pool.call(CancellingTest::here, 0).get());
      }
      assertEquals(interrupt ? 30 : 15, p.count("ran"));
    }
  }

  private static int pass(Probe p, String gate) {
    p.passThroughInterrupts(gate);
    return 1;
  }

  private static int mark(Probe p, String what) {
    p.mark(what);
    return 1;
  }

  @Test
  void aJobEndsOnceHoweverItsEndAndItsCancellationMeet() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(2))) {
      var random = new Random(42);
      List<CancellableJob> jobs = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        var job = new CancellableJob(() -> "done");
        jobs.add(job);
        pool.launch(job);
        // Some at once, some of those that may be anywhere by now.
        if (random.nextInt(3) == 0) jobs.get(random.nextInt(jobs.size())).cancel();
        if (random.nextInt(50) == 0) job.ended.await();
      }
      for (CancellableJob job : jobs) assertTrue(job.ended.await(1, TimeUnit.MINUTES));
      assertEquals(6, pool.call(n -> n + 1, 5).get());
      for (CancellableJob job : jobs) assertEquals(1, job.reports.get());
    }
  }

  @Test
  void randomCancellationsLeaveNothingBehind() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(2).withConcurrency(2))) {
      var random = new Random(7);
      List<ProcessTask<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 3_000; i++) {
        all.add(pool.call(n -> n + 1, i));
        if (random.nextInt(4) == 0)
          all.get(random.nextInt(all.size())).cancel(random.nextBoolean());
      }
      for (int i = 0; i < all.size(); i++) {
        ProcessTask<Integer> t = all.get(i);
        if (t.isCancelled()) assertThrows(CancellationException.class, t::get);
        else assertEquals(i + 1, t.get());
      }
      ProcessTask<Integer> last = pool.call(q -> mark(q, "last"), p);
      assertEquals(1, last.get());
      await().until(() -> Long.valueOf(0).equals(pool.reading().figures().get("unended")));
    }
  }

  @Test
  void shutdownNowFindsWhatIsOnItsWay() throws Exception {
    for (int round = 0; round < 5; round++) {
      ProcessPool pool = ProcessPool.open(SmallPools.of(1));
      assertTrue(pool.awaitReady(Duration.ofMinutes(1)));
      Probe p = probe();
      var started = new CountDownLatch(1);
      Thread submitter =
          Thread.ofPlatform()
              .start(() -> {
                started.countDown();
                try {
                  while (true) {
                    ProcessTask<Integer> unused = pool.call(CancellingTest::giveIn, p);
                  }
                } catch (java.util.concurrent.RejectedExecutionException e) {
                  // The end.
                  return;
                }
              });
      started.await();
      List<Runnable> unused = pool.shutdownNow();
      submitter.join();
      assertTrue(pool.awaitTermination(1, TimeUnit.MINUTES), "a task was missed");
    }
  }
}
