package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A piece of work that is null is named before anything starts. */
class MissingWorkTest {
  private final AtomicInteger started = new AtomicInteger();
  private final Work<Integer, RuntimeException> one = started::incrementAndGet;
  private final Work<Integer, RuntimeException> none = null;

  private void names(String expected, Executable shape) {
    assertEquals(expected, assertThrows(NullPointerException.class, shape).getMessage());
    assertEquals(0, started.get());
  }

  @Test
  void inBranchesWrittenOut() {
    names("the work of branch 2", () -> Tasks.all(one, none));
    names("the work of branch 5", () -> Tasks.all(one, one, one, one, none));
    names("works[1]", () -> Tasks.any(one, none));
    names("works[1]", () -> Tasks.race(one, none));
    names("works[1]", () -> Tasks.settle(one, none));
    names("works[1]", () -> Tasks.run(started::incrementAndGet, null));
  }

  @Test
  void inCollections() {
    names("works[0]", () -> Tasks.all(Arrays.asList(none, one)));
    names("works[0]", () -> Tasks.any(Arrays.asList(none, one)));
    names("works[0]", () -> Tasks.settle(Arrays.asList(none, one)));
  }
}
