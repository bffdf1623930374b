package dev.brigade.process.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Fn;
import dev.brigade.task.Work;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Functions of every form, there and back. */
class TravelTest {
  private final Wire wire = new Wire();

  interface SerialFunction<A, R> extends Function<A, R>, Serializable {}

  interface Greeting extends Serializable {
    String name();

    default Work<String, RuntimeException> greet() {
      return () -> "hello " + name();
    }
  }

  record Named(String name) implements Greeting {
    Work<Integer, RuntimeException> length() {
      return () -> name.length();
    }
  }

  interface Join extends Serializable {
    String join(String first, String... more);
  }

  interface Two extends Serializable {
    String join(String first, String second);
  }

  @SuppressWarnings("serial")
  static final class Holder implements Serializable {
    private static final long serialVersionUID = 1L;
    final int times;
    @Nullable Object content;

    Holder(int times) {
      this.times = times;
    }

    Fn<Integer, Integer, RuntimeException> multiplier() {
      return i -> i * times;
    }

    int multiply(int by) {
      return by * times;
    }
  }

  private static String joined(String first, String... more) {
    return first + String.join("", more);
  }

  private static String upper(String s) {
    return s.toUpperCase(java.util.Locale.ROOT);
  }

  @Test
  void aLambdaThatCapturesNothing() throws Exception {
    Fn<Integer, Integer, RuntimeException> f = i -> i + 1;
    byte[] bytes = wire.encode(f);
    assertEquals(Tag.LAMBDA, bytes[0]);
    Fn<Integer, Integer, RuntimeException> copy = wire.copy(f);
    assertEquals(42, copy.apply(41));
  }

  @Test
  void aLambdaThatCapturesAllPrimitives() throws Exception {
    boolean z = true;
    byte b = 1;
    short s = 2;
    char c = 'c';
    int i = 3;
    long l = 4;
    float f = 5;
    double d = 6;
    Work<String, RuntimeException> w = () -> "" + z + b + s + c + i + l + f + d;
    assertEquals("true12c345.06.0", wire.copy(w).call());
  }

  @Test
  void whatIsCapturedTwiceIsOneObject() throws Exception {
    var list = new ArrayList<Integer>();
    Supplier<List<Integer>> inner = (Supplier<List<Integer>> & Serializable) () -> list;
    Work<Boolean, RuntimeException> w = () -> inner.get() == list;
    assertTrue(wire.copy(w).call());
  }

  @Test
  void methodReferencesOfAllKinds() throws Exception {
    Fn<String, String, RuntimeException> ofStatic = TravelTest::upper;
    assertEquals("A", wire.copy(ofStatic).apply("a"));
    Fn<String, Integer, RuntimeException> unbound = String::length;
    assertEquals(3, wire.copy(unbound).apply("abc"));
    Work<Integer, RuntimeException> bound = "abcd"::length;
    assertEquals(4, wire.copy(bound).call());
    Fn<Integer, Integer, RuntimeException> boundToObject = new Holder(3)::multiply;
    assertEquals(Tag.LAMBDA_JAVA, wire.encode(boundToObject)[0]);
    assertEquals(6, wire.copy(boundToObject).apply(2));
    Work<ArrayList<String>, RuntimeException> constructor = ArrayList::new;
    assertEquals(List.of(), wire.copy(constructor).call());
    Fn<Integer, int[], RuntimeException> array = int[]::new;
    assertEquals(5, wire.copy(array).apply(5).length);
    Join varargs = TravelTest::joined;
    assertEquals("abc", wire.copy(varargs).join("a", "b", "c"));
    Two asTwo = TravelTest::joined;
    assertEquals("ab", wire.copy(asTwo).join("a", "b"));
  }

  @Test
  void lambdasOfIntersectionTypesAndGenericOnes() {
    var both = (Comparator<String> & Serializable) (a, b) -> b.compareTo(a);
    assertTrue(wire.copy(both).compare("a", "b") > 0);
    assertEquals(List.of(1), wire.copy(TravelTest.<Integer>lister()).apply(1));
  }

  private static <T> SerialFunction<T, List<T>> lister() {
    return x -> List.of(x);
  }

  @Test
  void lambdasOfDefaultMethodsAndRecords() throws Exception {
    var named = new Named("Ann");
    assertEquals("hello Ann", wire.copy(named.greet()).call());
    assertEquals(3, wire.copy(named.length()).call());
    Greeting g = () -> "Bob";
    assertEquals("hello Bob", wire.copy(g.greet()).call());
  }

  @Test
  void aLambdaThatCapturesItsObject() throws Exception {
    assertEquals(6, wire.copy(new Holder(3).multiplier()).apply(2));
  }

