package dev.brigade.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.observe.TaskEvent.Kind;
import dev.brigade.task.EachEngine;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an observer is told. */
@HangGuard
class EventsTest {
  private final List<TaskEvent> events = new CopyOnWriteArrayList<>();

  private List<Kind> kindsOf(String task) {
    return events.stream().filter(e -> e.name().equals(task)).map(TaskEvent::kind).toList();
  }

  private TaskEvent one(String task, Kind kind) {
    var found = events.stream().filter(e -> e.name().equals(task) && e.kind() == kind).toList();
    assertEquals(1, found.size(), () -> kind + " of " + task + " in " + events);
    return found.getFirst();
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void aTaskIsForkedStartedAndEnded(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open();
        var _ = Observers.register(events::add)) {
      Tasks.on(e)
          .named("the scope")
          .runScope(s -> {
            s.fork("good", () -> 1);
          });
      assertEquals(List.of(Kind.FORKED, Kind.STARTED, Kind.ENDED), kindsOf("good"));
      TaskEvent forked = one("good", Kind.FORKED);
      TaskEvent started = one("good", Kind.STARTED);
      TaskEvent ended = one("good", Kind.ENDED);
      assertNotEquals(0, forked.task());
      assertEquals(forked.task(), ended.task());
      assertEquals(e.traits().name(), started.engine());
      assertEquals(started.thread(), ended.thread());
      assertEquals("success", ended.detail());
      assertTrue(forked.nanos() <= started.nanos() && started.nanos() <= ended.nanos());
      assertNotNull(forked.site());
      assertTrue(forked.site().matches("EventsTest\\..*:\\d+"), forked::site);
      assertNull(ended.failure());
    }
  }

  @Test
  void failuresAndCancellationsSayWhy() throws Exception {
    var failure = new IOException("failure");
    var stuck = new Stuck();
    try (var _ = Observers.register(events::add)) {
      Tasks.runSupervised(s -> {
        s.run(
                "bad",
                () -> {
                  throw failure;
                })
            .outcome();
        var task = s.fork("unwanted", stuck::block);
        stuck.awaitBegun();
        task.cancel("not wanted");
      });
    }
    assertSame(failure, one("bad", Kind.ENDED).failure());
    assertEquals("failed", one("bad", Kind.ENDED).detail());
    assertEquals("not wanted", one("unwanted", Kind.CANCELLED).detail());
    assertEquals("cancelled", one("unwanted", Kind.ENDED).detail());
  }

  @Test
  void waitingSaysForWhat() throws Exception {
    var stuck = new Stuck();
    try (var _ = Observers.register(events::add)) {
      Tasks.runScope(s -> {
        var slow = s.fork("slow", stuck::block);
        var waiter = s.fork("waiter", slow::join);
        while (kindsOf("waiter").size() < 3) Thread.onSpinWait();
        stuck.letGo();
        waiter.join();
      });
    }
    assertEquals(
        List.of(Kind.FORKED, Kind.STARTED, Kind.WAITING, Kind.RESUMED, Kind.ENDED),
        kindsOf("waiter"));
    String detail = one("waiter", Kind.WAITING).detail();
    assertTrue(detail.contains("slow"), detail);
  }

  @Test
  void theItemsOfAFanOutAreSeenOneByOne() throws Exception {
    try (var _ = Observers.register(events::add)) {
      Tasks.limit(2).map(List.of(1, 2, 3), i -> i);
    }
    for (int i = 0; i < 3; i++) {
      assertEquals(List.of(Kind.STARTED, Kind.ENDED), kindsOf("item " + i));
      assertEquals(one("item " + i, Kind.STARTED).task(), one("item " + i, Kind.ENDED).task());
    }
    long parents =
        events.stream()
            .filter(e -> e.name().startsWith("item"))
            .map(TaskEvent::parent)
            .distinct()
            .count();
    assertEquals(1, parents);
  }

  @Test
  void anOverrunIsToldWithHowLate() throws Exception {
    try (var _ = Observers.register(events::add)) {
      Tasks.runScope(s ->
          s.run(
              "late",
              () ->
                  Tasks.within(
                      java.time.Duration.ofNanos(1),
                      () -> {
                        while (!Thread.currentThread().isInterrupted()) Thread.onSpinWait();
                        return 1;
                      })));
    }
    String detail = one("late", Kind.OVERRAN).detail();
    assertTrue(detail.contains("deadline") && detail.contains("later"), detail);
  }

  @Test
  void anObserverSeesNothingAfterItsRegistrationWasClosed() throws Exception {
    var other = new CopyOnWriteArrayList<TaskEvent>();
    try (var _ = Observers.register(other::add)) {
      closeTwice(Observers.register(events::add));
      Tasks.map(List.of(1), i -> i);
      assertEquals(List.of(), events);
      assertTrue(other.size() > 0);
      assertTrue(Observers.present());
    }
  }

  private static void closeTwice(Observers.Registration r) {
    r.close();
    r.close();
  }
}
