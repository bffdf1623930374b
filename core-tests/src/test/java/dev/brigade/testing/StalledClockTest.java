package dev.brigade.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.policy.Limit;
import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

@LeakChecked
class StalledClockTest {
  private static final Duration GRACE = Duration.ofMillis(100);
  private final VirtualClock clock = new VirtualClock(GRACE);

  private static void assertMentions(StalledClockException e, String... parts) {
    for (String part : parts)
      assertTrue(e.getMessage().contains(part), "no '" + part + "' in " + e.getMessage());
  }

  @Test
  void aForeignSleepOfATaskIsReported() {
    var e =
        assertThrows(
            StalledClockException.class,
            () ->
                Tasks.time(clock)
                    .runScope(s -> {
                      s.run("reader", () -> Thread.sleep(Duration.ofHours(1)));
                      Tasks.sleep(Duration.ofHours(1));
                    }));
    assertMentions(e, "outside the library", "StalledClockTest", "Thread.sleep");
    assertEquals(Duration.ZERO, clock.now());
  }

  @Test
  void aForeignBlockIsReportedThoughNobodyWaitsForATime() {
    var queue = new LinkedBlockingQueue<String>();
    var e =
        assertThrows(
            StalledClockException.class,
            () -> Tasks.time(clock).scope(s -> s.fork(queue::take).join()));
    assertMentions(e, "LinkedBlockingQueue.take");
  }

  @Test
  void aForeignBlockOfTheBodyIsReported() {
    var e =
        assertThrows(
            StalledClockException.class,
            () ->
                Tasks.time(clock)
                    .runScope(s -> {
                      s.run(() -> Tasks.sleep(Duration.ofHours(1)));
                      new LinkedBlockingQueue<String>().take();
                    }));
    assertMentions(e, "LinkedBlockingQueue.take", "a sleep of");
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aDeadlockIsReportedWithWhatEachWaitsFor() {
    var limit = Limit.of(1);
    var e =
        assertThrows(
            StalledClockException.class,
            () ->
                Tasks.time(clock)
                    .runScope(s -> {
                      try (var held = limit.acquire()) {
                        assertEquals(1, held.weight());
                        s.run(() -> limit.run(() -> {}));
                        limit.acquire().close();
                      }
                    }));
    assertMentions(e, "deadlock", "limit 1");
  }

  @Test
  void afterAReportNothingWaitsAnyMore() {
    assertThrows(
        StalledClockException.class,
        () ->
            Tasks.time(clock)
                .scope(s -> s.fork(() -> new LinkedBlockingQueue<String>().take()).join()));
    assertThrows(
        StalledClockException.class,
        () -> Tasks.time(clock).runScope(s -> Tasks.sleep(Duration.ofSeconds(1))));
    assertEquals(Duration.ZERO, clock.now());
  }

  @Test
  void advancingReportsToo() throws Exception {
    var manual = VirtualClock.manual(GRACE);
    assertThrows(
        StalledClockException.class,
        () ->
            Tasks.time(manual)
                .runScope(s -> {
                  s.run(() -> Thread.sleep(Duration.ofHours(1)));
                  manual.advance(Duration.ofSeconds(1));
                }));
  }
}
