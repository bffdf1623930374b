package dev.brigade.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.policy.Limit;
import dev.brigade.task.CancelToken;
import dev.brigade.task.CancelledException;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Outcome;
import dev.brigade.task.Task;
import dev.brigade.task.TaskScope;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LeakChecked
class VirtualClockTest {
  private final VirtualClock clock = new VirtualClock();

  private static Duration hours(long n) {
    return Duration.ofHours(n);
  }

  private static Duration seconds(long n) {
    return Duration.ofSeconds(n);
  }

  @Test
  void aYearOfSleepsInOneBodyTakesNoTime() throws Exception {
    Tasks.time(clock)
        .runScope(s -> {
          for (int day = 0; day < 365; day++) Tasks.sleep(hours(24));
        });
    assertEquals(hours(24 * 365), clock.now());
  }

  @Test
  void tasksSleepTogether() throws Exception {
    Tasks.time(clock)
        .runScope(s -> IntStream.range(0, 50).forEach(i -> s.run(() -> Tasks.sleep(hours(1)))));
    assertEquals(hours(1), clock.now());
  }

  @Test
  void hundredsOfTasksEndInTheOrderOfTheirSleeps() throws Exception {
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    List<Integer> shuffled = new ArrayList<>(IntStream.range(0, 500).boxed().toList());
    Collections.shuffle(shuffled, new java.util.Random(7));
    Tasks.time(clock)
        .runScope(s -> {
          for (int n : shuffled)
            s.run(() -> {
              Tasks.sleep(seconds(1 + n));
              order.add(n);
            });
        });
    assertEquals(IntStream.range(0, 500).boxed().toList(), order);
    assertEquals(seconds(500), clock.now());
  }

  @Test
  void eachTaskWakesAtExactlyItsTimeAgainAndAgain() throws Exception {
    Tasks.time(clock)
        .runScope(s -> {
          for (int i = 1; i <= 20; i++) {
            int step = i;
            s.run(() -> {
              for (int k = 1; k <= 50; k++) {
                Tasks.sleep(seconds(step));
                assertEquals(seconds((long) k * step), clock.now());
              }
            });
          }
        });
    assertEquals(seconds(1000), clock.now());
  }

