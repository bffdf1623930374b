package dev.brigade.process.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.task.Fn;
import dev.brigade.task.Work;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever bytes come, reading ends in a value or a checked exception, soon and with little memory.
 */
class GarbageTest {
  private static final int CASES = Integer.getInteger("brigade.garbage.cases", 150_000);
  private static final long SEED = Long.getLong("brigade.seed", 20_261_120L);

  private final Wire wire = new Wire();

  record Leaf(int a, String b, double c, TimeUnit unit) implements Serializable {}

  record Node(Object left, @Nullable Object right) implements Serializable {}

  @SuppressWarnings("serial")
  static final class Box implements Serializable {
    private static final long serialVersionUID = 1L;
    final Object content;
    final int[] numbers = {1, 2, 3};
    final Map<String, Integer> map = new HashMap<>(Map.of("a", 1, "b", 2));

    Box(Object content) {
      this.content = content;
    }
  }

  private List<byte[]> validMessages() {
    int n = 5;
    String s = "captured";
    Fn<Integer, Integer, RuntimeException> f = i -> i + n;
    Work<String, RuntimeException> w = () -> s + n;
    var cycle = new ArrayList<Object>(List.of(1));
    cycle.add(cycle);
    return List.of(
        wire.encode(42),
        wire.encode("a text that is not very short, but not long"),
        wire.encode("wide \u4f60\u597d"),
        wire.encode("x".repeat(600)),
        wire.encode(new int[] {1, 2, 3, 4, 5, 6, 7, 8}),
        wire.encode(new double[50]),
        wire.encode(new Leaf(1, "b", 2, TimeUnit.DAYS)),
        wire.encode(
            List.of(new Leaf(1, "b", 2, TimeUnit.DAYS), new Leaf(2, "", 3, TimeUnit.HOURS))),
        wire.encode(new Node(new Node(1, List.of(2)), new Object[] {1, "x", null, new byte[3]})),
        wire.encode(new HashMap<>(Map.of("a", 1, "b", List.of(2), "c", Map.of(1, 2)))),
        wire.encode(new LinkedHashMap<>(Map.of(new Leaf(1, "", 1, TimeUnit.DAYS), 1))),
        wire.encode(new TreeMap<>(Map.of("a", 1, "b", 2))),
        wire.encode(new HashSet<>(List.of(1, 2, Set.of(3, 4)))),
        wire.encode(new ArrayDeque<>(List.of(Optional.of(1), UUID.randomUUID()))),
        wire.encode(List.of(Instant.now(), Duration.ZERO, new BigDecimal("1.5"), 'c', 1L, 2.0f)),
        wire.encode(new int[][] {{1}, {2, 3}}),
        wire.encode(cycle),
        wire.encode(f),
        wire.encode(w),
        wire.encode(new Node(f, List.of(w, w))),
        wire.encode(new Box(List.of(1, 2))),
        wire.encode(new Box(new Node(f, new PriorityQueue<>(List.of(3, 1, 2))))),
        wire.encode(new ConcurrentHashMap<>(Map.of("a", new Box(1)))),
        wire.encode(BitSet.valueOf(new long[] {1, 2})),
        wire.encode(Arrays.asList(new Box(1), new IOException("x"))),
        wire.encode((Work<Integer, RuntimeException>) new Box(1).numbers.clone()::hashCode));
  }

