package dev.brigade.testing.conformance;

import static dev.brigade.testing.conformance.Trial.failureOf;
import static dev.brigade.testing.conformance.Trial.work;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.RemoteFailureException;
import dev.brigade.task.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serial;
import java.io.Serializable;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;

/** What engines promise whose tasks run elsewhere. */
final class TravelClauses {
  private TravelClauses() {}

  static List<Clause> clauses() {
    return new Concern("travel")
        .clause("what a task changes is not changed here", TravelClauses::copies, Need.ELSEWHERE)
        .clause("an exception is an equivalent copy", TravelClauses::exceptions, Need.ELSEWHERE)
        .clause(
            "an exception that can't travel comes as its text and trace",
            TravelClauses::undecodable,
            Need.ELSEWHERE)
        .clause(
            "a callable that can't travel is rejected at submission, by class and field",
            TravelClauses::callable,
            Need.ELSEWHERE)
        .clause(
            "a runnable that can't travel is rejected at submission, by class",
            TravelClauses::runnable,
            Need.ELSEWHERE)
        .clause(
            "a fork of what can't travel is rejected, by class and field",
            TravelClauses::fork,
            Need.ELSEWHERE)
        .clause(
            "a result that can't travel fails its task, by class",
            TravelClauses::result,
            Need.ELSEWHERE)
        .clause("an item of a map travels with its function", TravelClauses::items, Need.ELSEWHERE)
        .clauses();
  }

  private static void copies(Trial t) throws Exception {
    var list = new ArrayList<>(List.of("a"));
    int size = t.submit(() -> added(list)).get();
    assertEquals(2, size);
    assertEquals(List.of("a"), list);
  }

  private static int added(List<String> list) {
    list.add("b");
    return list.size();
  }

  private static String failWithCause() throws IOException {
    var e = new IOException("outer", new IllegalStateException("inner"));
    e.addSuppressed(new IllegalArgumentException("beside"));
    throw e;
  }

  private static void exceptions(Trial t) throws Exception {
    Throwable e = failureOf(t.submit(TravelClauses::failWithCause));
    assertInstanceOf(IOException.class, e);
    assertEquals("outer", e.getMessage());
    Throwable cause = e.getCause();
    assertInstanceOf(IllegalStateException.class, cause);
    assertEquals("inner", cause == null ? "" : cause.getMessage());
    assertEquals("beside", e.getSuppressed()[0].getMessage());
    assertEquals("failWithCause", e.getStackTrace()[0].getMethodName());
  }

  /** An exception with something in it that cannot travel. */
  static final class Stuck extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // on purpose
    final Object baggage = new Object();

    Stuck(String message) {
      super(message);
    }
  }

  private static String failStuck() throws Stuck {
    throw new Stuck("can't leave");
  }

  private static void undecodable(Trial t) throws Exception {
    Throwable e = failureOf(t.submit(TravelClauses::failStuck));
    assertInstanceOf(RemoteFailureException.class, e);
    var printed = new StringWriter();
    e.printStackTrace(new PrintWriter(printed, true));
    String text = printed.toString();
    assertTrue(text.contains("Stuck"), text);
    assertTrue(text.contains("can't leave"), text);
    assertTrue(text.contains("failStuck"), text);
  }

  /** Claims that it can travel, and cannot. */
  static final class Crate implements Serializable {
    @Serial private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // on purpose
    final Object lid = new Thread();
  }

  private static void assertNames(Throwable e, String... parts) {
    var text = new StringBuilder();
    for (Throwable c = e; c != null; c = c.getCause()) text.append(c).append('\n');
    for (String part : parts)
      assertTrue(text.toString().contains(part), "no '" + part + "' in " + text);
  }

  private static void callable(Trial t) {
    var crate = new Crate();
    var e =
        assertThrows(RejectedExecutionException.class, () -> t.submit(() -> crate.lid.hashCode()));
    assertNames(e, "java.lang.Thread", "lid");
  }

  private static void runnable(Trial t) {
    Runnable plain = () -> {};
    var e = assertThrows(RejectedExecutionException.class, () -> t.engine().submit(plain));
    assertNames(e, "TravelClauses");
    Callable<String> alsoPlain = () -> "";
    assertThrows(RejectedExecutionException.class, () -> t.engine().submit(alsoPlain));
    assertThrows(RejectedExecutionException.class, () -> t.engine().execute(plain));
  }

  private static void fork(Trial t) {
    var crate = new Crate();
    var e =
        assertThrows(
            RejectedExecutionException.class,
            () -> Tasks.on(t.engine()).scope(s -> s.fork(() -> crate.lid.hashCode())));
    assertNames(e, "java.lang.Thread", "lid");
  }

  private static void result(Trial t) throws Exception {
    Throwable e = failureOf(t.engine().submit(work(() -> new Crate())));
    assertNames(e, "java.lang.Thread", "lid");
  }

  private static void items(Trial t) throws Exception {
    var item = new ArrayList<>(List.of("a"));
    List<ArrayList<String>> back = Tasks.on(t.engine()).map(List.of(item), i -> i);
    assertEquals(item, back.getFirst());
    assertNotSame(item, back.getFirst());
  }
}
