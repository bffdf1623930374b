package dev.brigade.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.policy.Limit;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bounded engines: nesting, waiting, width. */
@HangGuard
class CoresEngineTest {
  private static int depth(Engine e, int levels) throws Exception {
    return levels == 0 ? 0 : 1 + e.submit(() -> depth(e, levels - 1)).get();
  }

  private static int scopes(Engine e, int levels) throws InterruptedException {
    if (levels == 0) return 1;
    return Tasks.on(e)
        .scope(s -> {
          var a = s.fork(() -> scopes(e, levels - 1));
          var b = s.fork(() -> scopes(e, levels - 1));
          return a.join() + b.join();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void nestedSubmissionNeverDeadlocks(int threads) throws Exception {
    try (Engine cores = Engine.openCores(threads)) {
      for (Engine e : List.of(cores, Engine.cores())) {
        assertEquals(50, depth(e, 50));
        var all = new ArrayList<Callable<Integer>>();
        for (int i = 0; i < 8; i++) all.add(() -> depth(e, 5));
        for (Future<Integer> f : e.invokeAll(all)) assertEquals(5, f.get());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void nestedScopesNeverDeadlock(int threads) throws Exception {
    try (Engine cores = Engine.openCores(threads);
        Engine bound = Engine.openThreads(threads)) {
      for (Engine e : List.of(cores, bound, Engine.cores())) {
        assertEquals(256, scopes(e, 8));
        assertEquals(
            20, Tasks.on(e).map(IntStream.range(0, 20).boxed().toList(), i -> scopes(e, 2)).size());
      }
    }
  }

  @Test
  void allThreadsBusyWithWaitersForTheSharedEngineItself() throws Exception {
    int n = Runtime.getRuntime().availableProcessors();
    var together = new CyclicBarrier(n);
    var all = new ArrayList<Future<Integer>>();
    for (int i = 0; i < n; i++)
      all.add(
          Engine.cores()
              .submit(() -> {
                together.await();
                return Engine.cores().submit(() -> 1).get()
                    + Engine.cores().invokeAny(List.<Callable<Integer>>of(() -> 1));
              }));
    for (var f : all) assertEquals(2, f.get());
  }

  @Test
  void whileAThreadWaitsInTheLibraryASpareRuns() throws Exception {
    try (Engine one = Engine.openCores(1)) {
      Limit limit = Limit.of(1);
      var held = limit.acquire();
      Tasks.on(one)
          .runScope(s -> {
            s.run(() -> limit.acquire().close());
            s.run(held::close);
          });
    }
  }

  @Test
  void afterTheWaitersHaveComeBackTheWidthIsTheOldOne() throws Exception {
    var now = new AtomicInteger();
    var peak = new AtomicInteger();
    try (Engine one = Engine.openCores(1)) {
      Limit limit = Limit.of(1);
      var held = limit.acquire();
      var blocked = new CountDownLatch(3);
      var waiters = new ArrayList<Future<?>>();
      for (int i = 0; i < 3; i++)
        waiters.add(
            one.submit(() -> {
              blocked.countDown();
              limit.acquire().close();
              return null;
            }));
      blocked.await();
      held.close();
      for (var w : waiters) w.get();
      Tasks.on(one)
          .runScope(s -> {
            for (int i = 0; i < 200; i++)
              s.run(() -> {
                peak.accumulateAndGet(now.incrementAndGet(), Math::max);
                Thread.yield();
                now.decrementAndGet();
              });
          });
    }
    assertEquals(1, peak.get());
  }

  @Test
  void theBoundOfPlainThreadsIsStrict() throws Exception {
    var now = new AtomicInteger();
    var peak = new AtomicInteger();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (Engine three = Engine.openThreads(3)) {
      var limit = Limit.of(1);
      Tasks.on(three)
          .runScope(s -> {
            for (int i = 0; i < 200; i++)
              s.run(() -> {
                threads.add(Thread.currentThread());
                peak.accumulateAndGet(now.incrementAndGet(), Math::max);
                limit.acquire().close();
                now.decrementAndGet();
              });
          });
    }
    assertTrue(peak.get() <= 3, "peak " + peak);
    assertTrue(threads.size() <= 3, "threads " + threads);
  }

  @Test
  void itsThreadsAreItsOwnAndDoNotKeepTheProgramAlive() throws Exception {
    Thread t = Engine.cores().submit(Thread::currentThread).get();
    assertTrue(t.isDaemon());
    assertFalse(t.isVirtual());
    assertTrue(t instanceof EngineThread);
    assertFalse(t instanceof java.util.concurrent.ForkJoinWorkerThread);
    assertTrue(t.getName().startsWith("brigade-cores-"), t::getName);
  }

  @Test
  void aTaskThatEndsBecauseTheEngineIsShutDownNowSaysSo() throws Exception {
    Engine one = Engine.openThreads(1);
    var stuck = new dev.brigade.task.Stuck();
    var e =
        assertThrows(
            Exception.class,
            () ->
                Tasks.on(one)
                    .runScope(s -> {
                      s.fork(stuck::block);
                      stuck.awaitBegun();
                      s.fork(() -> 1);
                      one.shutdownNow();
                    }));
    assertTrue(e.toString().length() > 0);
    assertTrue(one.awaitTermination(30, java.util.concurrent.TimeUnit.SECONDS));
  }
}
