package dev.brigade.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

@LeakChecked
class ManualClockTest {
  private final VirtualClock clock = VirtualClock.manual();

  @Test
  void timeStandsUntilItIsAdvanced() throws Exception {
    Tasks.time(clock)
        .runScope(s -> {
          var task = s.run(() -> Tasks.sleep(Duration.ofSeconds(10)));
          clock.advance(Duration.ofSeconds(9));
          assertFalse(task.isDone());
          assertEquals(1, clock.pendingAlarms());
          assertEquals(1, clock.waiting());
          clock.advance(Duration.ofSeconds(1));
          assertTrue(task.isDone());
        });
    assertEquals(Duration.ofSeconds(10), clock.now());
  }

  @Test
  void advancingRunsThroughEverythingDueUntilThen() throws Exception {
    List<Duration> seen = Collections.synchronizedList(new ArrayList<>());
    Tasks.time(clock)
        .runScope(s -> {
          s.daemon(() -> {
            while (true) {
              Tasks.sleep(Duration.ofSeconds(3));
              seen.add(clock.now());
            }
          });
          clock.advance(Duration.ofSeconds(10));
        });
    assertEquals(
        List.of(Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofSeconds(9)), seen);
    assertEquals(Duration.ofSeconds(10), clock.now());
  }

  @Test
  void advancingByNothingFiresWhatIsDue() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    clock.schedule(0, () -> seen.add("due"));
    clock.schedule(1, () -> seen.add("not due"));
    clock.advance(Duration.ZERO);
    assertEquals(List.of("due"), seen);
  }

  @Test
  void timeDoesNotGoBack() {
    assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofSeconds(-1)));
  }
}
