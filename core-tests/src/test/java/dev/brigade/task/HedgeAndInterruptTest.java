package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.observe.Observer;
import dev.brigade.observe.Observers;
import dev.brigade.observe.TaskEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** An interrupt of who waits for a hedge, and a success at nearly the same time. */
@HangGuard
class HedgeAndInterruptTest {
  private final CountDownLatch succeed = new CountDownLatch(1);
  private final CompletableFuture<Thread> piece = new CompletableFuture<>();
  private final Clock clock = new Clock();
  private volatile Thread waiting;

  private final class Clock extends SystemTimeWith {
    volatile boolean armed;

    @Override
    public long nanoTime() {
      if (armed && Thread.currentThread() == waiting) {
        armed = false;
        letSucceed();
      }
      return super.nanoTime();
    }
  }

  private void letSucceed() {
    succeed.countDown();
    while (piece.join().isAlive()) Thread.yield();
  }

  private Caller<Integer> interrupted(Runnable whenItsWaitIsOver) throws Exception {
    Observer observer =
        new Observer() {
          @Override
          public void onEvent(TaskEvent event) {
            if (event.kind() == TaskEvent.Kind.RESUMED && Thread.currentThread() == waiting)
              whenItsWaitIsOver.run();
          }
        };
    try (var _ = Observers.register(observer)) {
      var caller =
          Caller.start(() -> {
            waiting = Thread.currentThread();
            return Tasks.time(clock)
                .<Integer, Integer, InterruptedException>hedgeOf(
                    Duration.ofDays(1),
                    List.of(1),
                    i -> {
                      piece.complete(Thread.currentThread());
                      succeed.await();
                      return i;
                    });
          });
      piece.join();
      Awaitility.await().until(() -> LockSupport.getBlocker(caller.thread()) != null);
      caller.interrupt();
      caller.outcome();
      return caller;
    }
  }

  @Test
  void ofASuccessBeforeItGivesUpTheValueCountsAndTheFlagStays() throws Exception {
    var caller = interrupted(this::letSucceed);
    assertEquals(new Outcome.Success<>(1), caller.outcome());
    assertTrue(caller.flagLeft());
  }

  @Test
  void aSuccessAfterItHasGivenUpDecidesNothing() throws Exception {
    var caller = interrupted(() -> clock.armed = true);
    assertInstanceOf(InterruptedException.class, caller.failure());
  }
}
