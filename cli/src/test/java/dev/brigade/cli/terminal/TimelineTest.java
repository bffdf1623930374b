package dev.brigade.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.observe.TaskEvent;
import dev.brigade.observe.TaskEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private final List<TaskEvent> events = new ArrayList<>();

  private void event(Kind kind, long nanos, long task, String name, String thread) {
    events.add(new TaskEvent(kind, nanos, task, 0, name, "threads", thread, null, null, null));
  }

  private void step(long task, String name, String thread, long from, long to) {
    event(Kind.STARTED, from, task, name, thread);
    event(Kind.ENDED, to, task, name, thread);
  }

  @Test
  void tasksInTurnsOnOneThreadAlternate() {
    event(Kind.FORKED, 0, 1, "Task 1", "main");
    event(Kind.FORKED, 0, 2, "Task 2", "main");
    step(1, "Task 1", "a", 0, 30);
    step(2, "Task 2", "a", 30, 60);
    step(3, "Task 1", "a", 60, 90);
    step(4, "Task 2", "a", 90, 120);
    Timeline timeline = Timeline.of(events);
    assertEquals(List.of("Task 1  ███░░░███", "Task 2  ░░░███░░░███"), timeline.lines(10));
    assertEquals(Set.of("a"), timeline.threads());
    assertEquals(0, timeline.overlapNanos());
    assertEquals(120, timeline.nanos());
    assertEquals(10, timeline.events());
  }

  @Test
  void tasksOnTwoThreadsOverlap() {
    step(1, "Task 1", "a", 1000, 1060);
    step(2, "Task 2", "b", 1000, 1040);
    Timeline timeline = Timeline.of(events);
    assertEquals(List.of("Task 1  ██████", "Task 2  ████"), timeline.lines(10));
    assertEquals(40, timeline.overlapNanos());
    assertEquals(List.of("a", "b"), List.copyOf(timeline.threads()));
  }

  @Test
  void waitingIsNotWork() {
    event(Kind.STARTED, 0, 1, "Task 1", "a");
    event(Kind.WAITING, 20, 1, "Task 1", "a");
    event(Kind.RESUMED, 50, 1, "Task 1", "a");
    event(Kind.ENDED, 70, 1, "Task 1", "a");
    assertEquals(List.of("Task 1  ██░░░██"), Timeline.of(events).lines(10));
  }

  @Test
  void columnsGoToWhoHasAtLeastHalfOfThem() {
    step(1, "half", "a", 0, 5);
    step(2, "less", "b", 0, 4);
    step(3, "until the end", "c", 0, 20);
    assertEquals(
        List.of("half           █", "less", "until the end  ██"),
        Timeline.of(events).lines(10).stream().map(String::stripTrailing).toList());
  }

  @Test
  void laneBeginsWithItsFirstEvent() {
    step(1, "early", "a", 0, 40);
    event(Kind.FORKED, 20, 2, "late", "a");
    step(2, "late", "b", 30, 60);
    assertEquals(List.of("early  ████", "late     ░███"), Timeline.of(events).lines(10));
  }

  @Test
  void endThatMeetsABeginIsNoOverlap() {
    step(1, "one", "a", 0, 10);
    step(2, "two", "b", 10, 20);
    assertEquals(0, Timeline.of(events).overlapNanos());
  }

  @Test
  void noEventsMakeNoLanes() {
    Timeline timeline = Timeline.of(List.of());
    assertEquals(List.of(), timeline.lines(1));
    assertEquals(0, timeline.nanos());
  }

  @Test
  void columnsMustHaveAWidth() {
    Timeline timeline = Timeline.of(events);
    var wrong = assertThrows(IllegalArgumentException.class, () -> timeline.lines(0));
    assertEquals("nanosPerColumn must be at least 1, but was 0", wrong.getMessage());
  }
}