  @Test
  void mutatedMessagesEndInAValueOrACheckedException() {
    var random = new Random(SEED);
    List<byte[]> valid = validMessages();
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      byte[] bytes = mutate(valid.get(random.nextInt(valid.size())), valid, random);
      if (!read(bytes)) refused++;
    }
    int cases = CASES;
    int all = refused;
    assertTrue(all > cases / 2 && all < cases, () -> all + " of " + cases + " refused");
  }

  @Test
  void randomBytesEndInAValueOrACheckedException() {
    var random = new Random(SEED);
    for (int i = 0; i < CASES; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      // Often enough a first byte that leads somewhere.
      if (bytes.length > 0 && i % 2 == 0) bytes[0] = (byte) random.nextInt(Tag.JAVA + 1);
      boolean unused = read(bytes);
    }
  }

  private boolean read(byte[] bytes) {
    try {
      Object unused = wire.codec.read(new Input(bytes));
      return true;
    } catch (IOException | ClassNotFoundException e) {
      return false;
    } catch (Throwable e) {
      throw new AssertionError("seed " + SEED + ": " + Arrays.toString(bytes), e);
    }
  }

  private static byte[] mutate(byte[] message, List<byte[]> all, Random random) {
    byte[] b = message.clone();
    for (int n = 1 + random.nextInt(4); n > 0 && b.length > 0; n--) {
      int at = random.nextInt(b.length);
      switch (random.nextInt(8)) {
        case 0 -> b[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> b[at] = (byte) random.nextInt();
        case 2 -> b = Arrays.copyOf(b, at);
        case 3 -> b[at] = (byte) random.nextInt(Tag.JAVA + 1);
        case 4 -> {
          // A length that can't be.
          for (int i = at; i < Math.min(b.length, at + 5); i++) b[i] = (byte) 0xFF;
        }
        case 5 -> {
          byte[] other = all.get(random.nextInt(all.size()));
          int from = random.nextInt(other.length);
          int count = Math.min(random.nextInt(32), Math.min(other.length - from, b.length - at));
          System.arraycopy(other, from, b, at, count);
        }
        case 6 -> {
          int to = random.nextInt(b.length);
          int count = Math.min(random.nextInt(64), b.length - Math.max(at, to));
          System.arraycopy(b.clone(), at, b, to, count);
        }
        default -> b[at] += (byte) (random.nextBoolean() ? 1 : -1);
      }
    }
    return b;
  }

  @Test
  void failuresMadeOfGarbageAreFailuresOrRefused() {
    var random = new Random(SEED);
    var out = new Output();
    var failure = new IllegalStateException("message", new IOException("cause"));
    failure.addSuppressed(new Error());
    wire.codec.writeFailure(failure, out);
    byte[] valid = out.toByteArray();
    int read = 0;
    for (int i = 0; i < CASES / 10; i++) {
      byte[] bytes = mutate(valid, List.of(valid), random);
      try {
        Throwable t = wire.codec.readFailure(new Input(bytes));
        assertTrue(t != null);
        read++;
      } catch (IOException e) {
        continue;
      } catch (Throwable e) {
        throw new AssertionError("seed " + SEED + ": " + Arrays.toString(bytes), e);
      }
    }
    assertTrue(read > CASES / 100, "most of a failure may be garbage");
  }

  @Test
  void lengthsThatTheMessageCannotHoldAllocateNothing() {
    for (int tag :
        new int[] {Tag.LATIN, Tag.WIDE, Tag.BIG_INTEGER, Tag.LAMBDA, Tag.RECORD, Tag.ENUM}) {
      var out = new Output();
      out.putTagged(tag, Integer.MAX_VALUE - 8);
      refuses(out);
    }
    for (int code = 0; code < 8; code++) {
      var out = new Output();
      out.putByte(Tag.PRIMITIVES);
      out.putByte(code);
      out.putVarLong(Integer.MAX_VALUE - 8);
      refuses(out);
    }
    for (int kind = Kind.ARRAY_LIST; kind <= Kind.MAP_OF; kind++) {
      for (int tag : new int[] {Tag.COLLECTION, Tag.MAP}) {
        var out = new Output();
        out.putByte(tag);
        out.putByte(kind);
        out.putVarLong(Integer.MAX_VALUE - 8);
        refuses(out);
      }
    }
    var java = new Output();
    java.putByte(Tag.JAVA);
    java.putInt(Integer.MAX_VALUE);
    refuses(java);
  }

  @Test
  void arraysInArraysShareTheBytesThatAreLeft() {
    // 150 levels that each claim all that is left would take 1.2 GB.
    var out = new Output();
    int rest = 2_000_000;
    for (int i = 0; i < 150; i++) {
      out.putByte(Tag.OBJECTS);
      out.putByte(0);
      out.putVarLong(rest - 2_000);
    }
    int unused = out.reserve(rest);
    refuses(out);
  }

  @Test
  void theSameThroughTheJdk() throws Exception {
    // The length of an int[] is in the four bytes before its elements.
    byte[] bytes = wire.encode(new Object[] {new Box(1), new int[] {0x11223344}});
    int at = bytes.length - 8;
    assertEquals(1, bytes[at + 3]);
    bytes[at] = 0x7F;
    var e = assertThrows(IOException.class, () -> wire.codec.read(new Input(bytes)));
    assertTrue(Wire.message(e).contains("in a message that can't hold them"), e.toString());
  }

  @Test
  void levelsWithoutEndAreRefused() {
    var out = new Output();
    for (int i = 0; i < 100_000; i++) out.putByte(Tag.OPTIONAL);
    refuses(out);
  }

  private void refuses(Output out) {
    byte[] bytes = out.toByteArray();
    assertThrows(IOException.class, () -> wire.codec.read(new Input(bytes)));
  }

  @Test
  void anObjectThatIsNotThereIsRefused() {
    var out = new Output();
    out.putTagged(Tag.AGAIN, 0);
    refuses(out);
    var inside = new Output();
    inside.putByte(Tag.COLLECTION);
    inside.putByte(Kind.LIST_OF);
    inside.putVarLong(1);
    inside.putTagged(Tag.AGAIN, 0);
    refuses(inside);
  }

  @Test
  void theCodecWorksOnAfterGarbage() {
    var random = new Random(SEED);
    List<byte[]> valid = validMessages();
    for (int i = 0; i < 2000; i++) {
      boolean unused = read(mutate(valid.get(i % valid.size()), valid, random));
    }
    assertEquals(new Leaf(1, "b", 2, TimeUnit.DAYS), wire.copy(new Leaf(1, "b", 2, TimeUnit.DAYS)));
    assertEquals(List.of(1, 2), wire.copy(new Box(List.of(1, 2))).content);
  }
}
