package dev.brigade.testing.conformance;

import static dev.brigade.testing.conformance.Trial.work;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

/** That an engine is what it says it is. */
final class TraitsClauses {
  private TraitsClauses() {}

  static List<Clause> clauses() {
    return new Concern("traits")
        .clause("an engine has a name", TraitsClauses::named)
        .clause("an engine says the same of itself each time", TraitsClauses::constant)
        .clause(
            "an engine shares objects with its tasks if and only if it says so",
            TraitsClauses::sharing)
        .clause(
            "each task has a thread of its own if the engine says so",
            TraitsClauses::ownThreads,
            Need.THREAD_PER_TASK,
            Need.SHARES_JVM)
        .clause(
            "the default width is one that the engine can run", TraitsClauses::width, Need.BOUNDED)
        .clauses();
  }

  private static void named(Trial t) {
    assertFalse(t.engine().traits().name().isBlank());
    assertFalse(t.engine().toString().isBlank());
  }

  private static void constant(Trial t) {
    assertEquals(t.engine().traits(), t.engine().traits());
  }

  private static void sharing(Trial t) throws Exception {
    var list = new ArrayList<>(List.of("a"));
    ArrayList<String> back = t.engine().submit(work(() -> list)).get();
    assertEquals(list, back);
    if (t.engine().traits().sharesJvm()) assertSame(list, back);
    else assertFalse(list == back, "the engine shares its objects, but says that it does not");
  }

  private static void ownThreads(Trial t) throws Exception {
    Thread first = t.engine().submit(Thread::currentThread).get();
    Thread second = t.engine().submit(Thread::currentThread).get();
    assertNotEquals(first, second);
    // A thread of a pool would go on waiting for work.
    assertTrue(first.join(java.time.Duration.ofSeconds(5)), "the task's thread did not end");
  }

  private static void width(Trial t) {
    int width = t.engine().traits().defaultLimit();
    assertTrue(width >= 1 && width <= t.bound(), "the default width was " + width);
  }
}