  @Test
  void lambdasOfLambdas() throws Exception {
    Fn<Integer, Integer, RuntimeException> inner = i -> i + 1;
    Fn<Integer, Integer, Exception> outer = i -> inner.apply(i) * 2;
    assertEquals(Tag.LAMBDA, wire.encode(outer)[0]);
    assertEquals(8, wire.copy(outer).apply(3));
  }

  @Test
  void lambdasInsideOfObjectsThatGoThroughTheJdk() throws Exception {
    var holder = new Holder(1);
    int captured = 7;
    Work<Integer, RuntimeException> w = () -> captured;
    holder.content = List.of(w, w, Optional.of(captured));
    List<?> copy = assertInstanceOf(List.class, wire.copy(holder).content);
    assertEquals(7, assertInstanceOf(Work.class, copy.get(0)).call());
    assertSame(copy.get(0), copy.get(1));
  }

  @Test
  void lambdasInListsStayShared() throws Exception {
    Work<String, RuntimeException> w = () -> "x";
    List<Work<String, RuntimeException>> copy = wire.copy(List.of(w, w));
    assertSame(copy.get(0), copy.get(1));
    assertEquals("x", copy.get(0).call());
  }

  @Test
  void classesOfAllKinds() throws Exception {
    @SuppressWarnings("serial")
    class Local implements Callable<String>, Serializable {
      @Override
      public String call() {
        return "local";
      }
    }
    var nested =
        new Fn<Integer, Integer, RuntimeException>() {
          private static final long serialVersionUID = 1L;

          @Override
          public Integer apply(Integer i) {
            return -i;
          }
        };
    // Both are non-static and hold this test.
    assertTrue(wire.refusal(new Local()).contains("TravelTest"));
    assertTrue(wire.refusal(nested).contains("TravelTest"));
    assertEquals("static", assertInstanceOf(Callable.class, wire.copy(local())).call());
  }

  private static Object local() {
    record Local(String s) implements Callable<String>, Serializable {
      @Override
      public String call() {
        return s;
      }
    }
    return new Local("static");
  }

  @Test
  void aLambdaOfANamedModuleThatDoesNotLetUsIn() {
    // Comparator.comparing makes serialisable lambdas in java.base, which is closed to us.
    Comparator<String> c =
        Comparator.comparing((Function<String, Integer> & Serializable) String::length);
    byte[] bytes = wire.encode(c);
    assertEquals(Tag.LAMBDA, bytes[0]);
    assertTrue(wire.copy(c).compare("a", "bb") < 0);
    assertTrue(wire.copy(c.reversed()).compare("a", "bb") > 0);
  }

  /** Counts how often it is written and read. */
  static final class Counted implements Comparator<String>, Serializable {
    private static final long serialVersionUID = 1L;
    private int times;

    private Object writeReplace() {
      Counted next = new Counted();
      next.times = times + 1;
      return next;
    }

    @Override
    public int compare(String a, String b) {
      return a.equals(b) ? 0 : times;
    }
  }

  @Test
  void whatItHasCapturedIsCopiedOnce() {
    Comparator<String> c = new Counted().thenComparing(new Counted());
    assertEquals(Tag.LAMBDA_JAVA, wire.encode(c)[0]);
    assertEquals(1, wire.copy(c).compare("a", "b"));
    Comparator<String> inside = new Counted().thenComparing(new Counted());
    var holder = new Holder(1);
    holder.content = inside;
    Comparator<?> copy = assertInstanceOf(Comparator.class, wire.copy(holder).content);
    assertTrue(copy.getClass().isHidden());
  }

  @Test
  void readersUnderstandAShapeOnce() throws Exception {
    Fn<Integer, Integer, RuntimeException> f = i -> i + 1;
    Fn<Integer, Integer, RuntimeException> first = wire.copy(f);
    Fn<Integer, Integer, RuntimeException> second = wire.copy(f);
    assertSame(first, second, "what captures nothing is one object in a program");
    int n = 1;
    Work<Integer, RuntimeException> w = () -> n;
    assertNotSame(wire.copy(w), wire.copy(w));
    assertSame(wire.copy(w).getClass(), wire.copy(w).getClass());
  }

  @Test
  void aLambdaThatIsNotThereIsRefused() {
    Work<Integer, RuntimeException> w = () -> 1;
    byte[] bytes = wire.encode(w);
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    bytes[text.indexOf("lambda$") + 8] ^= 1;
    var e = assertThrows(IOException.class, () -> wire.codec.read(new Input(bytes)));
    assertTrue(Wire.message(e).contains("another version"), e.toString());
  }
}
