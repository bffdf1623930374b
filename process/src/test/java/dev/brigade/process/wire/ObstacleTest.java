package dev.brigade.process.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Work;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What can't travel is named, with the way to it. */
class ObstacleTest {
  private final Wire wire = new Wire();
  private final Thread thread = new Thread(() -> {});

  @SuppressWarnings("serial")
  static final class Search implements Serializable {
    private static final long serialVersionUID = 1L;
    @Nullable Object index;

    Search(@Nullable Object index) {
      this.index = index;
    }

    Work<String, RuntimeException> run() {
      return () -> "" + index;
    }
  }

  record Pair(Object left, Object right) implements Serializable {}

  static final class Stubborn implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(ObjectOutputStream out) throws IOException {
      throw new NotSerializableException("never me");
    }
  }

  static final class Endless implements Serializable {
    private static final long serialVersionUID = 1L;

    private Object writeReplace() {
      return hashCode() == 0 ? this : new Endless().writeReplace();
    }
  }

  static class Outer {
    @SuppressWarnings("serial")
    class Inner implements Serializable {
      private static final long serialVersionUID = 1L;

      @Override
      public String toString() {
        return "in " + Outer.this;
      }
    }
  }

  private static final String TYPE = "dev.brigade.process.wire.ObstacleTest$";

  private String refusal(Object o) {
    return wire.refusal(o).replace(TYPE, "");
  }

  @Test
  void theObjectItself() {
    assertEquals("a java.lang.Thread can't travel: it is not Serializable", wire.refusal(thread));
  }

  @Test
  void aFieldOfWhatALambdaCaptured() {
    assertEquals(
        "field `index` of Search, captured by the lambda in Search.run, holds a java.lang.Thread,"
            + " which can't travel: it is not Serializable",
        refusal(new Search(thread).run()));
  }

  @Test
  void whatALambdaCapturedDirectly() {
    Thread t = thread;
    Work<String, RuntimeException> w = () -> t.getName();
    assertEquals(
        "a java.lang.Thread, captured by the lambda in"
            + " dev.brigade.process.wire.ObstacleTest.whatALambdaCapturedDirectly, can't travel: it"
            + " is not Serializable",
        refusal(w));
  }

  @Test
  void theObjectThatALambdaIsOf() {
    Work<String, RuntimeException> w = () -> thread.getName();
    String why = wire.refusal(w);
    assertTrue(
        why.startsWith("`this`, a dev.brigade.process.wire.ObstacleTest, captured by the lambda"),
        why);
  }

  @Test
  void theObjectThatAMethodReferenceIsBoundTo() {
    Work<String, RuntimeException> w = thread::getName;
    String why = wire.refusal(w);
    assertTrue(why.contains("captured by the method reference java.lang.Thread::getName"), why);
  }

  @Test
  void theWayThroughCollectionsAndRecords() {
    var list = new ArrayList<Object>(List.of(1, new Pair("x", Map.of("k", thread))));
    String why = refusal(new Search(list));
    assertTrue(why.startsWith("the value of key `k` of "), why);
    assertTrue(
        why.contains(
            "which is field `right` of Pair, which is element 1 of a java.util.ArrayList, which is"
                + " field `index` of Search, holds a java.lang.Thread"),
        why);
  }

  @Test
  void keysArraysAndOptionals() {
    assertTrue(
        refusal(new HashMap<>(Map.of(thread, 1))).startsWith("a key of a java.util.HashMap"));
    assertTrue(
        refusal(new Object[] {1, thread}).startsWith("element 1 of a java.lang.Object[] holds"));
    assertTrue(refusal(Optional.of(thread)).startsWith("the value of a java.util.Optional holds"));
  }

  @Test
  void theEnclosingObject() {
    String why = refusal(new Outer().new Inner());
    assertEquals(
        "the enclosing object (field `this$0` of Outer$Inner) holds a Outer, which can't travel: it"
            + " is not Serializable",
        why);
  }

  @Test
  void aLambdaOfAPlainInterface() {
    Callable<Integer> c = () -> 1;
    assertEquals(
        "the lambda in dev.brigade.process.wire.ObstacleTest can't travel: its interface is not"
            + " Serializable (use Work or Fn, or cast it as in (Runnable & Serializable))",
        wire.refusal(c));
  }

  @Test
  void whatItsOwnCodeSays() {
    assertTrue(wire.refusal(new Stubborn()).contains("never me"));
    assertTrue(wire.refusal(new Endless()).contains("writeReplace never ends"));
  }
}
