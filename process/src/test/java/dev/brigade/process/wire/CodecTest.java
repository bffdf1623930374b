package dev.brigade.process.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.NotSerializableException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
  private final Wire wire = new Wire();
  private final Codec codec = wire.codec;

  record Point(int x, int y, int z) implements Serializable {}

  record Named(String name, List<Point> points, @Nullable Named next) implements Serializable {}

  record Opaque(int x) {}

  record Replaced(int x) implements Serializable {
    private Object writeReplace() {
      return "replaced";
    }
  }

  enum Shade {
    DARK,
    LIGHT {
      @Override
      String word() {
        return "bright";
      }
    };

    String word() {
      return "plain";
    }
  }

  @SuppressWarnings("serial")
  static final class Box implements Serializable {
    private static final long serialVersionUID = 1L;
    @Nullable Object content;
  }

  private byte[] encode(@Nullable Object value) {
    return wire.encode(value);
  }

  private <T> T copy(T value) {
    return wire.copy(value);
  }

  private @Nullable Object decode(byte[] bytes) {
    return wire.decode(bytes);
  }

  private static boolean isCompact(byte[] bytes) {
    return bytes[0] != Tag.JAVA && bytes[0] != Tag.LAMBDA_JAVA;
  }

  static Stream<Object> compactValues() {
    return Stream.of(
        true,
        false,
        (byte) -1,
        Short.MIN_VALUE,
        Character.MAX_VALUE,
        'a',
        0,
        -1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        Float.NaN,
        -0.0f,
        Double.MIN_VALUE,
        -0.0,
        "",
        "text",
        "caf\u00e9",
        "\u4f60\u597d",
        "lone \ud800 surrogate",
        "a".repeat(47) + "\u00ff",
        "a".repeat(1000),
        "a".repeat(1000) + "\u00ff",
        "a".repeat(1000) + "\uffff",
        BigInteger.ZERO,
        BigInteger.TWO.pow(1000).negate(),
        new BigDecimal("-1234567890.0123456789"),
        new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE),
        new UUID(1, -1),
        Instant.MIN,
        Instant.MAX,
        Duration.ofSeconds(Long.MIN_VALUE),
        Duration.ofNanos(-1),
        LocalDate.MIN,
        LocalDate.MAX,
        LocalTime.MAX,
        LocalDateTime.MIN,
        OffsetDateTime.of(LocalDateTime.MAX, ZoneOffset.MAX),
        Optional.empty(),
        Optional.of("x"),
        Shade.DARK,
        Shade.LIGHT,
        TimeUnit.DAYS,
        new Point(1, -2, 3),
        new Named("n", List.of(new Point(1, 2, 3)), new Named("m", new ArrayList<>(), null)),
        new ArrayList<>(Arrays.asList(1, null, "x")),
        new LinkedList<>(List.of(1, 2)),
        new HashSet<>(List.of(1, 2, 3)),
        new LinkedHashSet<>(List.of(3, 1, 2)),
        new TreeSet<>(List.of(3, 1, 2)),
        List.of(),
        List.of(1),
        List.of(1, 2),
        List.of(1, 2, 3),
        Stream.of(1, null, 3).toList(),
        Set.of(),
        Set.of(1),
        Set.of(1, 2, 3),
        Map.of(),
        Map.of("a", 1),
        Map.of("a", 1, "b", List.of(2)),
        new HashMap<>(Map.of("a", 1)),
        new LinkedHashMap<>(Map.of("a", 1, "b", 2)),
        new TreeMap<>(Map.of("a", 1, "b", 2)),
        Collections.emptyList(),
        Collections.emptySet(),
        Collections.emptyMap());
  }

  @ParameterizedTest
  @MethodSource("compactValues")
  void commonValuesAreCompactAndComeBackEqualAndOfTheSameClass(Object value) {
    byte[] bytes = encode(value);
    assertTrue(isCompact(bytes), () -> value.getClass() + " is compact");
    Object copy = assertNotNullCopy(bytes);
    assertEquals(value, copy);
    assertSame(value.getClass(), copy.getClass());
    assertEquals(value.toString().length(), copy.toString().length());
  }

  private Object assertNotNullCopy(byte[] bytes) {
    Object copy = decode(bytes);
    assertNotNull(copy);
    return copy;
  }

  @Test
  void nullIsOneByte() {
    assertArrayEquals(new byte[] {Tag.NULL}, encode(null));
    assertNull(decode(encode(null)));
  }

  static Stream<Object> arrays() {
    return Stream.of(
        new boolean[] {true, false, true},
        new byte[] {1, -1},
        new short[] {Short.MIN_VALUE, 5},
        new char[] {'a', '\uffff'},
        new int[] {Integer.MIN_VALUE, 0, 7},
        new long[] {Long.MIN_VALUE, 3},
        new float[] {Float.NaN, -0.0f},
        new double[] {Double.NaN, -0.0},
        new int[0],
        new String[] {"a", null},
        new Object[] {1, "x", new int[] {1}},
        new Integer[] {1, null},
        new int[][] {{1}, {}, {2, 3}},
        new double[][][] {{{1}}, {{}, {2, 3}}},
        new Point[] {new Point(1, 2, 3)},
        new Shade[] {Shade.LIGHT});
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void arraysAreCompactAndKeepTheirClass(Object array) {
    byte[] bytes = encode(array);
    assertTrue(isCompact(bytes));
    Object copy = assertNotNullCopy(bytes);
    assertSame(array.getClass(), copy.getClass());
    assertTrue(Arrays.deepEquals(new Object[] {array}, new Object[] {copy}));
  }

  static Stream<Object> others() {
    return Stream.of(
        new TreeMap<>(Comparator.<Integer>reverseOrder()),
        new TreeSet<>(Collections.reverseOrder()),
        new EnumMap<>(Map.of(Shade.DARK, 1)),
        ZonedDateTime.parse("2026-01-01T00:00:00Z"),
        String.class,
        int.class,
        int[].class,
        new Box(),
        List.of(new Box()),
        Arrays.asList(1, 2),
        BigInteger.TWO.pow(10_000));
  }

  @ParameterizedTest
  @MethodSource("others")
  void theRestGoesThroughTheJdk(Object value) {
    byte[] bytes = encode(value);
    assertEquals(Tag.JAVA, bytes[0]);
    assertSame(value.getClass(), assertNotNullCopy(bytes).getClass());
  }

  @Test
  void aRecordThatReplacesItselfGoesThroughTheJdk() {
    assertEquals("replaced", decode(encode(new Replaced(1))));
  }

  @Test
  void mapsThatOrderByAccessStaySo() {
    var lru = new LinkedHashMap<Integer, Integer>(16, 0.75f, true);
    lru.put(1, 1);
    lru.put(2, 2);
    var copy = copy(lru);
    assertEquals(1, copy.get(1));
    assertEquals(2, copy.firstEntry().getKey(), "the one read last is the last");
    var empty = new LinkedHashMap<Integer, Integer>(16, 0.75f, true);
    assertEquals(Tag.JAVA, encode(empty)[0]);
  }

  @Test
  void immutableStaysImmutableAndMutableMutable() {
    assertThrows(UnsupportedOperationException.class, () -> copy(List.of(1, 2, 3)).add(4));
    assertThrows(UnsupportedOperationException.class, () -> copy(Set.of(1, 2, 3)).add(4));
    assertThrows(UnsupportedOperationException.class, () -> copy(Map.of(1, 2)).put(4, 4));
    var list = copy(new ArrayList<>(List.of(1)));
    assertTrue(list.add(2));
  }

  @Test
  void whatIsSharedStaysShared() {
    var shared = new ArrayList<>(List.of(1));
    var list = copy(new ArrayList<>(List.of(shared, shared, new ArrayList<>(shared))));
    assertSame(list.get(0), list.get(1));
    assertTrue(list.get(0) != list.get(2));
  }

  @Test
  void whatIsSharedStaysSharedAmongMany() {
    var outer = new ArrayList<ArrayList<Integer>>();
    for (int i = 0; i < 500; i++) outer.add(new ArrayList<>(List.of(i)));
    outer.addAll(new ArrayList<>(outer));
    byte[] bytes = encode(outer);
    assertTrue(isCompact(bytes));
    @SuppressWarnings("unchecked")
    var copy = (List<List<Integer>>) assertNotNullCopy(bytes);
    for (int i = 0; i < 500; i++) {
      assertEquals(List.of(i), copy.get(i));
      assertSame(copy.get(i), copy.get(i + 500));
    }
  }

  @Test
  void cyclesClose() {
    var list = new ArrayList<Object>();
    list.add(list);
    byte[] bytes = encode(list);
    assertTrue(isCompact(bytes));
    var copy = assertInstanceOf(ArrayList.class, decode(bytes));
    assertSame(copy, copy.get(0));
    var array = new Object[1];
    array[0] = new HashMap<>(Map.of("self", array));
    Object[] again = copy(array);
    assertSame(again, assertInstanceOf(Map.class, again[0]).get("self"));
  }

  @Test
  void aCycleThroughARecordIsLeftToTheJdk() {
    var points = new ArrayList<Point>();
    var named = new Named("n", points, null);
    @SuppressWarnings({"unchecked", "rawtypes"})
    boolean unused = ((List) points).add(named);
    assertEquals(Tag.JAVA, encode(named)[0]);
    assertTrue(isCompact(encode(points)), "from the list, it closes at what can wait");
    var copy = copy(points);
    Object inner = ((List<?>) copy).get(0);
    assertSame(copy, assertInstanceOf(Named.class, inner).points());
  }

  @Test
  void anObjectOfBothFormatsIsNeverCopiedTwice() {
    var shared = new ArrayList<>(List.of(1));
    var box = new Box();
    box.content = shared;
    List<Object> copy = copy(new ArrayList<>(List.of(shared, box)));
    assertSame(copy.get(0), assertInstanceOf(Box.class, copy.get(1)).content);
  }

  @Test
  void sharingManyTimesOverDoesNotBlowUp() {
    List<Object> l = new ArrayList<>();
    for (int i = 0; i < 100; i++) l = new ArrayList<>(List.of(l, l));
    byte[] bytes = encode(l);
    assertTrue(bytes.length < 2000, () -> bytes.length + " bytes");
    var copy = assertInstanceOf(List.class, decode(bytes));
    assertSame(copy.get(0), copy.get(1));
    String text = "x".repeat(10_000);
    assertTrue(encode(Collections.nCopies(1, text)).length > 10_000);
    assertTrue(encode(new ArrayList<>(Collections.nCopies(1000, text))).length < 20_000);
  }

  @Test
  void nullsInListsThatAllowThemAreAsked() {
    List<Integer> copy = copy(Stream.of(1, 2, 3).toList());
    assertEquals(-1, copy.indexOf(null));
  }

  @Test
  void optionalsTravelAlsoInsideOfWhatGoesThroughTheJdk() {
    var box = new Box();
    box.content = Optional.of(List.of(1));
    assertEquals(Optional.of(List.of(1)), copy(box).content);
    box.content = Optional.empty();
    assertEquals(Optional.empty(), copy(box).content);
  }

  @Test
  void deepChainsGoThroughTheJdkOrAreRefused() throws Exception {
    Named n = new Named("0", List.of(), null);
    for (int i = 0; i < 300; i++) n = new Named("" + i, List.of(), n);
    byte[] bytes = encode(n);
    assertEquals(Tag.JAVA, bytes[0]);
    assertEquals(n, decode(bytes));
    for (int i = 0; i < 100_000; i++) n = new Named("" + i, List.of(), n);
    Named endless = n;
    var out = new Output();
    out.putInt(7);
    var e = assertThrows(NotSerializableException.class, () -> codec.write(endless, out));
    assertTrue(Wire.message(e).contains("too many levels"), e.getMessage());
    assertEquals(4, out.size(), "nothing was added");
    assertEquals(new Point(1, 2, 3), copy(new Point(1, 2, 3)), "the codec works on");
  }

  @Test
  void severalMessagesFollowEachOther() throws Exception {
    var out = new Output();
    codec.write(new Box(), out);
    codec.write("x", out);
    codec.write(new Point(1, 2, 3), out);
    codec.write(new Box(), out);
    var in = new Input(out.array(), 0, out.size());
    assertInstanceOf(Box.class, codec.read(in));
    assertEquals("x", codec.read(in));
    assertEquals(new Point(1, 2, 3), codec.read(in));
    assertInstanceOf(Box.class, codec.read(in));
    assertEquals(0, in.remaining());
  }

  @Test
  void everyMessageStandsAlone() throws Exception {
    encode(new Point(1, 2, 3));
    encode(new Box());
    byte[] point = encode(new Point(4, 5, 6));
    byte[] box = encode(new Box());
    var other = new Codec(CodecTest.class.getClassLoader(), null);
    assertEquals(new Point(4, 5, 6), other.read(new Input(point)));
    assertInstanceOf(Box.class, other.read(new Input(box)));
  }

  @Test
  void aRecordThatIsNotSerializableIsRefused() {
    var e =
        assertThrows(
            NotSerializableException.class, () -> codec.write(new Opaque(1), new Output()));
    assertTrue(Wire.message(e).contains("Opaque"), e.getMessage());
  }

  @Test
  void aClassThatDiffersIsFoundOut() {
    byte[] bytes = encode(new Point(1, 2, 3));
    // The check of the components is in the first bytes of the definition.
    bytes[1 + 1 + 4 + 2] ^= 1;
    var e = assertThrows(java.io.IOException.class, () -> codec.read(new Input(bytes)));
    assertTrue(Wire.message(e).contains("other components"), e.getMessage());
  }

  @Test
  void aMissingClassIsNamed() throws Exception {
    byte[] bytes = encode(new Point(1, 2, 3));
    var blind = new Codec(ClassLoader.getPlatformClassLoader(), null);
    var e = assertThrows(ClassNotFoundException.class, () -> blind.read(new Input(bytes)));
    assertTrue(Wire.message(e).contains("Point"), e.getMessage());
    byte[] box = encode(new Box());
    assertThrows(ClassNotFoundException.class, () -> blind.read(new Input(box)));
  }

  static final class Faulty implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(java.io.ObjectOutputStream out) {
      throw new AssertionError("faulty");
    }
  }

  @Test
  void whateverAClassThrowsIsARefusal() {
    assertTrue(wire.refusal(new Faulty()).contains("faulty"));
    assertTrue(wire.refusal(List.of(1, new Faulty())).contains("faulty"));
  }

  /** Defines a few of our classes anew. */
  static final class Anew extends ClassLoader {
    Anew() {
      super(CodecTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      boolean ours = name.equals(Point.class.getName()) || name.equals(Box.class.getName());
      if (!ours) return super.loadClass(name, resolve);
      Class<?> c = findLoadedClass(name);
      if (c != null) return c;
      try (var in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = Objects.requireNonNull(in).readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (java.io.IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void classesComeFromTheLoaderThatWasGiven() throws Exception {
    var loader = new Anew();
    var codec = new Codec(loader, null);
    for (Object value : List.of(new Point(1, 2, 3), new Box())) {
      byte[] bytes = encode(value);
      for (int i = 0; i < 2; i++) {
        Object copy = codec.read(new Input(bytes));
        assertSame(loader, Objects.requireNonNull(copy).getClass().getClassLoader());
        assertArrayEquals(bytes, new Wire(codec).encode(copy), "and the other way round");
      }
    }
  }

  @Test
  void aBigGraphComesBackWhole() {
    var map = new HashMap<String, List<Point>>();
    for (int i = 0; i < 2000; i++) {
      var points = new ArrayList<Point>();
      for (int j = 0; j < 10; j++) points.add(new Point(i, j, -i));
      map.put("key " + i, points);
    }
    byte[] bytes = encode(map);
    assertTrue(isCompact(bytes));
    assertEquals(map, decode(bytes));
  }
}
