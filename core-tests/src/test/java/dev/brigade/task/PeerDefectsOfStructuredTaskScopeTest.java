package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/**
 * Where the JDK's StructuredTaskScope of 25 goes wrong, right here. It is a preview there, so only
 * this side is run; the benchmarks run both.
 */
@HangGuard
class PeerDefectsOfStructuredTaskScopeTest {
  @Test
  void theSecondFailureIsKept() {
    var together = new CyclicBarrier(2);
    var thrown =
        assertThrows(
            TaskFailedException.class,
            () ->
                Tasks.runScope(s -> {
                  for (int i = 0; i < 2; i++) {
                    int n = i;
                    s.run(() -> {
                      try {
                        together.await();
                      } finally {
                        fail(new IOException("failure " + n));
                      }
                    });
                  }
                }));
    assertEquals(1, thrown.getSuppressed().length);
    assertEquals(
        java.util.Set.of("failure 0", "failure 1"),
        java.util.Set.of(thrown.getCause().getMessage(), thrown.getSuppressed()[0].getMessage()));
  }

  private static void fail(IOException e) throws IOException {
    throw e;
  }

  @Test
  void theBodysInterruptDoesNotHideTheChildsFailure() {
    var own = new IOException("the real reason");
    var thrown =
        assertThrows(
            TaskFailedException.class,
            () ->
                Tasks.runScope(s -> {
                  s.run(() -> fail(own));
                  // Blocks in something of its own, not in a join, and is interrupted there.
                  new Stuck().block();
                }));
    assertSame(own, thrown.getCause());
  }

  @Test
  void whatFinishedBeforeTheDeadlineCountsEvenIfItIsJoinedLate() throws Exception {
    var clock = new HandClock();
    int sum =
        Tasks.time(clock)
            .within(Duration.ofSeconds(1))
            .scope(s -> {
              var a = s.fork(() -> 1);
              var b = s.fork(() -> 2);
              int result = a.join() + b.join();
              // From here on it is late, but nothing is left to be waited for.
              clock.advance(Duration.ofSeconds(2));
              return result;
            });
    assertEquals(3, sum);
    Thread.interrupted();
  }

  @Test
  void contextIsInheritedOnEveryEngineOfThisJvm() throws Exception {
    var value = ScopedValue.<String>newInstance();
    try (var _ = Context.inherit(value);
        Engine own = Engine.openVirtual();
        Engine threads = Engine.openThreads(1)) {
      for (Engine e : new Engine[] {own, threads, Engine.cores(), Engine.virtual()}) {
        String seen =
            ScopedValue.where(value, "bound")
                .call(() ->
                    Tasks.on(e).<String, RuntimeException>scope(s -> s.fork(value::get).join()));
        assertEquals("bound", seen);
      }
    }
  }
}
