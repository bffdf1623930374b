package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every shape over items takes a stream, pulls it on the calling thread, and closes it. */
class StreamInputsTest {
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread caller = Thread.currentThread();

  private Stream<Integer> numbers() {
    closed.set(false);
    return Stream.of(1, 2, 3)
        .peek(n -> assertSame(caller, Thread.currentThread()))
        .onClose(() -> closed.set(true));
  }

  @Test
  void settle() throws Exception {
    List<Outcome<Integer>> outcomes = Tasks.settle(numbers(), n -> 10 * n);
    assertEquals(List.of(10, 20, 30), outcomes.stream().map(Outcome::orThrow).toList());
    assertTrue(closed.get());
  }

  @Test
  void anyOfRaceOfAndQuorum() throws Exception {
    int any = Tasks.anyOf(numbers(), n -> n);
    assertTrue(any >= 1 && any <= 3 && closed.get());
    int first = Tasks.raceOf(numbers(), n -> n);
    assertTrue(first >= 1 && first <= 3 && closed.get());
    assertEquals(2, Tasks.quorum(2, numbers(), n -> n).size());
    assertTrue(closed.get());
  }

  @Test
  void mapReduce() throws Exception {
    int sum = Tasks.mapReduce(numbers(), n -> n, 0, Integer::sum);
    assertEquals(6, sum);
    assertTrue(closed.get());
  }

  @Test
  void openFormsCloseItWhenTheyAreClosed() {
    List<Integer> inOrder = new ArrayList<>();
    try (var results = Tasks.inOrder(numbers(), n -> n)) {
      for (var r : results) inOrder.add(r.outcome().orThrow());
      assertFalse(closed.get());
    }
    assertEquals(List.of(1, 2, 3), inOrder);
    assertTrue(closed.get());
    try (var results = Tasks.asCompleted(numbers(), n -> n)) {
      assertTrue(results.iterator().hasNext());
    }
    assertTrue(closed.get());
  }
}
