package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More failures than a scope keeps are still told apart by whether somebody looked. */
class ManyFailuresTest {
  private static final int FAILURES = 3000;

  private static List<Task<Object>> failed(TaskScope scope) throws InterruptedException {
    List<Task<Object>> tasks = new ArrayList<>();
    for (int i = 0; i < FAILURES; i++) {
      tasks.add(
          scope.fork(() -> {
            throw new IllegalStateException("as meant");
          }));
    }
    var unused = scope.await(tasks, TaskScope.Until.ALL, java.time.Duration.ofSeconds(30));
    return tasks;
  }

  @Test
  void whenAllWereLookedAtNoneIsReported() throws Exception {
    long before = Tasks.snapshot().unobserved();
    Tasks.runSupervised(s -> {
      for (Task<?> task : failed(s)) task.outcome();
    });
    assertEquals(before, Tasks.snapshot().unobserved());
  }

  @Test
  void gracesWithoutNumberLeaveOneAlarm() throws Exception {
    int value =
        Tasks.scope(s -> {
          for (int i = 0; i < 50_000; i++) s.cancel("stop", java.time.Duration.ofMinutes(5));
          return 1;
        });
    assertEquals(1, value);
  }
}
