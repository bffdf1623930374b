package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import dev.brigade.time.TimeSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** While nobody observes, events cost no memory. */
class SilentEventsTest {
  private static final int ROUNDS = 2_000;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What one round allocates at best, of several measurements: class loading happens once. */
  private static double bytesEach(Work<?, ?> round) throws Exception {
    double best = Double.MAX_VALUE;
    for (int attempt = 0; attempt < 5; attempt++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < ROUNDS; i++) round.call();
      long after = THREADS.getCurrentThreadAllocatedBytes();
      best = Math.min(best, (after - before) / (double) ROUNDS);
    }
    return best;
  }

  @Test
  void theMeasurementSeesAllocation() throws Exception {
    assertTrue(bytesEach(() -> new Object[10]) >= 16);
  }

  @Test
  void emittingAllocatesNothing() throws Exception {
    assertFalse(Observers.present());
    var failure = new IOException();
    double bytes =
        bytesEach(() -> {
          for (TaskEvent.Kind kind : KINDS)
            Events.emit(kind, null, TimeSource.system(), "detail", failure);
          Events.emitHere(TaskEvent.Kind.WAITING, TimeSource.system(), null);
          return null;
        });
    assertEquals(0, bytes, 1);
  }

  private static final TaskEvent.Kind[] KINDS = TaskEvent.Kind.values();

  @Test
  void theRunOfATaskAllocatesItsOutcomeAndNothingElse() throws Exception {
    assertFalse(Observers.present());
    var launched = new ArrayList<Job>(ROUNDS);
    try (Engine threads = Engine.openThreads(1)) {
      Engine byHand = Launching.instead(threads, launched::add);
      double best = Double.MAX_VALUE;
      for (int attempt = 0; attempt < 5; attempt++)
        best = Math.min(best, Tasks.on(byHand).scope(s -> bytesOfEachRun(s, launched)));
      // The record of a success is 16 bytes, or 24 without compressed class pointers.
      assertTrue(best <= 32, "bytes " + best);
      assertTrue(best >= 16, "bytes " + best);
    }
  }

  private static double bytesOfEachRun(TaskScope s, ArrayList<Job> launched) {
    launched.clear();
    for (int i = 0; i < ROUNDS; i++) s.fork(() -> null);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ROUNDS; i++) launched.get(i).run();
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) ROUNDS;
  }
}
