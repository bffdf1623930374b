package dev.brigade.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.engine.Engine;
import dev.brigade.policy.Limit;
import dev.brigade.task.EachEngine;
import dev.brigade.task.HangGuard;
import dev.brigade.task.Stuck;
import dev.brigade.task.Tasks;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tree of what is alive. */
@HangGuard
class SnapshotTest {
  private static Snapshot.Node root(String name) {
    return Tasks.snapshot().roots().stream()
        .filter(n -> n.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Snapshot.Node child(Snapshot.Node of, String name) {
    return of.children().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void itIsATreeOfScopesAndTasks(EachEngine.Opener opener) throws Exception {
    var stuck = new Stuck();
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .named("outer")
          .runScope(s -> {
            s.run(
                "parent",
                () -> Tasks.on(e).named("inner").runScope(n -> n.fork("leaf", stuck::block)));
            s.daemon("helper", () -> new Stuck().block());
            stuck.awaitBegun();
            Awaitility.await()
                .until(() -> root("outer").children().stream().allMatch(n -> n.thread() != null));
            Snapshot.Node outer = root("outer");
            assertEquals("scope", outer.kind());
            assertEquals("open", outer.state());
            assertNull(outer.reason());
            Snapshot.Node parent = child(outer, "parent");
            assertEquals("task", parent.kind());
            assertEquals(e.traits().name(), parent.engine());
            assertNotNull(parent.site());
            assertEquals("daemon", child(outer, "helper").kind());
            Snapshot.Node inner = child(parent, "inner");
            assertEquals("scope", inner.kind());
            assertEquals("leaf", child(inner, "leaf").name());
            assertTrue(outer.age().compareTo(parent.age()) >= 0 || parent.age().toMillis() < 2);
            stuck.letGo();
          });
    }
    assertTrue(Tasks.snapshot().roots().stream().noneMatch(n -> n.name().equals("outer")));
  }

  @Test
  void aWaitingTaskSaysWhatItWaitsFor() throws Exception {
    Limit limit = Limit.of(1);
    try (var held = limit.acquire()) {
      Tasks.named("waits")
          .runScope(s -> {
            s.run("one", () -> limit.acquire().close());
            Awaitility.await().until(() -> child(root("waits"), "one").waitingFor() != null);
            Snapshot.Node one = child(root("waits"), "one");
            assertEquals("waiting", one.state());
            assertTrue(one.waitingFor().contains("limit 1"), one::waitingFor);
            Tasks.runShielded(java.time.Duration.ofHours(1), held::close);
          });
    }
  }

  @Test
  void aStrangersBlockerCannotBreakIt() throws Exception {
    var bad =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("toString");
          }
        };
    Tasks.named("strange")
        .runScope(s -> {
          s.daemon(
              "parked",
              () -> {
                while (!Thread.currentThread().isInterrupted()) LockSupport.park(bad);
              });
          Awaitility.await().until(() -> child(root("strange"), "parked").waitingFor() != null);
        });
  }

  @Test
  void aCancelledScopeShowsItsReason() throws Exception {
    var stubborn = new Stuck();
    Tasks.named("cancelled")
        .runSupervised(s -> {
          s.fork("stubborn", stubborn::ignoreInterrupts);
          stubborn.awaitBegun();
          s.cancel("enough of it");
          Snapshot.Node scope = root("cancelled");
          assertEquals("cancelling", scope.state());
          assertEquals("enough of it", scope.reason());
          assertEquals("enough of it", child(scope, "stubborn").reason());
          stubborn.letGo();
        });
  }

  @Test
  void aQueuedTaskIsShownAsQueued() throws Exception {
    var stuck = new Stuck();
    try (Engine one = Engine.openThreads(1)) {
      Tasks.on(one)
          .named("queue")
          .runScope(s -> {
            s.fork("first", stuck::block);
            stuck.awaitBegun();
            s.fork("second", () -> 2);
            assertEquals("queued", child(root("queue"), "second").state());
            assertNull(child(root("queue"), "second").thread());
            stuck.letGo();
          });
    }
  }

  @Test
  void theTextHasOneLineForEachAndTheTotals() throws Exception {
    var stuck = new Stuck();
    Tasks.named("text")
        .runScope(s -> {
          s.fork("first\nof two", stuck::block);
          stuck.awaitBegun();
          List<String> lines = Tasks.snapshot().toText().lines().toList();
          int at = 0;
          while (!lines.get(at).startsWith("scope text")) at++;
          assertTrue(lines.get(at + 1).startsWith("  task first"), lines.get(at + 1));
          assertTrue(lines.get(at + 1).contains("of two"), lines.get(at + 1));
          assertTrue(lines.getLast().contains("tasks alive"), lines.getLast());
          stuck.letGo();
        });
  }
}
