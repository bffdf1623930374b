package dev.brigade.task;

import static dev.brigade.task.Looking.SLOW_AFTER;
import static dev.brigade.task.Looking.assertNames;
import static dev.brigade.task.Looking.awaitParked;
import static dev.brigade.task.Looking.before;
import static dev.brigade.task.Looking.only;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Finding;
import dev.brigade.observe.Finding.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was cancelled and does not end. */
@HangGuard
class WatchdogCancelTest {
  private final Looking looking = new Looking();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(1);

  private void ignoreInterrupts() {
    begun.countDown();
    while (true) {
      try {
        release.await(); // ignores
        return;
      } catch (InterruptedException e) {
        assertTrue(release.getCount() > 0);
      }
    }
  }

  /** Whether it has swallowed what its cancellation sent, and waits again. */
  private static void awaitWaiting(Thread t) {
    Awaitility.await().until(() -> t.getState() == Thread.State.WAITING && !t.isInterrupted());
  }

  /** What is found, once, before it is let go. */
  private Finding slowBefore(Runnable letGo) throws Exception {
    return before(
        letGo,
        () -> {
          Finding f = only(looking.over(SLOW_AFTER), Kind.SLOW_TO_END);
          assertEquals(List.of(), looking.over(SLOW_AFTER.multipliedBy(3)), "it is named once");
          return f;
        });
  }

  private void nothingIsFound() throws Exception {
    List<Finding> found =
        before(release::countDown, () -> looking.over(SLOW_AFTER.multipliedBy(3)));
    assertEquals(List.of(), found);
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void aTaskThatIgnoresItsInterruptIsNamedWithItsLineAndTheReason(EachEngine.Opener opener)
      throws Exception {
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .runSupervised(s -> {
            Task<?> task = s.run("stubborn", this::ignoreInterrupts);
            begun.await();
            s.cancel("enough of it");
            awaitParked(task);
            Finding f = slowBefore(release::countDown);
            assertEquals("stubborn", f.task());
            assertTrue(f.message().contains("(enough of it)"), f.message());
            assertTrue(f.message().contains("abandonAfter"), f.message());
            assertNames("// ignores", f);
          });
    }
  }

  @Test
  void aLoopThatNeverLooksIsToldToLook() throws Exception {
    var stop = new boolean[1];
    Tasks.on(Engine.cores())
        .runSupervised(s -> {
          s.run(() -> {
            begun.countDown();
            while (true)
              synchronized (stop) {
                if (stop[0]) return;
              }
          });
          begun.await();
          s.cancel("enough");
          Finding f =
              slowBefore(() -> {
                synchronized (stop) {
                  stop[0] = true;
                }
              });
          assertTrue(f.message().contains("abandonAfter"), f.message());
        });
  }

  @Test
  void theInnermostWorkIsNamedAndNotWhoWaitsForIt() throws Exception {
    Tasks.runSupervised(s -> {
      var inner = new Task<?>[1];
      s.run(
          "outer",
          () ->
              Tasks.runSupervised(n -> {
                inner[0] = n.run("inner", this::ignoreInterrupts);
                begun.countDown();
              }));
      begun.await();
      Awaitility.await().until(() -> inner[0] != null && ((TaskNode<?>) inner[0]).root != null);
      s.cancel("enough");
      awaitParked(inner[0]);
      Finding f = slowBefore(release::countDown);
      assertEquals("inner", f.task());
    });
  }

  @Test
  void aBodyThatDoesNotEndIsNamed() throws Exception {
    var body = Thread.currentThread();
    Thread canceller =
        Thread.startVirtualThread(() -> {
          try {
            begun.await();
            awaitWaiting(body);
            looking.over(SLOW_AFTER);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          } finally {
            release.countDown();
          }
        });
    assertThrows(
        TaskFailedException.class,
        () ->
            Tasks.named("the scope")
                .runScope(s -> {
                  s.run(() -> {
                    throw new IllegalStateException("so the body is cancelled");
                  });
                  ignoreInterrupts();
                  s.await(TaskScope.Until.ALL, Duration.ofHours(1));
                }));
    canceller.join();
    Finding f = only(looking.reported, Kind.SLOW_TO_END);
    assertEquals("the scope", f.task());
    assertNull(f.site());
    assertNames("// ignores", f);
  }

  @Test
  void aDeadlineThatIsIgnoredIsNamed() throws Exception {
    var clock = new HandClock();
    Tasks.time(clock)
        .runScope(s -> {
          Task<?> task =
              s.run("late", () -> Tasks.runWithin(Duration.ofSeconds(1), this::ignoreInterrupts));
          begun.await();
          clock.advance(Duration.ofSeconds(1));
          awaitParked(task);
          Finding f = slowBefore(release::countDown);
          assertEquals("late", f.task());
          assertTrue(f.message().contains("the deadline of 1 s passed"), f.message());
        });
  }

  @Test
  void manyOfTheSameScopeAreOneFinding() throws Exception {
    var many = new Stuck(100);
    Tasks.runSupervised(s -> {
      var tasks = new Task<?>[100];
      for (int i = 0; i < tasks.length; i++) tasks[i] = s.run(() -> many.ignoreInterrupts());
      many.awaitBegun();
      s.cancel("enough");
      Finding f =
          before(
              many::letGo,
              () -> {
                awaitParked(tasks);
                return only(looking.over(SLOW_AFTER), Kind.SLOW_TO_END);
              });
      assertEquals(99, f.others());
      assertTrue(f.toString().contains("and 99 more like it"), f::toString);
    });
  }

  // ---- what is not slow

  @Test
  void aTaskThatWasNotCancelledMayTakeItsTime() throws Exception {
    Tasks.runSupervised(s -> {
      awaitParked(s.run(this::ignoreInterrupts));
      nothingIsFound();
    });
  }

  @Test
  void aShieldedCleanUpHasItsOwnBudget() throws Exception {
    Tasks.runSupervised(s -> {
      Task<?> task = s.run(() -> Tasks.runShielded(Duration.ofHours(1), this::ignoreInterrupts));
      begun.await();
      s.cancel("enough");
      awaitParked(task);
      nothingIsFound();
    });
  }

  @Test
  void aCleanUpOnAThreadOfItsOwnIsShieldedToo() throws Exception {
    Tasks.runSupervised(s -> {
      Task<?> task =
          s.fork(() ->
              Tasks.shieldApart(
                  Duration.ofHours(1),
                  () -> {
                    ignoreInterrupts();
                    return 1;
                  }));
      begun.await();
      s.cancel("enough");
      awaitParked(task);
      nothingIsFound();
    });
  }

  @Test
  void aBodyThatCancelledItsScopeItselfMayGoOn() throws Exception {
    Tasks.runSupervised(s -> {
      s.cancel("I have what I need");
      assertEquals(List.of(), looking.over(SLOW_AFTER.multipliedBy(3)));
    });
  }
}
