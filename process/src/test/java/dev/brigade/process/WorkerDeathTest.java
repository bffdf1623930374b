package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Fn;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker's death costs the task that it ran, and nothing else. */
@LeakChecked
class WorkerDeathTest {
  @TempDir private Path folder;

  private Probe probe() {
    return new Probe(folder.toString());
  }

  private static WorkerDiedException death(ProcessTask<?> task) {
    var e = assertThrows(ExecutionException.class, task::get);
    return assertInstanceOf(WorkerDiedException.class, e.getCause());
  }

  static void kill(long pid, String signal) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor());
  }

  private static int halt(int code) {
    Runtime.getRuntime().halt(code);
    return 0;
  }

  private static int exit(int code) {
    System.exit(code);
    return 0;
  }

  private static int hold(Probe p) throws InterruptedException {
    p.mark("began");
    p.pass("go");
    p.mark("ended");
    return 1;
  }

  private static int mark(Probe p, String what) {
    p.mark(what);
    return 1;
  }

  private static void assertDies(Fn<Integer, Integer, ?> end, int code) throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      WorkerDiedException e = death(pool.call(end, code));
      assertEquals(WorkerDiedException.Cause.EXIT, e.reason());
      assertEquals(code, e.exitCode());
      assertEquals(5, pool.call(n -> n + 1, 4).get());
    }
  }

  @Test
  void aHaltCostsTheTaskThatHalted() throws Exception {
    assertDies(WorkerDeathTest::halt, 3);
  }

  @Test
  void anExitCostsTheTaskThatExited() throws Exception {
    assertDies(WorkerDeathTest::exit, 4);
  }

  @Test
  void whatWaitedRunsOnceElsewhere() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      // Short ones, so that the next ones are sent ahead.
      for (int i = 0; i < 200; i++) assertEquals(i, pool.call(n -> n, i).get());
      ProcessTask<Integer> held = pool.call(WorkerDeathTest::hold, p);
      List<ProcessTask<Integer>> waiting = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String what = "task " + i;
        waiting.add(pool.call(q -> mark(q, what), p));
      }
      p.await("began");
      long pid = held.pid();
      kill(pid, "-KILL");
      WorkerDiedException e = death(held);
      assertEquals(WorkerDiedException.Cause.SIGNAL, e.reason());
      assertEquals(128 + 9, e.exitCode());
      assertEquals(pid, e.pid());
      for (var t : waiting) {
        assertEquals(1, t.get());
        assertNotEquals(pid, t.pid());
      }
      for (int i = 0; i < 40; i++) assertEquals(1, p.count("task " + i));
      assertEquals(1, p.count("began"));
      assertEquals(0, p.count("ended"));
    }
  }

  private static int haltFirst(Probe p) {
    p.mark("began");
    if (p.count("began") == 1) Runtime.getRuntime().halt(1);
    return p.count("began");
  }

  @Test
  void aTaskThatHadBegunIsNotRunAgainUnasked() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      WorkerDiedException unused = death(pool.call(WorkerDeathTest::haltFirst, p));
      assertEquals(7, pool.call(n -> n, 7).get());
    }
    assertEquals(1, p.count("began"));
  }

  @Test
  void aTaskThatDoesNoHarmTwiceIsRunAgain() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      TaskRules rules = TaskRules.plain().withCrashRetries(1);
      assertEquals(2, pool.call(rules, WorkerDeathTest::haltFirst, p).get());
    }
  }

  @Test
  void onlyCrashesAreTriedAgain() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      ProcessTask<Integer> task =
          pool.call(TaskRules.plain().withCrashRetries(1), WorkerDeathTest::fail, p);
      var e = assertThrows(ExecutionException.class, task::get);
      assertInstanceOf(IllegalArgumentException.class, e.getCause());
    }
    assertEquals(1, p.count("began"));
  }

  private static int fail(Probe p) {
    p.mark("began");
    throw new IllegalArgumentException("no crash");
  }

  private static int haltAlways(Probe p) {
    p.mark("began");
    Runtime.getRuntime().halt(1);
    return 0;
  }

  @Test
  void theSecondCrashIsTheLast() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(2))) {
      TaskRules rules = TaskRules.plain().withCrashRetries(100);
      WorkerDiedException unused = death(pool.call(rules, WorkerDeathTest::haltAlways, p));
      assertEquals(7, pool.call(n -> n, 7).get());
    }
    assertEquals(2, p.count("began"));
  }

  @Test
  void whatWasAnsweredBeforeTheDeathIsNotLostWithIt() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      assertTrue(pool.awaitReady(java.time.Duration.ofMinutes(1)));
      long pid = pool.workers().getFirst().pid();
      var told = new CountDownLatch(1);
      var goOn = new CountDownLatch(1);
      // The lane's reader is held up in the end of the first.
      var first = new HeldJob(() -> "first", told, goOn);
      pool.launch(first);
      assertTrue(told.await(1, TimeUnit.MINUTES));
      ProcessTask<Integer> second = pool.call(q -> mark(q, "second"), p);
      p.await("second");
      // It goes out as soon as nothing more has come.
      ProcessTask<Integer> third = pool.call(WorkerDeathTest::hold, p);
      kill(pid, "-KILL");
      await().until(() -> pool.workers().stream().anyMatch(w -> w.pid() > 0 && w.pid() != pid));
      goOn.countDown();
      assertEquals(1, second.get());
      p.open("go");
      assertEquals(1, third.get());
    }
    assertEquals(1, p.count("began"));
  }
}
