package dev.brigade.process.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Two;
import dev.brigade.task.Work;
import java.io.IOException;
import java.io.ObjectInputFilter;
import java.io.Serializable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FilterTest {
  private final Wire wire = new Wire();

  record Point(int x, int y) implements Serializable {}

  record Checked(int x) implements Serializable {
    static boolean made;

    Checked {
      made = true;
    }
  }

  enum Shade {
    DARK
  }

  @SuppressWarnings("serial")
  static final class Box implements Serializable {
    private static final long serialVersionUID = 1L;
    @Nullable Object content;

    Box(@Nullable Object content) {
      this.content = content;
    }
  }

  record Handler(String word) implements InvocationHandler, Serializable {
    @Override
    public Object invoke(Object proxy, Method method, Object @Nullable [] args) {
      return word;
    }
  }

  interface Word {
    String word();
  }

  private String refused(Codec codec, Object value) {
    byte[] bytes = wire.encode(value);
    return Wire.message(assertThrows(IOException.class, () -> codec.read(new Input(bytes))));
  }

  private static Codec with(ObjectInputFilter filter) {
    return new Codec(FilterTest.class.getClassLoader(), filter);
  }

  private static Codec with(String pattern) {
    return with(ObjectInputFilter.Config.createFilter(pattern));
  }

  @Test
  void gadgetsAreRefused() throws Exception {
    Retention annotation = FilterTest.Kept.class.getAnnotation(Retention.class);
    for (Object gadget :
        List.of(
            new javax.management.BadAttributeValueExpException("x"),
            annotation,
            make("javax.naming.CompositeName"),
            make("java.rmi.server.ObjID"),
            make("javax.swing.event.EventListenerList"))) {
      assertTrue(
          refused(wire.codec, gadget).contains("known to do harm"), gadget.getClass().getName());
      assertTrue(refused(wire.codec, new Box(List.of(gadget))).contains("known to do harm"));
    }
  }

  /** Of modules that this one does not read. */
  private static Object make(String type) throws Exception {
    return Class.forName(type).getConstructor().newInstance();
  }

  @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
  @interface Retention {}

  @Retention
  static final class Kept {}

  @Test
  void subclassesAndArraysOfGadgetsAreRefused() throws Exception {
    assertTrue(Gadgets.refused(Class.forName("javax.naming.ldap.LdapName")));
    assertTrue(Gadgets.refused(Class.forName("[[Ljava.rmi.server.ObjID;")));
    assertTrue(Gadgets.refused(Class.forName("java.rmi.server.UnicastRemoteObject")));
    assertFalse(
        Gadgets.refused(Class.forName("javax.naming.NamingException")), "a result like others");
    assertFalse(Gadgets.refused(String.class));
  }

  @Test
  void proxiesOfTheUsersOwnMayTravel() {
    var proxy =
        (Word)
            Proxy.newProxyInstance(
                FilterTest.class.getClassLoader(),
                new Class<?>[] {Word.class},
                new Handler("hello"));
    assertEquals("hello", wire.copy(proxy).word());
  }

  @Test
  void aUrlIsReadButNotHashed() throws Exception {
    URL url = URI.create("http://localhost/").toURL();
    assertEquals(url.toString(), wire.copy(url).toString());
    assertTrue(refused(wire.codec, new HashMap<>(Map.of(url, 1))).contains("its hash code asks"));
  }

  @Test
  void theUsersFilterHoldsForBothFormats() {
    Codec codec = with("!" + Point.class.getName() + ";!" + Box.class.getName());
    assertTrue(refused(codec, new Point(1, 2)).contains("a filter refuses it"));
    assertTrue(refused(codec, new ArrayList<>(List.of(new Point(1, 2)))).contains("Point"));
    assertTrue(refused(codec, new Point[] {new Point(1, 2)}).contains("Point"));
    assertTrue(refused(codec, new Box(1)).contains("a filter refuses it"));
  }

  @Test
  void aFilterThatAllowsAFewHoldsForAll() throws Exception {
    Codec codec = with(Point.class.getName() + ";java.lang.*;!*");
    assertEquals(new Point(1, 2), codec.read(new Input(wire.encode(new Point(1, 2)))));
    assertEquals("text", codec.read(new Input(wire.encode("text"))));
    assertTrue(refused(codec, new ArrayList<>(List.of(1))).contains("ArrayList"));
    assertTrue(refused(codec, List.of(1)).contains("List"));
    assertTrue(refused(codec, Map.of(1, 1)).contains("Map"));
    assertTrue(refused(codec, Shade.DARK).contains("Shade"));
    assertTrue(refused(codec, java.util.UUID.randomUUID()).contains("UUID"));
  }

  @Test
  void aLambdaCountsAsTheClassThatItIsWrittenIn() throws Exception {
    int n = 1;
    Work<Integer, RuntimeException> w = () -> n;
    assertTrue(refused(with("java.base/*;!*"), w).contains("FilterTest"));
    Codec lambdas = with("java.base/*;" + FilterTest.class.getName() + ";!*");
    assertEquals(1, ((Work<?, ?>) read(lambdas, w)).call());
    assertThrows(IOException.class, () -> read(lambdas, new Box(w)));
    Codec boxes = with("java.base/*;" + Box.class.getName() + ";!*");
    assertThrows(IOException.class, () -> read(boxes, new Box(w)));
    Codec both = with("java.base/*;" + FilterTest.class.getName() + "*;!*");
    assertEquals(1, ((Work<?, ?>) contentOf(read(both, new Box(w)))).call());
  }

  @Test
  void whatTheLibraryWrapsIsNoConcernOfTheUsersFilter() throws Exception {
    Codec few = with("java.base/*;!*");
    assertEquals(new Two<>(1, 2), read(few, new Two<>(1, 2)));
    assertThrows(IOException.class, () -> read(few, new Two<>(1, new Point(1, 2))));
  }

  private Object read(Codec codec, Object value) throws Exception {
    return java.util.Objects.requireNonNull(codec.read(new Input(wire.encode(value))));
  }

  private static Object contentOf(Object box) {
    return java.util.Objects.requireNonNull(((Box) box).content);
  }

  @Test
  void limitsOfAFilterHoldForTheCompactFormat() {
    assertTrue(refused(with("maxarray=10"), new int[11]).contains("a filter refuses it"));
    assertTrue(refused(with("maxarray=10"), new Object[11]).contains("a filter refuses it"));
    assertTrue(
        refused(with("maxrefs=10"), new ArrayList<>(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)))
            .contains("a filter refuses it"));
    Object nested = List.of(List.of(List.of(List.of(1))));
    assertTrue(refused(with("maxdepth=3"), nested).contains("a filter refuses it"));
    assertTrue(refused(with("maxbytes=10"), List.of("0123456789", 1)).contains("refuses it"));
  }

  @Test
  void nothingOfARefusedClassRuns() {
    byte[] bytes = wire.encode(new Checked(1));
    Checked.made = false;
    Codec codec = with("!" + Checked.class.getName());
    assertThrows(IOException.class, () -> codec.read(new Input(bytes)));
    assertFalse(Checked.made);
  }

  @Test
  void aFilterThatThrowsRefuses() {
    Codec codec =
        with(info -> {
          throw new IllegalStateException("no");
        });
    byte[] point = wire.encode(new Point(1, 2));
    byte[] box = wire.encode(new Box(1));
    assertThrows(IOException.class, () -> codec.read(new Input(point)));
    assertThrows(IOException.class, () -> codec.read(new Input(box)));
  }

  @Test
  void setsInSetsThatTakeYearsToHashAreRefused() {
    Set<Object> root = new HashSet<>();
    Set<Object> a = root;
    Set<Object> b = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      var c = new HashSet<>();
      var d = new HashSet<>();
      c.add("x");
      a.add(c);
      a.add(d);
      b.add(c);
      b.add(d);
      a = c;
      b = d;
    }
    var out = new Output();
    // Written without hashing anything, by both formats.
    boolean compact = new GraphWriter().write(root, out);
    assertTrue(compact);
    var in = new Input(out.array(), 0, out.size());
    var e = assertThrows(IOException.class, () -> wire.codec.read(in));
    assertTrue(Wire.message(e).contains("hash codes take too long"), e.toString());
    assertTrue(refused(wire.codec, new Box(root)).contains("hash collections in hash collections"));
  }

  @Test
  void nestedMapsOfTheUsualDepthPass() {
    Map<String, Object> map = new HashMap<>(Map.of("leaf", 1));
    for (int i = 0; i < 100; i++) map = new HashMap<>(Map.of("inner", map, "n", i));
    assertEquals(map, wire.copy(map));
    Map<String, Object> few = new HashMap<>(Map.of("leaf", 1));
    for (int i = 0; i < 10; i++) few = new HashMap<>(Map.of("inner", few, "n", i));
    assertEquals(few, wire.copy(new Box(few)).content);
  }

  @Test
  void ordinaryArraysPassTheBoundOnArrays() {
    var box = new Box(new Object[] {new int[100_000], new Object[1000], "x".repeat(1000)});
    assertEquals(3, ((Object[]) java.util.Objects.requireNonNull(wire.copy(box).content)).length);
    var maps = new ArrayList<>();
    for (int i = 0; i < 1000; i++) maps.add(new HashMap<>(Map.of("k", new Box(i))));
    assertEquals(1000, wire.copy(maps).size());
  }
}
