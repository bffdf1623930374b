package dev.brigade.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.observe.Observers;
import dev.brigade.observe.PolicyEvent;
import dev.brigade.observe.TaskEvent;
import dev.brigade.observe.TaskEvent.Kind;
import dev.brigade.task.EachEngine;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@HangGuard
class RecordingTest {
  private static long count(Recording r, Kind kind) {
    return r.events().stream().filter(e -> e.kind() == kind).count();
  }

  private static List<String> names(Recording r) {
    return r.events().stream().map(TaskEvent::name).distinct().toList();
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void theNextScopeIsRecordedWithWhatItsTasksOpen(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open()) {
      var seen = Recording.ofNextScope(1_000);
      try (var _ = Observers.register(seen)) {
        Tasks.on(e)
            .named("outer")
            .runScope(s -> {
              s.run("branch", () -> Tasks.on(e).named("inner").forEach(List.of(1, 2, 3), i -> {}));
            });
        Tasks.named("later").forEach(List.of(1, 2), i -> {});
      }
      assertTrue(names(seen).containsAll(List.of("outer", "branch", "inner", "item 0", "item 2")));
      assertFalse(names(seen).contains("later"));
      assertEquals(2, count(seen, Kind.OPENED));
      assertEquals(2, count(seen, Kind.CLOSED));
      assertEquals(count(seen, Kind.STARTED), count(seen, Kind.ENDED));
      assertEquals(0, seen.missed());
    }
  }

  @Test
  void whatRunsMeanwhileElsewhereIsNotRecorded() throws Exception {
    var ours = new CountDownLatch(1);
    var theirs = new CountDownLatch(1);
    var seen = Recording.ofNextScope(1_000);
    try (var _ = Observers.register(seen)) {
      var stranger =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  ours.await();
                  Tasks.named("strange").forEach(List.of(1, 2, 3), i -> {});
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                theirs.countDown();
              });
      Tasks.named("ours")
          .runScope(s -> {
            ours.countDown();
            theirs.await();
            s.fork("mine", () -> 1);
          });
      stranger.join();
    }
    assertEquals(List.of("ours", "mine"), names(seen));
  }

  @Test
  void whatHasNoRoomIsCountedAndNotKept() {
    var seen = Recording.ofAll(1_500);
    for (int i = 1; i <= 1_507; i++) seen.onEvent(event(Kind.FORKED, i, 0));
    assertEquals(
        IntStream.rangeClosed(1, 1_500).mapToObj(i -> (long) i).toList(),
        seen.events().stream().map(TaskEvent::task).toList());
    assertEquals(7, seen.missed());
    assertTrue(seen.toString().contains("1500 events, 7 more"), seen::toString);
  }

  @Test
  void theEndOfTheRecordedScopeIsKnownThoughThereWasNoRoom() throws Exception {
    var seen = Recording.ofNextScope(10);
    try (var _ = Observers.register(seen)) {
      Tasks.limit(1).forEach(IntStream.range(0, 50).boxed().toList(), i -> {});
    }
    assertEquals(Kind.CLOSED, seen.lateEnd().kind());
    assertEquals(5 + 100, seen.events().size() + 1 + seen.missed());
  }

  @Test
  void manyThreadsLoseNothing() throws Exception {
    int threads = 8;
    int each = 5_000;
    var seen = Recording.ofAll(threads * each);
    var start = new CountDownLatch(1);
    var all =
        IntStream.range(0, threads)
            .mapToObj(t ->
                Thread.ofPlatform()
                    .start(() -> {
                      try {
                        start.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      for (int i = 0; i < each; i++)
                        seen.onEvent(
                            new TaskEvent(Kind.STARTED, i, t, 0, "t", "e", "th", null, null, null));
                    }))
            .toList();
    start.countDown();
    for (Thread t : all) t.join();
    assertEquals(threads * each, seen.events().size());
    assertEquals(0, seen.missed());
    for (long t = 0; t < threads; t++) {
      long task = t;
      long[] times =
          seen.events().stream()
              .filter(e -> e.task() == task)
              .mapToLong(TaskEvent::nanos)
              .toArray();
      for (int i = 0; i < each; i++) assertEquals(i, times[i]);
    }
  }

  @Test
  void eventsOfPoliciesBelongIfTheirThreadRunsOneOfTheTasks() throws Exception {
    var seen = Recording.ofNextScope(1_000);
    try (var _ = Observers.register(seen)) {
      tell("before");
      Tasks.runScope(s -> {
        tell("the body");
        s.run("task", () -> tell("a task"));
        var stranger = Thread.ofVirtual().start(() -> tell("a stranger"));
        stranger.join();
      });
    }
    assertEquals(
        List.of("a task", "the body"),
        seen.policyEvents().stream().map(PolicyEvent::policy).sorted().toList());
  }

  private static void tell(String who) {
    Observers.emit(PolicyEvent.here(PolicyEvent.Kind.RETRYING, System.nanoTime(), who, "", null));
  }

  @Test
  void tasksWithoutNumberBringNobodyIn() {
    var seen = Recording.ofNextScope(10);
    seen.onEvent(event(Kind.OPENED, 5, 0));
    seen.onEvent(event(Kind.FORKED, 0, 5));
    seen.onEvent(event(Kind.STARTED, 77, 0));
    assertEquals(1, seen.events().size());
  }

  private static TaskEvent event(Kind kind, long task, long parent) {
    return new TaskEvent(kind, 0, task, parent, "name", "e", "t", null, null, null);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void roomForLessThanOneIsRefused(int max) {
    var e = assertThrows(IllegalArgumentException.class, () -> Recording.ofAll(max));
    assertTrue(e.getMessage().contains("maxEvents must be at least 1, but was " + max));
    assertThrows(IllegalArgumentException.class, () -> Recording.ofNextScope(max));
  }

  @Test
  void missingEventsAreRefused() {
    assertThrows(NullPointerException.class, () -> Recording.ofAll(1).onEvent(null));
    assertThrows(NullPointerException.class, () -> Recording.ofAll(1).onPolicy(null));
  }
}
