package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.task.DeadlineException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Workers that are stopped, so that they neither answer nor end. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StoppedWorkerTest {
  private static ProcessPool pool(Duration silence) {
    var times = new WorkerOptions.Times(Duration.ofSeconds(60), Duration.ofMillis(100), silence);
    return ProcessPool.open(SmallPools.of(1).withWorker(SmallPools.worker().withTimes(times)));
  }

  private static long stoppedWorker(ProcessPool pool) throws Exception {
    long pid = pool.call(_ -> ProcessHandle.current().pid(), 0).get();
    WorkerDeathTest.kill(pid, "-STOP");
    return pid;
  }

  @Test
  void itsSilenceEndsIt() throws Exception {
    try (ProcessPool pool = pool(Duration.ofSeconds(1))) {
      long pid = stoppedWorker(pool);
      // It is sent to the worker, which does not begin it: so it runs elsewhere.
      ProcessTask<Long> task = pool.call(_ -> ProcessHandle.current().pid(), 0);
      assertNotEquals(pid, task.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void itsTaskIsLostIfItHadBegun() throws Exception {
    try (ProcessPool pool = pool(Duration.ofSeconds(1))) {
      ProcessTask<Integer> task = pool.call(Faults::stopOneself, 1);
      var e = assertThrows(ExecutionException.class, () -> task.get(60, TimeUnit.SECONDS));
      var died = assertInstanceOf(WorkerDiedException.class, e.getCause());
      assertEquals(WorkerDiedException.Cause.SILENT, died.reason());
    }
  }

  @Test
  void itsTaskEndsIfItGoesOnInTime() throws Exception {
    try (ProcessPool pool = pool(Duration.ofSeconds(60))) {
      long pid = stoppedWorker(pool);
      ProcessTask<Long> task = pool.call(_ -> ProcessHandle.current().pid(), 0);
      WorkerDeathTest.kill(pid, "-CONT");
      assertEquals(pid, task.get(60, TimeUnit.SECONDS));
    }
  }

  @Test
  void aTimeoutEndsIt() throws Exception {
    try (ProcessPool pool = pool(Duration.ofSeconds(60))) {
      var rules = TaskRules.plain().withTimeout(Duration.ofMillis(200));
      ProcessTask<Integer> task = pool.call(rules, Faults::stopOneself, 1);
      var e = assertThrows(ExecutionException.class, () -> task.get(60, TimeUnit.SECONDS));
      assertInstanceOf(DeadlineException.class, e.getCause());
      assertEquals(2, pool.call(n -> n + 1, 1).get(60, TimeUnit.SECONDS));
    }
  }
}
