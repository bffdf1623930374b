package dev.brigade.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.cli.terminal.Timeline;
import dev.brigade.observe.TaskEvent;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class CooksTest {
  private static List<String> order(List<TaskEvent> events, TaskEvent.Kind kind) {
    return events.stream()
        .filter(e -> e.kind() == kind)
        .sorted(Comparator.comparingLong(TaskEvent::nanos))
        .map(TaskEvent::name)
        .toList();
  }

  @RepeatedTest(50)
  void oneCookAlternates() throws InterruptedException {
    List<TaskEvent> events = Cooks.watch(1, 1).events();
    List<String> inTurns =
        List.of("Task 1", "Task 2", "Task 1", "Task 2", "Task 1", "Task 2", "Task 1", "Task 2");
    assertEquals(inTurns, order(events, TaskEvent.Kind.STARTED));
    assertEquals(inTurns, order(events, TaskEvent.Kind.ENDED));
    Timeline timeline = Timeline.of(events);
    assertEquals(1, timeline.threads().size());
    assertEquals(0, timeline.overlapNanos());
  }

  @Test
  void twoCooksDoTheSameSteps() throws InterruptedException {
    List<TaskEvent> events = Cooks.watch(2, 1).events();
    assertEquals(8, order(events, TaskEvent.Kind.STARTED).size());
    assertEquals(8, order(events, TaskEvent.Kind.ENDED).size());
    assertTrue(Timeline.of(events).threads().size() <= 2);
  }
}
