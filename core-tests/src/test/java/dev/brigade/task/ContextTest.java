package dev.brigade.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.brigade.engine.Engine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a task inherits: nothing, but what is registered. */
@HangGuard
class ContextTest {
  private static final ScopedValue<String> VALUE = ScopedValue.newInstance();
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();
  private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

  private static String value() {
    return VALUE.isBound() ? VALUE.get() : "unbound";
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void threadLocalsStayBehind(EachEngine.Opener opener) throws Exception {
    LOCAL.set("mine");
    INHERITABLE.set("mine");
    try (Engine e = opener.open()) {
      Tasks.on(e)
          .runScope(s -> {
            assertNull(s.fork(LOCAL::get).join());
            assertNull(s.fork(INHERITABLE::get).join());
          });
    } finally {
      LOCAL.remove();
      INHERITABLE.remove();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void aRegisteredScopedValueIsBoundInEveryDescendant(EachEngine.Opener opener) throws Exception {
    try (Engine e = opener.open();
        var _ = Context.inherit(VALUE)) {
      ScopedValue.where(VALUE, "bound")
          .call(() -> {
            assertEquals("bound", Tasks.on(e).scope(s -> s.fork(ContextTest::value).join()));
            assertEquals(List.of("bound", "bound"), Tasks.on(e).map(List.of(1, 2), i -> value()));
            assertEquals(
                "bound",
                Tasks.on(e)
                    .scope(s ->
                        s.fork(() -> Tasks.on(e).map(List.of(1), i -> value()).getFirst()).join()));
            try (var done = Tasks.on(e).asCompleted(List.of(1), i -> value())) {
              assertEquals("bound", done.iterator().next().outcome().orThrow());
            }
            return null;
          });
      assertEquals("unbound", Tasks.on(e).scope(s -> s.fork(ContextTest::value).join()));
    }
  }

  @Test
  void anUnregisteredScopedValueIsNotInherited() throws Exception {
    ScopedValue.where(VALUE, "bound")
        .call(() -> assertNotInherited(Tasks.scope(s -> s.fork(ContextTest::value).join())));
  }

  private static Object assertNotInherited(String seen) {
    assertEquals("unbound", seen);
    return null;
  }

  @Test
  void theValueOfTheForkCountsNotThatOfTheOpening() throws Exception {
    try (var _ = Context.inherit(VALUE)) {
      Tasks.runScope(s -> {
        Task<String> task =
            ScopedValue.where(VALUE, "at the fork").call(() -> s.fork(ContextTest::value));
        assertEquals("at the fork", task.join());
      });
    }
  }

  @ParameterizedTest
  @MethodSource("dev.brigade.task.EachEngine#all")
  void aCaptureIsInstalledBeforeAndUndoneAfterTheTask(EachEngine.Opener opener) throws Exception {
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    Context.Capture mdc =
        () -> {
          String captured = LOCAL.get();
          return captured == null
              ? null
              : () -> {
                LOCAL.set(captured);
                log.add("installed");
                return () -> {
                  LOCAL.remove();
                  log.add("undone");
                };
              };
        };
    try (Engine e = opener.open();
        var _ = Context.capture(mdc)) {
      LOCAL.set("request 7");
      Tasks.on(e).runScope(s -> s.run(() -> log.add("ran with " + LOCAL.get())));
      assertEquals(List.of("installed", "ran with request 7", "undone"), log);
    } finally {
      LOCAL.remove();
    }
  }

  @Test
  void aFailureToUndoDoesNotHideTheTasksOwnAndStopsNoOther() {
    var own = new IOException("own");
    var undo = new IllegalStateException("undo");
    var log = new ArrayList<String>();
    try (var _ = Context.capture(() -> () -> () -> log.add("first undone"));
        var _ =
            Context.capture(() ->
                () ->
                    () -> {
                      throw undo;
                    })) {
      var thrown =
          assertThrows(
              TaskFailedException.class,
              () ->
                  Tasks.runScope(s ->
                      s.run(() -> {
                        throw own;
                      })));
      assertSame(own, thrown.getCause());
      assertSame(undo, own.getSuppressed()[0]);
      assertEquals(List.of("first undone"), log);
    }
  }

  @Test
  @SuppressWarnings("try") // closing twice is what is tested
  void closingARegistrationTwiceTakesOutNobodyElses() throws Exception {
    try (var _ = Context.inherit(VALUE)) {
      var second = Context.inherit(VALUE);
      second.close();
      second.close();
      assertEquals(
          "bound",
          ScopedValue.where(VALUE, "bound")
              .call(() ->
                  Tasks.<String, RuntimeException>scope(s -> s.fork(ContextTest::value).join())));
    }
  }

  @Test
  void withNothingRegisteredTheWorkIsNotWrapped() {
    Callable<Integer> work = () -> 1;
    assertSame(work, Context.carry(work));
  }
}
