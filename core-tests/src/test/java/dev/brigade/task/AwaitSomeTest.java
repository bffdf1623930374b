package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.task.TaskScope.Until;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Waiting for the first, the first failed, or all of some tasks, which cancels nothing. */
@HangGuard
class AwaitSomeTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(1);

  @Test
  void theFirstOneDoneAndTheOthersStillRunning() throws Exception {
    Tasks.runSupervised(s -> {
      var a = new Stuck();
      var b = new Stuck();
      Task<Object> first = s.fork(a::block);
      Task<Object> second = s.fork(b::block);
      Task<Object> third = s.fork(b::block);
      a.letGo();
      var seen = s.await(List.of(first, second, third), Until.FIRST, HOUR);
      assertEquals(List.of(first), seen.done());
      assertEquals(List.of(second, third), seen.running());
      assertEquals(0, b.interrupts());
      b.letGo();
      assertEquals(3, s.await(Until.ALL, HOUR).done().size());
      assertTrue(s.await(Until.ALL, HOUR).running().isEmpty());
    });
  }

  @Test
  void theFirstFailureOrAllOfThem() throws Exception {
    Tasks.runSupervised(s -> {
      var stuck = new Stuck();
      s.fork(stuck::block);
      Task<Object> ok = s.fork(() -> 1);
      Task<Object> bad =
          s.fork(() -> {
            ok.join();
            throw new IOException("bad");
          });
      var seen = s.await(Until.FIRST_FAILURE, HOUR);
      assertEquals(List.of(ok, bad), seen.done());
      assertEquals(1, seen.running().size());
      stuck.letGo();
      assertEquals(3, s.await(List.of(ok, bad), Until.FIRST_FAILURE, HOUR).done().size() + 1);
    });
    Tasks.runSupervised(s -> {
      s.fork(() -> 1);
      s.fork(() -> 2);
      assertEquals(2, s.await(Until.FIRST_FAILURE, HOUR).done().size());
    });
  }

  @Test
  void theTimeoutEndsTheWaitNotTheTasks() throws Exception {
    Tasks.runSupervised(s -> {
      var stuck = new Stuck();
      Task<Object> task = s.fork(stuck::block);
      for (Until until : Until.values())
        assertEquals(List.of(task), s.await(List.of(task), until, SHORT).running());
      assertEquals(List.of(task), s.await(List.of(task), Until.ALL, Duration.ZERO).running());
      assertFalse(task.isDone());
      stuck.letGo();
      assertEquals(null, task.join());
      assertEquals(0, stuck.interrupts());
    });
  }

  @Test
  void nothingToWaitForIsNoWait() throws Exception {
    Tasks.runSupervised(s -> {
      for (Until until : Until.values()) {
        assertTrue(s.await(until, HOUR).done().isEmpty());
        assertTrue(s.await(List.<Task<Object>>of(), until, HOUR).running().isEmpty());
      }
    });
  }

  @Test
  void daemonsAreNotWaitedFor() throws Exception {
    Tasks.runSupervised(s -> {
      s.daemon(() -> new Stuck().block());
      s.fork(() -> 1);
      assertEquals(1, s.await(Until.ALL, HOUR).done().size());
    });
  }

  @Test
  void inAnOpenScopeTheFirstFailureInterruptsTheWait() {
    assertThrows(
        TaskFailedException.class,
        () ->
            Tasks.runScope(s -> {
              s.fork(new Stuck()::block);
              s.run(() -> {
                throw new IOException("failure");
              });
              s.await(Until.ALL, HOUR);
            }));
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void onAThreadOfTheEngineItKeepsItsTimeoutToo(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      var never = new Stuck();
      int running =
          Tasks.on(e)
              .scope(o ->
                  o.fork(() ->
                          Tasks.on(e)
                              .supervise(s -> {
                                for (int i = 0; i < 8; i++) s.fork(never::block);
                                var seen = s.await(Until.FIRST, SHORT);
                                never.letGo();
                                return seen.running().size();
                              }))
                      .join());
      assertEquals(8, running);
    }
  }
}
