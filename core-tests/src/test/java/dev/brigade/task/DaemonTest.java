package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Daemons, and the handshake of a task that reports that it is ready. */
@HangGuard
class DaemonTest {
  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void aDaemonEndsWithTheBodyAndTheTasks(EachEngine.Opener opener) throws Exception {
    var daemon = new Stuck();
    var task = new Stuck();
    var taskSawDaemonAlive = new AtomicBoolean();
    try (Engine e = opener.open()) {
      int value =
          Tasks.on(e)
              .scope(s -> {
                s.daemon(daemon::block);
                daemon.awaitBegun();
                s.run(() -> {
                  task.block();
                  taskSawDaemonAlive.set(daemon.ended() == 0);
                });
                task.awaitBegun();
                task.letGo();
                return 3;
              });
      assertEquals(3, value);
    }
    assertEquals(true, taskSawDaemonAlive.get());
    assertEquals(1, daemon.interrupts());
    assertEquals(1, daemon.ended());
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void whatADaemonForksAtItsEndDoesNotOutliveTheScope(EachEngine.Opener opener) throws Exception {
    var daemon = new Stuck();
    var ended = new AtomicBoolean(true);
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .runScope(s -> {
            s.daemon(() -> {
              try {
                daemon.block();
              } finally {
                s.run(() -> {
                  ended.set(false);
                  try {
                    Tasks.sleep(Duration.ofMillis(20));
                  } finally {
                    ended.set(true);
                  }
                });
                s.daemon(() -> new Stuck().block());
              }
            });
            daemon.awaitBegun();
          });
      assertEquals(true, ended.get());
    }
  }

  @Test
  void theHandshakeGivesWhatWasReportedWhileTheWorkGoesOn() throws Exception {
    var server = new Stuck();
    Tasks.runScope(s -> {
      int port =
          s.start((Ready<Integer> ready) -> {
            ready.report(8080);
            server.block();
          });
      assertEquals(8080, port);
      server.awaitBegun();
      assertEquals(0, server.ended());
    });
    assertEquals(1, server.interrupts());
  }

  @Test
  void aFailureBeforeReadyIsThrownByTheHandshake() throws Exception {
    var own = new IOException("cannot bind");
    var thrown =
        assertThrows(
            TaskFailedException.class,
            () ->
                Tasks.supervise(s ->
                    s.start((Ready<Integer> ready) -> {
                      throw own;
                    })));
    assertSame(own, thrown.getCause());
    var open =
        assertThrows(
            TaskFailedException.class,
            () ->
                Tasks.scope(s ->
                    s.start((Ready<Integer> ready) -> {
                      throw own;
                    })));
    assertSame(own, open.getCause());
  }

  @Test
  void endingWithoutAReportIsAMistake() {
    assertThrows(
        IllegalStateException.class,
        () -> Tasks.supervise(s -> s.start((Ready<Integer> ready) -> {})));
  }

  @Test
  void reportingTwiceIsAMistakeAndTheFirstReportCounts() throws Exception {
    Tasks.runSupervised(s -> {
      var second = new CountDownLatch(1);
      String got =
          s.start((Ready<String> ready) -> {
            ready.report("first");
            var e = assertThrows(IllegalStateException.class, () -> ready.report("second"));
            assertEquals(true, e.getMessage().contains("second"));
            second.countDown();
          });
      assertEquals("first", got);
      second.await();
    });
  }

  @Test
  void nullCanBeReported() throws Exception {
    Tasks.runScope(s -> assertEquals(null, s.start((Ready<Object> ready) -> ready.report(null))));
  }
}
