package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A worker that is held up while it reads what a task takes. */
class StuckReadingTest {
  /** Can be written, and is never read to the end in a worker. */
  private static final class Tar implements Serializable {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("UnusedMethod") // serialisation calls it
    private void readObject(ObjectInputStream in) {
      while (Worker.isWorker()) LockSupport.park(this);
    }
  }

  @Test
  void readingAnArgumentCountsAsRunningAndIsKilled() throws Exception {
    WorkerOptions worker = WorkerOptions.of().withGrace(Duration.ofMillis(100));
    TaskRules rules = TaskRules.plain().withTimeout(Duration.ofMillis(300));
    try (ProcessPool pool = ProcessPool.open(ProcessOptions.of(1).withWorker(worker))) {
      ProcessTask<Integer> stuck = pool.call(rules, (Tar t) -> 1, new Tar());
      assertThrows(ExecutionException.class, () -> stuck.get(1, TimeUnit.MINUTES));
      assertEquals(2, pool.call((Integer n) -> n + 1, 1).get(1, TimeUnit.MINUTES));
    }
  }
}
