package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Answers that a worker has kept to send them together are not lost with it. */
class KeptAnswersTest {
  private static final int FATAL = 20;

  private static int orHalt(int n) {
    if (n == FATAL) Runtime.getRuntime().halt(3);
    return n;
  }

  @Test
  void aDeathCostsTheTaskThatRanAndNoneThatHadEnded() throws Exception {
    try (ProcessPool pool = ProcessPool.open(1)) {
      for (int round = 0; round < 10; round++) {
        // So many short ones that they are sent ahead of each other.
        for (int i = 0; i < 200; i++)
          assertEquals(-i, pool.call(KeptAnswersTest::orHalt, -i).get());
        List<ProcessTask<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 40; i++) tasks.add(pool.call(KeptAnswersTest::orHalt, i));
        for (int i = 0; i < 40; i++) {
          ProcessTask<Integer> t = tasks.get(i);
          if (i != FATAL) assertEquals(i, t.get());
          else
            assertInstanceOf(
                WorkerDiedException.class,
                assertThrows(ExecutionException.class, t::get).getCause());
        }
      }
    }
  }
}
