package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.brigade.engine.Engine;
import dev.brigade.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The clock of a scope is that of everything inside it, and of nothing outside. */
@HangGuard
class ClockInheritanceTest {
  private final HandClock clock = new HandClock();

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void everythingInsideAScopeIsOnItsClock(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .time(clock)
          .runScope(s -> {
            assertSame(clock, Tasks.time());
            assertSame(clock, s.fork(Tasks::time).join());
            assertEquals(List.of(true), Tasks.on(e).map(List.of(1), i -> Tasks.time() == clock));
            assertSame(clock, Tasks.within(Duration.ofDays(1), Tasks::time));
            assertSame(clock, Tasks.shield(Duration.ofDays(1), Tasks::time));
            assertSame(clock, Tasks.scope(n -> n.fork(Tasks::time).join()));
          });
    }
    assertSame(TimeSource.system(), Tasks.time());
  }

  @Test
  void anHourOfSleepPassesWhenItsClockSaysSo() throws Exception {
    var awake = new CountDownLatch(3);
    Tasks.time(clock)
        .runScope(s -> {
          for (int i = 0; i < 3; i++)
            s.run(() -> {
              Tasks.sleep(Duration.ofHours(1));
              awake.countDown();
            });
          while (awake.getCount() > 0) {
            clock.advance(Duration.ofMinutes(30));
            Thread.yield();
          }
        });
  }

  @Test
  void twoClocksAtOnceDoNotDisturbEachOther() throws Exception {
    var other = new HandClock();
    Tasks.time(clock)
        .runScope(s ->
            Tasks.time(other)
                .runScope(n ->
                    Tasks.within(
                        Duration.ofSeconds(1),
                        () -> {
                          clock.advance(Duration.ofSeconds(5));
                          Tasks.checkCancelled();
                          assertEquals(Duration.ofSeconds(1), Tasks.remaining());
                          return null;
                        })));
  }
}
