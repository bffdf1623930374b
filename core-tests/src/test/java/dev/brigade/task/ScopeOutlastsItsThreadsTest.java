package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A scope's call returns only when what it started has ended. */
@HangGuard
class ScopeOutlastsItsThreadsTest {
  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void afterAValueEveryTaskHasEnded(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      var go = new CountDownLatch(1);
      var stuck = new Stuck();
      int value =
          Tasks.on(e)
              .scope(s -> {
                s.fork(stuck::block);
                s.fork(() -> {
                  go.await();
                  stuck.letGo();
                  return null;
                });
                go.countDown();
                return 7;
              });
      assertEquals(7, value);
      assertEquals(1, stuck.ended());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void afterAnExceptionEveryTaskHasEnded(EachEngine.Opener opener) {
    endsAfter(opener, new IOException("body"));
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void afterAnErrorEveryTaskHasEnded(EachEngine.Opener opener) {
    endsAfter(opener, new StackOverflowError("body"));
  }

  private static void endsAfter(EachEngine.Opener opener, Throwable thrown) {
    var stuck = new Stuck(2);
    try (Engine e = opener.open()) {
      Throwable t =
          assertThrows(
              Throwable.class,
              () ->
                  Tasks.on(e)
                      .scope(s -> {
                        s.fork(stuck::block);
                        s.fork(stuck::block);
                        stuck.awaitBegun();
                        throw Failures.<Exception>sneaky(thrown);
                      }));
      assertSame(thrown, t);
    }
    assertEquals(2, stuck.ended());
    assertEquals(2, stuck.interrupts());
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void afterAnInterruptEveryTaskHasEnded(EachEngine.Opener opener) throws Exception {
    var stuck = new Stuck(2);
    try (Engine e = opener.open()) {
      var caller =
          Caller.start(() ->
              Tasks.on(e)
                  .scope(s -> {
                    s.fork(stuck::block);
                    return s.fork(stuck::block).join();
                  }));
      stuck.awaitBegun();
      caller.interrupt();
      assertInstanceOf(InterruptedException.class, caller.failure());
      assertEquals(2, stuck.ended());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void afterADeadlineEveryTaskHasEnded(EachEngine.Opener opener) {
    var stuck = new Stuck(2);
    try (Engine e = opener.open()) {
      FanOut shape = Tasks.on(e).within(Duration.ofMillis(100));
      assertThrows(DeadlineException.class, () -> shape.all(stuck::block, stuck::block));
    }
    assertEquals(stuck.interrupts(), stuck.ended());
  }

  @Test
  void theThreadsThemselvesHaveEnded() throws Exception {
    try (Engine own = Engine.openVirtual()) {
      for (Engine e : new Engine[] {Engine.virtual(), own}) {
        for (int i = 0; i < 500; i++) {
          Set<Thread> threads = ConcurrentHashMap.newKeySet();
          Tasks.on(e)
              .runScope(s -> {
                for (int k = 0; k < 4; k++) s.run(() -> threads.add(Thread.currentThread()));
              });
          for (Thread t : threads) assertFalse(t.isAlive(), e + " left " + t);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void whatATaskForksInItsLastMomentIsAwaitedToo(EachEngine.Opener opener) throws Exception {
    var last = new Stuck();
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .runScope(s ->
              s.run(() -> {
                s.fork(last::block);
                s.run(last::letGo);
              }));
    }
    assertEquals(1, last.ended());
  }

  @Test
  void aRefusedLaunchLeavesNothingPending() {
    var out = new OutOfMemoryError("unable to create native thread");
    try (Engine e = Engine.openThreads(1)) {
      Engine broken = Launching.instead(e, job -> sneak(out));
      Throwable t =
          assertThrows(Throwable.class, () -> Tasks.on(broken).scope(s -> s.fork(() -> 1).join()));
      assertTrue(t == out || t.getCause() == out, () -> "threw " + t);
    }
  }

  private static void sneak(Throwable t) {
    throw Failures.<RuntimeException>sneaky(t);
  }
}
