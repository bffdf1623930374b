package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.testing.LeakChecked;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Tasks that are bigger than a worker can take. */
@LeakChecked
class BigTaskTest {
  private static ProcessOptions small() {
    return ProcessOptions.of(1)
        .withWorker(
            WorkerOptions.of()
                .withHeapBytes(24 << 20)
                .withJvmOptions("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
  }

  @Test
  void aTaskThatItsWorkerHasNoRoomToReadFailsAndIsNotTriedForEver() throws Exception {
    try (var pool = ProcessPool.open(small())) {
      var tooBig = pool.call((byte[] b) -> b.length, new byte[48 << 20]);
      var behind = pool.call((Integer i) -> i + 1, 1);

      var e = assertThrows(ExecutionException.class, () -> tooBig.get(60, TimeUnit.SECONDS));
      var death = assertInstanceOf(WorkerDiedException.class, e.getCause());
      assertEquals(WorkerDiedException.Cause.OUT_OF_MEMORY, death.reason());
      assertEquals(2, behind.get(60, TimeUnit.SECONDS));
    }
  }
}
