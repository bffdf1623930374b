package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A value that is reached only under its lock. */
@HangGuard
class GuardedTest {
  private final Guarded<int[]> counter = new Guarded<>(new int[1]);

  private int count() throws InterruptedException {
    return counter.call(c -> c[0]);
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void noUpdateIsLost(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      var workers = List.of(1, 2, 3, 4);
      Tasks.on(e)
          .forEach(
              workers,
              w -> {
                for (int i = 0; i < 5000; i++) counter.run(c -> c[0]++);
              });
    }
    assertEquals(20_000, count());
  }

  @Test
  void usingItInsideItselfIsRefusedInsteadOfHanging() throws Exception {
    assertThrows(
        IllegalStateException.class, () -> counter.run(c -> counter.run(again -> again[0]++)));
    assertEquals(0, count());
  }

  @Test
  void anUpdateThatThrowsLeavesTheValueAndTheLockFree() throws Exception {
    var text = new Guarded<>("old");
    assertThrows(
        IOException.class,
        () ->
            text.update(t -> {
              throw new IOException("no");
            }));
    assertEquals("old", text.call(t -> t));
    assertEquals("old!", text.update(t -> t + "!"));
  }

  @Test
  void waitingEndsAtADeadlineAndAtAnInterruptAndLetsTheFollowersForward() throws Exception {
    var holder = new Stuck();
    Tasks.runScope(s -> {
      s.run(() -> counter.run(c -> holder.block()));
      holder.awaitBegun();
      assertThrows(
          DeadlineException.class,
          () -> Tasks.within(Duration.ofMillis(1), () -> counter.call(c -> c[0])));
      var waiter = Caller.start(() -> counter.call(c -> c[0]));
      waiter.interrupt();
      assertInstanceOf(InterruptedException.class, waiter.failure());
      var follower = s.fork(() -> counter.call(c -> c[0] = 7));
      holder.letGo();
      assertEquals(7, follower.join());
    });
  }

  @Test
  void firstComeFirstServed() throws Exception {
    var holder = new Stuck();
    var order = new ArrayList<Integer>();
    Tasks.runScope(s -> {
      s.run(() -> counter.run(c -> holder.block()));
      holder.awaitBegun();
      for (int i = 0; i < 5; i++) {
        int n = i;
        var waiter = Thread.ofPlatform().unstarted(() -> unchecked(() -> order.add(n)));
        waiter.start();
        Awaitility.await().until(() -> waiter.getState() == Thread.State.WAITING);
      }
      holder.letGo();
    });
    Awaitility.await().until(() -> counter.call(c -> order.size()) == 5);
    assertEquals(List.of(0, 1, 2, 3, 4), order);
  }

  private void unchecked(Runnable action) {
    try {
      counter.run(c -> action.run());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whenTheValueComesToSatisfyItTheWaiterGoesOn() throws Exception {
    Tasks.runScope(s -> {
      var taken = s.fork(() -> counter.callWhen(c -> c[0] == 3, c -> c[0]--));
      for (int i = 0; i < 3; i++) counter.run(c -> c[0]++);
      assertEquals(3, taken.join());
      assertEquals(2, count());
    });
  }

  @Test
  void aConditionIsAskedAfterChangesOnlyNotInALoop() throws Exception {
    var asked = new AtomicInteger();
    var waiting = new CountDownLatch(1);
    Tasks.runScope(s -> {
      var two =
          List.of(1, 2).stream()
              .map(i ->
                  s.fork(() ->
                      counter.callWhen(
                          c -> {
                            asked.incrementAndGet();
                            waiting.countDown();
                            return c[0] == 1;
                          },
                          c -> i)))
              .toList();
      waiting.await();
      for (int i = 0; i < 10; i++) counter.run(c -> c[0] = 0);
      counter.run(c -> c[0] = 1);
      for (var t : two) t.join();
    });
    assertTrue(asked.get() <= 2 * 13 + 2, "asked " + asked + " times");
  }

  @Test
  void waitingForAConditionEndsAtADeadlineAndAtAnInterrupt() throws Exception {
    assertThrows(
        DeadlineException.class,
        () ->
            Tasks.within(Duration.ofMillis(5), () -> counter.callWhen(c -> c[0] == 1, c -> c[0])));
    var asked = new CountDownLatch(1);
    var waiter =
        Caller.start(() ->
            counter.callWhen(
                c -> {
                  asked.countDown();
                  return false;
                },
                c -> c[0]));
    asked.await();
    waiter.interrupt();
    assertInstanceOf(InterruptedException.class, waiter.failure());
    assertEquals(0, count());
  }
}
