package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.process.ProcessOptions.WhenFull;
import dev.brigade.task.Tasks;
import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Probe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order tasks leave the queue, and what happens when it is full. */
@LeakChecked
class QueueTest {
  @TempDir private Path folder;

  private Probe probe() {
    return new Probe(folder.toString());
  }

  private static int hold(Probe p) {
    p.mark("began");
    p.passThroughInterrupts("go");
    return 0;
  }

  private static int mark(Probe p, String what) {
    p.mark(what);
    return 1;
  }

  private ProcessTask<Integer> held(ProcessPool pool) throws Exception {
    Probe p = probe();
    ProcessTask<Integer> held = pool.call(QueueTest::hold, p);
    p.await("began");
    return held;
  }

  private static long queued(ProcessPool pool) {
    return SmallPools.figure(pool, "queued");
  }

  @Test
  void higherPrioritiesGoFirstAndEqualOnesInOrder() throws Exception {
    Probe p = probe();
    List<ProcessTask<Integer>> all = new ArrayList<>();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      ProcessTask<Integer> held = held(pool);
      int[] priorities = {0, 5, -1, 5, Integer.MAX_VALUE, 0, Integer.MIN_VALUE, 7};
      for (int i = 0; i < priorities.length; i++) {
        String what = priorities[i] + "/" + i;
        TaskRules rules = TaskRules.plain().withPriority(priorities[i]);
        all.add(pool.call(rules, q -> mark(q, what), p));
      }
      p.open("go");
      assertEquals(0, held.get());
      for (var t : all) assertEquals(1, t.get());
    }
    assertEquals(
        List.of(
            "began",
            Integer.MAX_VALUE + "/4",
            "7/7",
            "5/1",
            "5/3",
            "0/0",
            "0/5",
            "-1/2",
            Integer.MIN_VALUE + "/6"),
        p.events());
  }

  @Test
  void aFullQueueRejects() throws Exception {
    Probe p = probe();
    var options = SmallPools.of(1).withQueue(2, 1 << 20, WhenFull.REJECT);
    try (ProcessPool pool = ProcessPool.open(options)) {
      ProcessTask<Integer> held = held(pool);
      ProcessTask<Integer> a = pool.call(q -> mark(q, "a"), p);
      ProcessTask<Integer> b = pool.call(q -> mark(q, "b"), p);
      var e =
          assertThrows(
              RejectedExecutionException.class, () -> pool.call(q -> mark(q, "too many"), p));
      assertTrue(String.valueOf(e.getMessage()).contains("2 tasks"), e.getMessage());
      // A cancelled one leaves its place.
      assertTrue(a.cancel(false));
      ProcessTask<Integer> c = pool.call(q -> mark(q, "c"), p);
      p.open("go");
      assertEquals(0, held.get());
      assertEquals(1, b.get());
      assertEquals(1, c.get());
    }
    assertEquals(List.of("began", "b", "c"), p.events());
  }

  @Test
  void bytesFillAQueueToo() throws Exception {
    var options = SmallPools.of(1).withQueue(1000, 10_000, WhenFull.REJECT);
    try (ProcessPool pool = ProcessPool.open(options)) {
      ProcessTask<Integer> held = held(pool);
      // One alone may be bigger than all that may wait.
      ProcessTask<Integer> big = pool.call(a -> a.length, new byte[50_000]);
      assertThrows(RejectedExecutionException.class, () -> pool.call(a -> a.length, new byte[1]));
      assertTrue(big.cancel(true));
      ProcessTask<Integer> small = pool.call(a -> a.length, new byte[6_000]);
      assertThrows(
          RejectedExecutionException.class, () -> pool.call(a -> a.length, new byte[6_000]));
      probe().open("go");
      assertEquals(0, held.get());
      assertEquals(6_000, small.get());
      assertEquals(50_000, pool.call(a -> a.length, new byte[50_000]).get());
      await().until(() -> SmallPools.figure(pool, "queuedBytes") == 0);
    }
  }

  @Test
  void theOldestMakesRoomHoweverUrgent() throws Exception {
    Probe p = probe();
    var options = SmallPools.of(1).withQueue(2, 1 << 20, WhenFull.DISCARD_OLDEST);
    try (ProcessPool pool = ProcessPool.open(options)) {
      ProcessTask<Integer> held = held(pool);
      List<ProcessTask<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        String what = "task " + i;
        all.add(pool.call(TaskRules.plain().withPriority(-i), q -> mark(q, what), p));
      }
      for (int i = 0; i < 3; i++) {
        ProcessTask<Integer> old = all.get(i);
        var e = assertThrows(ExecutionException.class, old::get);
        assertInstanceOf(RejectedExecutionException.class, e.getCause());
      }
      p.open("go");
      assertEquals(0, held.get());
      assertEquals(1, all.get(3).get());
      assertEquals(1, all.get(4).get());
    }
    assertEquals(List.of("began", "task 3", "task 4"), p.events());
  }

  @Test
  void severalOldOnesMakeRoomForABigOneAndTheirHoldersMayUseThePool() throws Exception {
    var options = SmallPools.of(1).withQueue(100, 10_000, WhenFull.DISCARD_OLDEST);
    try (ProcessPool pool = ProcessPool.open(options)) {
      ProcessTask<Integer> held = held(pool);
      var told = new CountDownLatch(4);
      var goOn = new CountDownLatch(1);
      List<HeldJob> jobs = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        byte[] load = new byte[2_000];
        var job = new HeldJob(() -> load.length, told, goOn);
        jobs.add(job);
        pool.launch(job);
      }
      Thread submitter =
          Thread.ofPlatform()
              .start(() -> {
                ProcessTask<Integer> unused = pool.call(a -> a.length, new byte[9_000]);
              });
      // The submitter stands in the first report; the pool must not stand with it.
      await().until(() -> told.getCount() < 4);
      assertEquals(1, queued(pool));
      goOn.countDown();
      submitter.join();
      for (HeldJob job : jobs) assertEquals(1, job.reports.get());
      probe().open("go");
      assertEquals(0, held.get());
    }
  }

  private static Thread submitter(ProcessPool pool, Probe p, List<Throwable> failures) {
    Thread t =
        Thread.ofPlatform()
            .start(() -> {
              try {
                ProcessTask<Integer> unused = pool.call(q -> mark(q, "waited"), p);
              } catch (Throwable e) {
                failures.add(e);
                if (Thread.currentThread().isInterrupted()) p.mark("flag kept");
              }
            });
    await().until(() -> t.getState() == Thread.State.WAITING || !t.isAlive());
    return t;
  }

  @Test
  void aSubmitterWaitsForRoom() throws Exception {
    Probe p = probe();
    List<Throwable> failures = new ArrayList<>();
    try (ProcessPool pool =
        ProcessPool.open(SmallPools.of(1).withQueue(1, 1 << 20, WhenFull.WAIT))) {
      ProcessTask<Integer> held = held(pool);
      ProcessTask<Integer> queued = pool.call(q -> mark(q, "queued"), p);
      Thread t = submitter(pool, p, failures);
      assertEquals(1, queued(pool));
      p.open("go");
      t.join();
      assertEquals(0, held.get());
      assertEquals(1, queued.get());
    }
    assertEquals(List.of(), failures);
    assertEquals(List.of("began", "queued", "waited"), p.events());
  }

  @Test
  void aSubmitterThatWaitsIsRejectedWhenItIsInterrupted() throws Exception {
    Probe p = probe();
    List<Throwable> failures = new ArrayList<>();
    try (ProcessPool pool =
        ProcessPool.open(SmallPools.of(1).withQueue(1, 1 << 20, WhenFull.WAIT))) {
      ProcessTask<Integer> held = held(pool);
      ProcessTask<Integer> queued = pool.call(q -> mark(q, "queued"), p);
      Thread t = submitter(pool, p, failures);
      t.interrupt();
      t.join();
      p.open("go");
      assertEquals(0, held.get());
      assertEquals(1, queued.get());
    }
    assertInstanceOf(RejectedExecutionException.class, failures.getFirst());
    assertEquals(List.of("began", "flag kept", "queued"), p.events());
  }

  @Test
  void aSubmitterThatWaitsIsRejectedWhenThePoolIsShutDown() throws Exception {
    Probe p = probe();
    List<Throwable> failures = new ArrayList<>();
    try (ProcessPool pool =
        ProcessPool.open(SmallPools.of(1).withQueue(1, 1 << 20, WhenFull.WAIT))) {
      ProcessTask<Integer> held = held(pool);
      ProcessTask<Integer> queued = pool.call(q -> mark(q, "queued"), p);
      Thread t = submitter(pool, p, failures);
      pool.shutdown();
      t.join();
      p.open("go");
      assertEquals(0, held.get());
      assertEquals(1, queued.get());
    }
    assertInstanceOf(RejectedExecutionException.class, failures.getFirst());
    assertEquals(List.of("began", "queued"), p.events());
  }

  @Test
  void aFutureRunsOnceHoweverOftenItIsHandedIn() throws Exception {
    Probe p = probe();
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      ProcessTask<Integer> held = held(pool);
      ProcessTask<Integer> task = pool.call(q -> mark(q, "ran"), p);
      var again = new FutureTask<>((Runnable) task, "ran here");
      Thread t = Thread.ofPlatform().start(again);
      pool.execute((Runnable) task);
      p.open("go");
      assertEquals(0, held.get());
      assertEquals(1, task.get());
      assertEquals("ran here", again.get());
      t.join();
      assertEquals(1, pool.call(q -> mark(q, "last"), p).get());
    }
    assertEquals(List.of("began", "ran", "last"), p.events());
  }

  /** Counts as it goes: {@code pulled} by the caller of the map, {@code done} by whoever folds. */
  private static final class Counting implements Iterable<Integer> {
    private final int size;
    private long pulled;
    private long done;
    private long ahead;

    Counting(int size) {
      this.size = size;
    }

    synchronized int pull() {
      pulled++;
      ahead = Math.max(ahead, pulled - done);
      return (int) (pulled - 1);
    }

    synchronized void done() {
      done++;
    }

    @Override
    public Iterator<Integer> iterator() {
      return new Iterator<>() {
        private int next;

        @Override
        public boolean hasNext() {
          return next < size;
        }

        @Override
        public Integer next() {
          next++;
          return pull();
        }
      };
    }
  }

  @Test
  void aMapOfAMillionItemsPullsThemAsItGoes() throws Exception {
    int n = 1_000_000;
    var items = new Counting(n);
    long sum = 0;
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(2));
        var done = Tasks.on(pool).asCompleted(items, i -> (long) i)) {
      for (var c : done) {
        sum += c.outcome().orThrow();
        items.done();
      }
    }
    assertEquals((long) n * (n - 1) / 2, sum);
    // Four batches of at most 65,536 items are out.
    assertTrue(items.ahead <= 5 * 65_536, items.ahead + " items were pulled ahead");
  }
}
