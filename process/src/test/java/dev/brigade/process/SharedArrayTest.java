package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedArrayTest {
  private long mapped;
  private int descriptors;

  @BeforeEach
  void note() throws IOException {
    mapped = Footprint.mapped();
    descriptors = Footprint.descriptors();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertEquals(mapped, Footprint.mapped(), "mapped");
    assertEquals(descriptors, Footprint.descriptors(), "descriptors");
  }

  @Test
  void holdsACopyOfAnArrayOfEachType() throws IOException {
    try (SharedArray a = SharedArray.of(new byte[] {1, -2})) {
      assertEquals(-2, a.bytes().get(1));
      assertArrayEquals(new byte[] {1, -2}, a.toArray(byte[].class));
    }
    try (SharedArray a = SharedArray.of(new short[] {1, -2})) {
      assertEquals(-2, a.shorts().get(1));
      assertArrayEquals(new short[] {1, -2}, a.toArray(short[].class));
    }
    try (SharedArray a = SharedArray.of(new char[] {'a', 'z'})) {
      assertEquals('z', a.chars().get(1));
      assertArrayEquals(new char[] {'a', 'z'}, a.toArray(char[].class));
    }
    try (SharedArray a = SharedArray.of(new int[] {1, -2})) {
      assertEquals(-2, a.ints().get(1));
      assertArrayEquals(new int[] {1, -2}, a.toArray(int[].class));
    }
    try (SharedArray a = SharedArray.of(new long[] {1, -2})) {
      assertEquals(-2, a.longs().get(1));
      assertArrayEquals(new long[] {1, -2}, a.toArray(long[].class));
    }
    try (SharedArray a = SharedArray.of(new float[] {1, -2})) {
      assertEquals(-2, a.floats().get(1));
      assertArrayEquals(new float[] {1, -2}, a.toArray(float[].class));
    }
    try (SharedArray a = SharedArray.of(new double[] {1, -2})) {
      assertEquals(-2, a.doubles().get(1));
      assertArrayEquals(new double[] {1, -2}, a.toArray(double[].class));
    }
    try (SharedArray a = SharedArray.of(MemorySegment.ofArray(new byte[] {7, 8, 9}))) {
      assertEquals(3, a.length());
      assertEquals(byte.class, a.elementType());
      assertEquals(9, a.segment().get(ValueLayout.JAVA_BYTE, 2));
    }
  }

  @Test
  void isZeroWhenAllocated() throws IOException {
    try (SharedArray a = SharedArray.allocate(long.class, 300_000)) {
      assertEquals(300_000, a.length());
      assertEquals(2_400_000, a.byteSize());
      assertEquals(-1, a.segment().mismatch(MemorySegment.ofArray(new long[300_000])));
      a.longs().put(299_999, 4);
      assertEquals(4, a.longs().get(299_999));
    }
  }

  @Test
  void copyIsExactOverManyPieces() throws IOException {
    int[] values = new int[1_000_003];
    for (int i = 0; i < values.length; i++) values[i] = i * 31;
    try (SharedArray a = SharedArray.of(values)) {
      assertArrayEquals(values, a.toArray(int[].class));
    }
  }

  @Test
  void lengthAndTypeAreChecked() {
    assertSays(
        "length must be from 0 to 1152921504606846975, but was -1",
        assertThrows(
            IllegalArgumentException.class, () -> SharedArray.allocate(double.class, -1).close()));
    assertThrows(
        IllegalArgumentException.class,
        () -> SharedArray.allocate(double.class, Long.MAX_VALUE).close());
    assertSays(
        "elementType must be a primitive type other than boolean, but was boolean",
        assertThrows(
            IllegalArgumentException.class, () -> SharedArray.allocate(boolean.class, 1).close()));
    assertThrows(
        IllegalArgumentException.class, () -> SharedArray.allocate(String.class, 1).close());
  }

  @Test
  void moreThanThereIsIsAnExceptionAndLeavesNothing() {
    assertSays(
        "no room for " + (1L << 50),
        assertThrows(IOException.class, () -> SharedArray.allocate(byte.class, 1L << 50).close()));
  }

  @Test
  void otherElementsAreRefused() throws IOException {
    try (SharedArray a = SharedArray.of(new int[] {1})) {
      assertSays(
          "elementType must be double for this, but is int",
          assertThrows(IllegalStateException.class, a::doubles));
      assertSays(
          "arrayType must be an array of int, but was [J",
          assertThrows(IllegalStateException.class, () -> a.toArray(long[].class)));
    }
  }

  @Test
  void useAfterCloseIsAnException() throws IOException {
    SharedArray a = SharedArray.of(new double[] {1, 2, 3});
    SharedArray slice = a.slice(1, 2);
    SharedArray readOnly = a.readOnly();
    MemorySegment segment = a.segment();
    DoubleBuffer buffer = a.doubles();
    a.close();
    a.close();
    assertFalse(a.isOpen());
    assertEquals("double[3] shared, closed", a.toString());
    assertEquals(3, a.length());
    assertSays(
        "this shared memory was released", assertThrows(IllegalStateException.class, a::segment));
    assertThrows(IllegalStateException.class, a::doubles);
    assertThrows(IllegalStateException.class, slice::segment);
    assertThrows(IllegalStateException.class, readOnly::doubles);
    assertThrows(IllegalStateException.class, () -> a.slice(0, 1));
    assertThrows(IllegalStateException.class, a::readOnly);
    assertThrows(IllegalStateException.class, a::transfer);
    assertThrows(IllegalStateException.class, a::keep);
    assertThrows(IllegalStateException.class, () -> a.toArray(double[].class));
    assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
    assertThrows(IllegalStateException.class, () -> buffer.get(0));
    assertThrows(IllegalStateException.class, () -> Partner.write(Exchange.writing(), a));
  }

  @Test
  void readOnlyViewSeesWritesButTakesNone() throws IOException {
    try (SharedArray a = SharedArray.of(new long[] {1})) {
      SharedArray view = a.readOnly();
      a.longs().put(0, 5);
      assertEquals(5, view.longs().get(0));
      assertTrue(view.isReadOnly());
      assertTrue(view.slice(0, 1).isReadOnly());
      assertFalse(a.isReadOnly());
      assertThrows(ReadOnlyBufferException.class, () -> view.longs().put(0, 1));
      assertThrows(IllegalArgumentException.class, () -> view.segment().fill((byte) 0));
    }
  }

  @Test
  void sliceIsAPartOfTheSameMemory() throws IOException {
    try (SharedArray a = SharedArray.of(new short[] {0, 1, 2, 3, 4})) {
      SharedArray s = a.slice(1, 4);
      assertArrayEquals(new short[] {1, 2, 3}, s.toArray(short[].class));
      s.slice(1, 2).shorts().put(0, (short) 22);
      assertEquals(22, a.shorts().get(2));
      assertEquals(0, a.slice(5, 5).length());
      for (long[] bad : new long[][] {{-1, 2}, {3, 2}, {0, 6}, {Long.MIN_VALUE, Long.MAX_VALUE}})
        assertSays(
            "within 0 and 5",
            assertThrows(IndexOutOfBoundsException.class, () -> a.slice(bad[0], bad[1])));
      assertSays("only the whole array", assertThrows(IllegalStateException.class, s::transfer));
    }
  }

  @Test
  void cannotBeStored() throws IOException {
    try (SharedArray a = SharedArray.of(new int[1]);
        var out = new ObjectOutputStream(new ByteArrayOutputStream())) {
      assertSays(
          "travels only as an argument or result",
          assertThrows(NotSerializableException.class, () -> out.writeObject(a)));
    }
  }

  @Test
  void givenAwayItIsBackIfTheMessageIsNotSent() throws IOException {
    try (SharedArray a = SharedArray.of(new int[] {3})) {
      Exchange x = Exchange.writing();
      byte[] unused = Partner.write(x, List.of(a.transfer(), a));
      assertSays("given away", assertThrows(IllegalStateException.class, a::ints));
      assertThrows(IllegalStateException.class, () -> Partner.write(Exchange.writing(), a));
      Objects.requireNonNull(x.lent()).close();
      assertEquals(3, a.ints().get(0));
    }
  }

  @Test
  void givenAwayItIsGoneOnceTheMessageIsSent() throws IOException {
    SharedArray a = SharedArray.of(new int[] {3});
    MemorySegment segment = a.segment();
    Exchange x = Exchange.writing();
    byte[] unused = Partner.write(x, a.transfer());
    Lease lease = Objects.requireNonNull(x.lent());
    lease.sent();
    lease.sent();
    assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_INT, 0));
    assertEquals(mapped, Footprint.mapped());
    assertEquals(descriptors + 1, Footprint.descriptors(), "held for the receiver");
    a.close();
    lease.close();
    lease.close();
    assertSays("given away", assertThrows(IllegalStateException.class, a::ints));
  }

  @Test
  void closedWhileItIsLeavingItStillLeaves() throws IOException {
    SharedArray a = SharedArray.of(new int[] {3});
    Exchange x = Exchange.writing();
    byte[] unused = Partner.write(x, a.transfer());
    Lease lease = Objects.requireNonNull(x.lent());
    a.close();
    lease.sent();
    lease.close();
    assertFalse(a.isOpen());
  }

  @Test
  void closedWhileItIsLeavingItIsReleasedIfItDoesNot() throws IOException {
    SharedArray a = SharedArray.of(new int[] {3});
    Exchange x = Exchange.writing();
    byte[] unused = Partner.write(x, a.transfer());
    Lease lease = Objects.requireNonNull(x.lent());
    a.close();
    lease.close();
    assertFalse(a.isOpen());
  }

  @Test
  void messageWithoutArraysLendsNothing() throws IOException {
    try (SharedArray _ = SharedArray.of(new int[1])) {
      Exchange x = Exchange.writing();
      byte[] unused = Partner.write(x, "text");
      assertNull(x.lent());
    }
  }

  @Test
  void exchangesNest() throws Exception {
    try (SharedArray a = SharedArray.of(new int[1]);
        SharedArray b = SharedArray.of(new int[1])) {
      Exchange outer = Exchange.writing();
      Exchange inner = Exchange.writing();
      outer.enter();
      byte[] unused = Partner.write(inner, a);
      var out = new ObjectOutputStream(new ByteArrayOutputStream());
      out.writeObject(b);
      outer.exit();
      Objects.requireNonNull(inner.lent()).close();
      Lease lease = assertNotNullAndGet(outer.lent());
      lease.close();
      assertThrows(NotSerializableException.class, () -> Exchange.current());
    }
  }

  private static Lease assertNotNullAndGet(@Nullable Lease lease) {
    assertNotNull(lease);
    return Objects.requireNonNull(lease);
  }

  @Test
  void interruptedThreadMakesArraysAndStaysInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    try (SharedArray a = SharedArray.of(new int[] {1, 2, 3})) {
      assertTrue(Thread.interrupted());
      assertEquals(3, a.ints().get(2));
    }
  }

  @Test
  void interruptsInBetweenHarmNothing() throws Exception {
    var made = new AtomicInteger();
    var stop = new AtomicReference<Throwable>();
    Thread maker =
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (int n = 0; n < 500; n++) {
                  try (SharedArray a = SharedArray.allocate(byte.class, 100_000)) {
                    if (a.bytes().get(99_999) != 0) throw new AssertionError("not zero");
                  }
                  made.incrementAndGet();
                }
              } catch (Throwable e) {
                stop.set(e);
              }
            });
    while (maker.isAlive()) {
      maker.interrupt();
      Thread.onSpinWait();
    }
    assertNull(stop.get());
    assertEquals(500, made.get());
  }

  @Test
  void closingWhileOthersUseItIsAnExceptionToThem() throws Exception {
    int rounds = Integer.getInteger("brigade.races", 400);
    var current = new AtomicReference<SharedArray>(SharedArray.of(new long[512]));
    var unexpected = new AtomicReference<Throwable>();
    var refused = new AtomicInteger();
    var started = new CountDownLatch(3);
    var done = new AtomicBoolean();
    List<Future<?>> users = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (int u = 0; u < 3; u++) {
        int which = u;
        users.add(
            threads.submit(() -> {
              boolean first = true;
              while (!done.get()) {
                try {
                  use(Objects.requireNonNull(current.get()), which);
                } catch (IllegalStateException e) {
                  refused.incrementAndGet();
                } catch (Throwable e) {
                  unexpected.set(e);
                }
                if (first) started.countDown();
                first = false;
              }
            }));
      }
      started.await();
      for (int i = 0; i < rounds; i++) current.getAndSet(SharedArray.of(new long[512])).close();
      done.set(true);
      for (Future<?> f : users) {
        Object unused = f.get();
      }
    }
    Objects.requireNonNull(current.get()).close();
    assertNull(unexpected.get());
    assertTrue(refused.get() > 0, "no use met a close");
  }

  private static void use(SharedArray a, int which) {
    switch (which) {
      case 0 -> {
        MemorySegment s = a.segment();
        for (int i = 0; i < 512; i++) s.setAtIndex(ValueLayout.JAVA_LONG, i, i);
      }
      case 1 -> {
        long[] copy = a.toArray(long[].class);
        assertEquals(512, copy.length);
      }
      default -> {
        var b = a.longs();
        for (int i = 0; i < 512; i++) if (b.get(i) > 511) throw new AssertionError("" + b.get(i));
      }
    }
  }

  @Test
  void closedDuringOutputItIsUnmappedWithTheNext() throws Exception {
    SharedArray a = SharedArray.of(new byte[1 << 20]);
    var pipe = Pipe.open();
    ByteBuffer all = a.bytes();
    var failed = new AtomicReference<Throwable>();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (all.hasRemaining()) {
                  int _ = pipe.sink().write(all);
                }
              } catch (Throwable e) {
                failed.set(e);
              }
            });
    // Once something has arrived the writer is, or soon will be, blocked within its write.
    assertEquals(1, pipe.source().read(ByteBuffer.allocate(1)));
    a.close();
    assertThrows(IllegalStateException.class, a::segment);
    pipe.source().close();
    writer.join();
    pipe.sink().close();
    assertNotNull(failed.get());
    SharedArray.of(new byte[1]).close();
  }

  @Test
  void descriptorsAndMappingsStayFlat() throws IOException {
    int before = Footprint.allDescriptors();
    for (int i = 0; i < 5_000; i++) SharedArray.of(new long[] {i}).close();
    assertEquals(before, Footprint.allDescriptors());
  }

  static void assertSays(String part, Exception e) {
    String all = String.valueOf(e.getMessage());
    assertTrue(all.contains(part), all);
  }
}
