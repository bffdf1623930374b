package dev.brigade.process;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.testing.LeakChecked;
import dev.brigade.testing.conformance.Probe;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who opens, uses and closes pools, when, and what is left. */
@LeakChecked
class LifecycleTest {
  @TempDir private Path folder;

  private static int hold(Probe p) throws InterruptedException {
    p.mark("began");
    p.pass("go");
    return 1;
  }

  private static long here(int unused) {
    return ProcessHandle.current().pid();
  }

  @Test
  void aRefusedNullLeavesThePoolAsItWas() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      TaskRules none = Null.value();
      assertThrows(NullPointerException.class, () -> pool.call(none, n -> n, 1));
      assertThrows(NullPointerException.class, () -> pool.with(none));
      assertEquals(2, pool.call(n -> n, 2).get(1, TimeUnit.MINUTES));
    }
  }

  @Test
  void interruptsOfSubmittersBreakNoConnection() throws Exception {
    try (ProcessPool pool = ProcessPool.open(SmallPools.of(1))) {
      assertTrue(pool.awaitReady(Duration.ofMinutes(1)));
      long pid = pool.workers().getFirst().pid();
      var over = new AtomicBoolean();
      var done = new AtomicInteger();
      List<Throwable> surprises = new ArrayList<>();
      List<Thread> users = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
        users.add(
            builder.start(() -> {
              byte[] load = new byte[50_000];
              while (!over.get()) {
                try {
                  if (pool.call(a -> a.length, load).get() == load.length) done.incrementAndGet();
                } catch (InterruptedException e) {
                  // Expected in get.
                } catch (Throwable e) {
                  synchronized (surprises) {
                    surprises.add(e);
                  }
                  return;
                }
              }
            }));
      }
      var random = new Random(3);
      for (int i = 0; i < 3_000; i++) {
        users.get(random.nextInt(users.size())).interrupt();
        if (i % 100 == 0) {
          int before = done.get();
          await().until(() -> done.get() > before || !surprises.isEmpty());
        }
      }
      over.set(true);
      for (Thread t : users) t.join();
      assertEquals(List.of(), surprises);
      assertEquals(pid, pool.call(LifecycleTest::here, 0).get());
    }
  }

  private static ProcessPool openedOn(Thread.Builder builder) throws Exception {
    var opened = new FutureTask<ProcessPool>(() -> ProcessPool.open(SmallPools.of(1)));
    Thread t = builder.start(opened);
    t.join();
    return opened.get();
  }

  @Test
  void aPoolOutlivesTheThreadThatOpenedIt() throws Exception {
    for (Thread.Builder builder : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      try (ProcessPool pool = openedOn(builder)) {
        long pid = pool.call(LifecycleTest::here, 0).get();
        for (int i = 0; i < 100; i++) assertEquals(pid, pool.call(LifecycleTest::here, 0).get());
      }
    }
  }

  @Test
  void twoPoolsKnowNothingOfEachOther() throws Exception {
    try (ProcessPool a = ProcessPool.open(SmallPools.of(1));
        ProcessPool b = ProcessPool.open(SmallPools.of(1))) {
      long inA = a.call(LifecycleTest::here, 0).get();
      long inB = b.call(LifecycleTest::here, 0).get();
      assertNotEquals(inA, inB);
      a.shutdown();
      assertTrue(a.awaitTermination(1, TimeUnit.MINUTES));
      assertEquals(inB, b.call(LifecycleTest::here, 0).get());
    }
  }

  @Test
  void aPoolThatStartsCanBeClosed() throws Exception {
    for (int i = 0; i < 3; i++) {
      ProcessPool pool = ProcessPool.open(SmallPools.of(2));
      pool.close();
      assertTrue(pool.isTerminated());
      assertEquals(List.of(), pool.workers());
    }
  }

  @Test
  void aShutdownWhileItStartsLetsWhatWaitsRun() throws Exception {
    ProcessPool pool = ProcessPool.open(SmallPools.of(1));
    ProcessTask<Integer> task = pool.call(n -> n + 1, 4);
    pool.shutdown();
    assertEquals(5, task.get());
    pool.close();
    assertTrue(pool.isTerminated());
  }

  @Test
  void severalCloseAtOnceWhileTasksRun() throws Exception {
    var p = new Probe(folder.toString());
    ProcessPool pool = ProcessPool.open(SmallPools.of(1));
    ProcessTask<Integer> task = pool.call(LifecycleTest::hold, p);
    p.await("began");
    List<Thread> closers = new ArrayList<>();
    for (int i = 0; i < 4; i++) closers.add(Thread.ofPlatform().start(pool::close));
    for (Thread t : closers) await().until(() -> t.getState() == Thread.State.TIMED_WAITING);
    p.open("go");
    for (Thread t : closers) t.join();
    assertEquals(1, task.get());
  }

  @Test
  void submissionsAndShutdownMeetWithoutATaskInBetween() throws Exception {
    for (int round = 0; round < 3; round++) {
      ProcessPool pool = ProcessPool.open(SmallPools.of(2));
      assertTrue(pool.awaitReady(Duration.ofMinutes(1)));
      var started = new CountDownLatch(3);
      List<FutureTask<Integer>> submitters = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        var s = new FutureTask<Integer>(() -> submitUntilRejected(pool, started));
        submitters.add(s);
        Thread unused = Thread.ofPlatform().start(s);
      }
      started.await();
      pool.shutdown();
      for (var s : submitters) assertTrue(s.get() > 0);
      pool.close();
    }
  }

  /** All that were taken end with their value. */
  private static int submitUntilRejected(ProcessPool pool, CountDownLatch started)
      throws Exception {
    List<ProcessTask<Integer>> taken = new ArrayList<>();
    try {
      while (true) {
        taken.add(pool.call(n -> n, taken.size()));
        if (taken.size() == 1) started.countDown();
      }
    } catch (RejectedExecutionException e) {
      for (int i = 0; i < taken.size(); i++) assertEquals(i, taken.get(i).get());
      return taken.size();
    }
  }

  private static int descriptors() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }

  private static long children() {
    return ProcessHandle.current().children().count();
  }

  private static List<String> folders() {
    String mine = "brigade-";
    List<String> found = new ArrayList<>();
    for (String name : Objects.requireNonNull(new File("/tmp").list()))
      if (name.startsWith(mine) && name.contains("-" + ProcessHandle.current().pid() + "-"))
        found.add(name);
    return found;
  }

  private static void openAndClose(int i) throws Exception {
    ProcessPool pool = ProcessPool.open(SmallPools.of(1));
    // Some used, some ready, some starting, some just opened.
    if (i % 4 == 0) assertEquals(i, pool.call(n -> n, i).get());
    if (i % 4 == 1) assertTrue(pool.awaitReady(Duration.ofMinutes(1)));
    if (i % 4 == 2) await().until(() -> pool.workers().getFirst().pid() > 0);
    if (i % 8 == 0) pool.shutdownNow();
    pool.close();
  }

  @Test
  void openingAndClosingLeavesNothing() throws Exception {
    Assumptions.assumeTrue(new File("/proc/self/fd").isDirectory());
    int rounds = Integer.getInteger("brigade.pool.cycles", 24);
    for (int i = 0; i < 8; i++) openAndClose(i);
    await().until(() -> children() == 0);
    System.gc();
    int before = descriptors();
    for (int i = 0; i < rounds; i++) openAndClose(i);
    await().until(() -> children() == 0);
    assertEquals(List.of(), folders());
    int after = descriptors();
    assertTrue(after <= before + 2, before + " descriptors before, " + after + " after");
  }
}