  @Test
  void alarmsOfOneInstantRunInTheOrderOfScheduling() throws Exception {
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 100; i++) {
      int n = i;
      clock.schedule(seconds(5).toNanos(), () -> order.add(n));
    }
    assertEquals(100, clock.pendingAlarms());
    clock.advance(seconds(5));
    assertEquals(IntStream.range(0, 100).boxed().toList(), order);
    assertEquals(0, clock.pendingAlarms());
  }

  @Test
  void aCancelledAlarmDoesNotRun() throws Exception {
    var ran = new AtomicInteger();
    var alarm = clock.schedule(5, ran::incrementAndGet);
    clock.schedule(6, () -> ran.addAndGet(10));
    alarm.cancel();
    clock.advance(Duration.ofNanos(10));
    assertEquals(10, ran.get());
  }

  @Test
  void aDeadlineStrikesAtItsTime() throws Exception {
    Tasks.time(clock)
        .runScope(s -> {
          assertThrows(
              DeadlineException.class,
              () -> Tasks.runWithin(hours(2), () -> Tasks.sleep(hours(3))));
          assertEquals(hours(2), clock.now());
          assertFalse(Thread.currentThread().isInterrupted());
          Tasks.sleep(hours(1));
        });
    assertEquals(hours(3), clock.now());
  }

  @Test
  void aDeadlineOfAFanOutStrikesAtItsTime() {
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock).within(seconds(90)).map(List.of(60, 120, 180), n -> sleepSeconds(n)));
    assertEquals(seconds(90), clock.now());
  }

  private static int sleepSeconds(int n) throws InterruptedException {
    Tasks.sleep(seconds(n));
    return n;
  }

  @Test
  void nestedDeadlinesStrikeTheInnerFirst() throws Exception {
    String result =
        Tasks.time(clock)
            .scope(s ->
                Tasks.within(
                    hours(5),
                    () ->
                        Tasks.withinOr(
                            hours(1),
                            "fallback",
                            () -> {
                              Tasks.sleep(hours(9));
                              return "never";
                            })));
    assertEquals("fallback", result);
    assertEquals(hours(1), clock.now());
  }

  @Test
  void nestedScopesShareTheTime() throws Exception {
    int sum =
        Tasks.time(clock)
            .scope(s -> {
              var a = s.fork(() -> nested(3));
              var b = s.fork(() -> nested(4));
              return a.join() + b.join();
            });
    assertEquals(27 + 81, sum);
    assertEquals(hours(4), clock.now());
  }

  /** The number of leaves of a tree of scopes, each level of which takes an hour. */
  private static int nested(int depth) throws InterruptedException {
    Tasks.sleep(hours(1));
    if (depth == 1) return 3;
    return Tasks.map(List.of(1, 2, 3), i -> nested(depth - 1)).stream().mapToInt(i -> i).sum();
  }

  @Test
  void waitersOfALimitTakeTurns() throws Exception {
    var limit = Limit.of(3);
    var inside = new AtomicInteger();
    var peak = new AtomicInteger();
    Tasks.time(clock)
        .runScope(s -> {
          for (int i = 0; i < 30; i++)
            s.run(() ->
                limit.run(() -> {
                  peak.accumulateAndGet(inside.incrementAndGet(), Math::max);
                  Tasks.sleep(seconds(10));
                  inside.decrementAndGet();
                }));
        });
    assertEquals(seconds(100), clock.now());
    assertEquals(3, peak.get());
  }

  @Test
  void aTimedWaitForALimitEndsOnAThreadThatIsNotTracked() throws Exception {
    var limit = Limit.of(1, clock);
    try (var held = limit.acquire()) {
      assertEquals(1, held.weight());
      assertNull(limit.tryAcquire(1, hours(1)));
    }
    assertEquals(hours(1), clock.now());
  }

  @Test
  void theGraceOfACancellationPassesOnTheClock() throws Exception {
    var interruptedAt = new AtomicReference<Duration>();
    Tasks.time(clock)
        .runSupervised(s -> {
          Task<Void> task =
              s.run(() -> {
                try {
                  Tasks.sleep(hours(10));
                } catch (InterruptedException e) {
                  interruptedAt.set(clock.now());
                  throw e;
                }
              });
          Tasks.sleep(seconds(1));
          task.cancel("enough", seconds(30));
          assertInstanceOf(Outcome.Cancelled.class, task.outcome());
        });
    assertEquals(seconds(31), interruptedAt.get());
    assertEquals(seconds(31), clock.now());
  }

  @Test
  void cancellingWakesEverySleeperWithoutMovingTheTime() throws Exception {
    assertThrows(
        CancelledException.class,
        () ->
            Tasks.time(clock)
                .runScope(s -> {
                  for (int i = 0; i < 200; i++) s.run(() -> Tasks.sleep(hours(1)));
                  s.run(() -> {
                    Tasks.sleep(seconds(1));
                    s.cancel("enough");
                  });
                }));
    assertEquals(seconds(1), clock.now());
  }

  @Test
  void theFirstFailureCancelsTheSleepers() throws Exception {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            Tasks.time(clock)
                .map(
                    IntStream.range(0, 100).boxed().toList(),
                    i -> {
                      Tasks.sleep(seconds(100 + i));
                      if (i == 5) throw new IllegalArgumentException("five");
                      return i;
                    }));
    assertEquals(seconds(105), clock.now());
  }

  @Test
  void anInterruptFromOutsideEndsTheScope() throws Exception {
    var seen = new AtomicReference<Throwable>();
    var waiting = new CountDownLatch(1);
    var manual = VirtualClock.manual();
    Thread t =
        Thread.startVirtualThread(() -> {
          try {
            Tasks.time(manual)
                .runScope(s -> {
                  s.run(() -> Tasks.sleep(hours(1)));
                  waiting.countDown();
                  Tasks.sleep(hours(2));
                });
          } catch (Throwable e) {
            seen.set(e);
          }
        });
    waiting.await();
    t.interrupt();
    t.join();
    assertInstanceOf(InterruptedException.class, seen.get());
    assertEquals(Duration.ZERO, manual.now());
  }

  @Test
  void aSlowComputationHoldsTheTime() throws Exception {
    Tasks.time(new VirtualClock(Duration.ofMillis(50)))
        .runScope(s -> {
          s.run(() -> Tasks.sleep(hours(1)));
          long end = System.nanoTime() + 200_000_000;
          while (System.nanoTime() < end)
            assertEquals(0, Tasks.time().nanoTime(), "time moved while a task ran");
        });
  }

  @Test
  void tokensTimeOutOnTheClock() throws Exception {
    Tasks.time(clock)
        .runScope(s -> {
          CancelToken token = CancelToken.timeout(seconds(40));
          Tasks.sleep(seconds(39));
          assertFalse(token.isCancelled());
          Tasks.sleep(seconds(2));
          assertTrue(token.isCancelled());
        });
  }

  @Test
  void cleanUpOnAnotherThreadRunsOnTheClock() throws Exception {
    Tasks.time(clock)
        .runScope(s ->
            Tasks.shieldApart(
                hours(2),
                () -> {
                  Tasks.sleep(hours(1));
                  return "clean";
                }));
    assertEquals(hours(1), clock.now());
  }

  @Test
  void aDeadlineOverManyNestedTasksStopsThemAllAtItsInstant() {
    List<Duration> ended = Collections.synchronizedList(new ArrayList<>());
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.time(clock)
                .within(hours(1))
                .runScope(s ->
                    Tasks.forEach(
                        IntStream.range(0, 200).boxed().toList(),
                        i -> {
                          try {
                            Tasks.sleep(hours(1).plusSeconds(1 + i));
                          } finally {
                            ended.add(clock.now());
                          }
                        })));
    assertEquals(Collections.nCopies(200, hours(1)), ended);
    assertEquals(hours(1), clock.now());
  }

  @Test
  void twoClocksAtOnceDoNotMix() throws Exception {
    var other = new VirtualClock();
    Tasks.runScope(s -> {
      s.run(() -> Tasks.time(clock).runScope(x -> sleepTimes(x, 100, hours(1))));
      s.run(() -> Tasks.time(other).runScope(x -> sleepTimes(x, 100, seconds(1))));
    });
    assertEquals(hours(100), clock.now());
    assertEquals(seconds(100), other.now());
  }

  private static void sleepTimes(TaskScope s, int times, Duration each) {
    s.run(() -> {
      for (int i = 0; i < times; i++) Tasks.sleep(each);
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aFullEngineDoesNotHoldTheTime(int threads) throws Exception {
    try (Engine engine = Engine.openThreads(threads)) {
      Tasks.time(clock)
          .on(engine)
          .runScope(s -> IntStream.range(0, 8).forEach(i -> s.run(() -> Tasks.sleep(hours(1)))));
    }
    assertEquals(hours(8 / threads), clock.now());
  }

  @Test
  void sleepersOnCoresSleepTogether() throws Exception {
    try (Engine engine = Engine.openCores(2)) {
      Tasks.time(clock)
          .on(engine)
          .runScope(s -> IntStream.range(0, 40).forEach(i -> s.run(() -> Tasks.sleep(hours(1)))));
    }
    assertEquals(hours(1), clock.now());
  }
}
