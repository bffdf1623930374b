package dev.brigade.process.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Fn;
import dev.brigade.task.Work;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FunctionsTest {
  private static final ClassLoader LOADER = FunctionsTest.class.getClassLoader();

  private final Functions functions = new Functions(new Codec(LOADER, null));
  private final Wire wire = new Wire();

  static final class Stateless implements Work<Integer, RuntimeException> {
    private static final long serialVersionUID = 1L;

    @Override
    public Integer call() {
      return 1;
    }
  }

  static class WithState implements Work<Integer, RuntimeException> {
    private static final long serialVersionUID = 1L;
    int count;

    @Override
    public Integer call() {
      return ++count;
    }
  }

  static final class HeirOfState extends WithState {
    private static final long serialVersionUID = 1L;
  }

  record Adder(int n, TimeUnit unit) implements Fn<Integer, Integer, RuntimeException> {
    @Override
    public Integer apply(Integer i) {
      return i + n;
    }
  }

  record Keeper(List<Integer> list) implements Serializable {}

  private long id(Object function) throws Exception {
    return functions.of(function).id();
  }

  private static Work<Integer, RuntimeException> constant(int n) {
    return () -> n;
  }

  @Test
  void whatCapturesNothingHasAnIdAtOnce() throws Exception {
    Work<Integer, RuntimeException> w = () -> 1;
    Functions.Reference r = functions.of(w);
    assertTrue(r.id() > 0);
    assertSame(r, functions.of(w));
    Work<?, ?> copy = (Work<?, ?>) wire.decode(r.bytes());
    assertEquals(1, java.util.Objects.requireNonNull(copy).call());
    assertTrue(id(new Stateless()) > 0);
    assertEquals(id(new Stateless()), id(new Stateless()));
    Fn<String, Integer, RuntimeException> reference = String::length;
    assertTrue(id(reference) > 0);
    assertNotEquals(id(w), id(reference));
  }

  @Test
  void whatCapturesValuesHasAnIdWhenItComesAgain() throws Exception {
    assertEquals(0, id(constant(1)));
    long one = id(constant(1));
    assertTrue(one > 0);
    assertEquals(one, id(constant(1)), "made anew, and still the same");
    assertEquals(0, id(constant(2)));
    var adder = new Adder(1, TimeUnit.DAYS);
    assertEquals(0, id(adder));
    assertTrue(id(adder) > 0);
    List<String> words = List.of("a", "b");
    Work<Integer, RuntimeException> ofList = () -> words.size();
    assertEquals(0, id(ofList));
    assertTrue(id(ofList) > 0);
    Work<Integer, RuntimeException> inner = constant(5);
    Work<Integer, RuntimeException> outer = () -> inner.call() + 1;
    assertEquals(0, id(outer));
    assertTrue(id(outer) > 0);
  }

  @Test
  void whatMayChangeHasNoIdAndIsWrittenAsItIsNow() throws Exception {
    var list = new ArrayList<Integer>();
    Work<Integer, RuntimeException> w = () -> list.size();
    for (int i = 0; i < 5; i++) {
      Functions.Reference r = functions.of(w);
      assertEquals(0, r.id());
      Work<?, ?> copy = (Work<?, ?>) java.util.Objects.requireNonNull(wire.decode(r.bytes()));
      assertEquals(i, copy.call());
      list.add(i);
    }
    var keeper = new Keeper(list);
    var state = new HeirOfState();
    for (int i = 0; i < 3; i++) {
      assertEquals(0, id(keeper));
      assertEquals(0, id(state));
      assertEquals(0, id(List.of(new int[] {1})));
      assertEquals(0, id(new int[] {1}));
    }
  }

  @Test
  void idsEndAtABoundAndWorkGoesOn() throws Exception {
    long most = 0;
    for (int round = 0; round < 2; round++) {
      for (int from = 0; from < 4000; from += 500) {
        for (int again = 0; again < 2; again++)
          for (int i = from; i < from + 500; i++) most = Math.max(most, id(constant(i)));
      }
    }
    assertEquals(2048, most);
    assertEquals(0, id(constant(123_456)));
    assertEquals(0, id(constant(123_456)), "no id is left for it");
    assertTrue(id(new Stateless()) > 0, "those without state have ids of their own");
  }

  @Test
  void bigFunctionsCountByTheirBytes() throws Exception {
    String text = "x".repeat(20 << 20);
    Work<Integer, RuntimeException> w = () -> text.length();
    assertEquals(0, id(w));
    assertEquals(0, id(w), "too big to be compared with what came once");
  }

  @Test
  void functionsAreNotKeptAlive() throws Exception {
    assertTrue(id(new Stateless()) > 0);
    var gone = new WeakReference<>(fresh());
    Awaitility.await()
        .until(() -> {
          System.gc();
          return gone.refersTo(null);
        });
  }

  private Object fresh() throws Exception {
    @Nullable Object o = new Adder(77, TimeUnit.DAYS);
    assertEquals(0, id(o));
    assertTrue(id(o) > 0);
    return o;
  }

  @Test
  void manyThreadsSeeTheSameIds() throws Exception {
    var all = new ArrayList<CompletableFuture<List<Long>>>();
    for (int t = 0; t < 8; t++) {
      all.add(
          CompletableFuture.supplyAsync(() -> {
            var ids = new ArrayList<Long>();
            for (int i = 0; i < 200; i++) {
              try {
                long first = id(constant(i));
                long second = id(constant(i));
                assertTrue(first == 0 || first == second);
                ids.add(second);
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            }
            return ids;
          }));
    }
    List<Long> first = all.get(0).get();
    assertFalse(first.contains(0L));
    assertEquals(200, first.stream().distinct().count());
    for (var f : all) assertEquals(first, f.get());
  }
}
