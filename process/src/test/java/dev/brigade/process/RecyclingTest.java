package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.conformance.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that are replaced after so many tasks. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecyclingTest {
  @TempDir private Path folder;

  @Test
  void eachTaskCanHaveAWorkerOfItsOwn() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1).withMaxTasks(1))) {
      assertEquals(3, tasksByWorker(pool, 3).size());
      // Those and one that is ready, for which another may be coming: none was used up for nothing.
      for (WorkerInfo w : pool.workers()) assertTrue(w.number() <= 5, w.toString());
    }
  }

  @Test
  void noWorkerRunsMoreThanItMayAndNoTaskIsLostOrDoubled() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(2).withMaxTasks(5))) {
      Map<Long, Integer> all = tasksByWorker(pool, 20);
      for (var e : all.entrySet()) assertTrue(e.getValue() <= 5, all.toString());
      assertEquals(20, all.values().stream().mapToInt(n -> n).sum());
    }
  }

  private Map<Long, Integer> tasksByWorker(ProcessPool pool, int tasks) throws Exception {
    var probe = new Probe(folder.toString());
    List<ProcessTask<Long>> out = new ArrayList<>();
    for (int i = 0; i < tasks; i++)
      out.add(
          pool.call(
              n -> {
                probe.mark("task " + n);
                return ProcessHandle.current().pid();
              },
              i));
    Map<Long, Integer> all = new HashMap<>();
    for (var t : out) {
      int unused = all.merge(t.get(), 1, Integer::sum);
    }
    for (int i = 0; i < tasks; i++) assertEquals(1, probe.count("task " + i), "starts of " + i);
    return all;
  }
}
