package dev.brigade.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.brigade.process.Partner.Deed;
import dev.brigade.process.Partner.Failed;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Arrays that two real processes have, whichever way the other one makes its memory. */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource
class SharedArrayProcessesTest {
  enum Way {
    ANONYMOUS("--enable-native-access=ALL-UNNAMED"),
    UNLINKED("-Ddev.brigade.process.memory=unlinked"),
    NAMED("-Ddev.brigade.process.memory=named");

    private final String option;
    private @Nullable Partner partner;

    Way(String option) {
      this.option = option;
    }

    synchronized Partner partner() throws Exception {
      Partner p = partner;
      if (p == null) partner = p = Partner.start(option);
      return p;
    }

    synchronized void end() {
      Partner p = partner;
      partner = null;
      if (p != null) p.close();
    }
  }

  private static final Deed DESCRIPTORS = _ -> Footprint.descriptors();
  private static final Deed MAPPED = _ -> Footprint.mapped();
  private static final Deed SUM = a -> sum(array(a).doubles());

  private final Way way;
  private final Partner partner;
  private long mappedBefore;
  private int descriptorsBefore;

  SharedArrayProcessesTest(Way way) throws Exception {
    this.way = way;
    this.partner = way.partner();
  }

  @BeforeEach
  void note() throws Exception {
    mappedBefore = Footprint.mapped();
    descriptorsBefore = Footprint.descriptors();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    Partner p = way.partner();
    assertEquals(mappedBefore, Footprint.mapped(), "mapped here");
    assertEquals(descriptorsBefore, Footprint.descriptors(), "open here");
    assertEquals(0L, p.call(MAPPED, null), "mapped there");
    assertEquals(0, p.call(DESCRIPTORS, null), "open there");
    assertEquals(List.of(), Footprint.names());
  }

  @AfterAll
  static void endAll() throws IOException {
    for (Way w : Way.values()) w.end();
    assertEquals(List.of(), Footprint.names());
  }

  static SharedArray array(@Nullable Object a) {
    return (SharedArray) Objects.requireNonNull(a);
  }

  static List<?> list(@Nullable Object a) {
    return (List<?>) Objects.requireNonNull(a);
  }

  static void assertSays(String part, Exception e) {
    String all = String.valueOf(e.getMessage());
    assertTrue(all.contains(part), all);
  }

  static double sum(DoubleBuffer values) {
    double sum = 0;
    while (values.hasRemaining()) sum += values.get();
    return sum;
  }

  static double[] upTo(int n) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> i);
    return values;
  }

  @Test
  void bothSeeTheSameMemory() throws Exception {
    try (SharedArray a = SharedArray.of(upTo(10_000))) {
      assertEquals(49_995_000.0, partner.call(SUM, a));
      a.doubles().put(0, 5);
      assertEquals(49_995_005.0, partner.call(SUM, a));
      Object unused =
          partner.call(
              x -> {
                array(x).doubles().put(1, -7);
                return null;
              },
              a);
      assertEquals(-7, a.doubles().get(1));
    }
  }

  @Test
  void argumentIsReleasedWhenTheTaskEnds() throws Exception {
    try (SharedArray a = SharedArray.allocate(double.class, 1 << 20)) {
      // And a page behind it, where processes count who has it.
      assertEquals((8L << 20) + 4096, partner.call(_ -> Footprint.mapped(), a));
      assertEquals(0L, partner.call(MAPPED, null));
      var failed =
          assertThrows(
              Failed.class,
              () ->
                  partner.call(
                      x -> {
                        throw new IllegalStateException("on purpose " + array(x));
                      },
                      a));
      assertSays("on purpose double[1048576] shared", failed);
      assertEquals(0L, partner.call(MAPPED, null));
    }
  }

  @Test
  void borrowedArrayIsUnusableAfterTheTask() throws Exception {
    try (SharedArray a = SharedArray.of(new int[] {1})) {
      Object unused =
          partner.call(
              x -> {
                Partner.SHELF.put("borrowed", array(x));
                return null;
              },
              a);
      var failed =
          assertThrows(
              Failed.class, () -> partner.call(_ -> shelf("borrowed").ints().get(0), null));
      assertSays("IllegalStateException: this shared memory was released", failed);
    }
  }

  static SharedArray shelf(String name) {
    return Objects.requireNonNull(Partner.SHELF.get(name));
  }

  @Test
  void keptArrayOutlivesTheTaskAndItsMaker() throws Exception {
    try (SharedArray a = SharedArray.of(upTo(100))) {
      Object unused =
          partner.call(
              x -> {
                Partner.SHELF.put("kept", array(x).keep());
                return null;
              },
              a);
    }
    assertEquals(descriptorsBefore, Footprint.descriptors());
    assertEquals(4950.0, partner.call(_ -> sum(shelf("kept").doubles()), null));
    // Several times: what is kept doesn't leave with a result.
    for (int i = 0; i < 2; i++) {
      try (SharedArray back = array(partner.call(_ -> shelf("kept"), null))) {
        assertEquals(4950.0, sum(back.doubles()));
      }
    }
    Object unused =
        partner.call(
            _ -> {
              shelf("kept").close();
              return null;
            },
            null);
  }

  @Test
  void closedByItsMakerItIsStillThereForTasksSentBefore() throws Exception {
    SharedArray a = SharedArray.of(upTo(100));
    Lease lease = Objects.requireNonNull(partner.send(SUM, a));
    a.close();
    assertThrows(IllegalStateException.class, a::segment);
    Partner.Reply reply = partner.receive();
    assertEquals(4950.0, partner.read(reply));
    lease.close();
  }

  @Test
  void releasedBeforeItWasOpenedItIsAnException() throws Exception {
    SharedArray a = SharedArray.of(upTo(100));
    Exchange x = Exchange.writing();
    byte[] note = Partner.write(x, a);
    Objects.requireNonNull(x.lent()).close();
    a.close();
    var failed =
        assertThrows(
            Failed.class, () -> partner.call(n -> open((byte[]) Objects.requireNonNull(n)), note));
    assertSays("was released before it was opened", failed);
  }

  static double open(byte[] note) throws Exception {
    long parent = ProcessHandle.current().parent().orElseThrow().pid();
    Exchange x = Exchange.with(parent, Exchange.Side.TASK);
    return sum(array(Partner.read(x, note)).doubles());
  }

  @Test
  void resultBelongsToWhoGetsIt() throws Exception {
    Deed make = n -> SharedArray.of(upTo((Integer) Objects.requireNonNull(n)));
    try (SharedArray a = array(partner.call(make, 1000))) {
      assertEquals(0L, partner.call(MAPPED, null));
      assertEquals(0, partner.call(DESCRIPTORS, null));
      assertArrayEquals(upTo(1000), a.toArray(double[].class));
      assertEquals(499_500.0, partner.call(SUM, a));
    }
  }

  @Test
  void resultIsHeldUntilItWasOpened() throws Exception {
    Lease unused = partner.send(_ -> SharedArray.of(upTo(1000)).readOnly(), null);
    Partner.Reply reply = partner.receive();
    assertTrue(reply.lends());
    try (SharedArray a = array(partner.read(reply))) {
      partner.exchange().accept();
      partner.release();
      assertTrue(a.isReadOnly());
      assertEquals(499_500.0, sum(a.doubles()));
    }
  }

  @Test
  void resultThatNobodyWantsIsReleased() throws Exception {
    Lease unused =
        partner.send(_ -> List.of(SharedArray.of(upTo(9)), SharedArray.of(upTo(8))), null);
    Partner.Reply reply = partner.receive();
    Object value = partner.read(reply);
    assertTrue(Footprint.mapped() > mappedBefore);
    partner.exchange().release();
    partner.release();
    assertThrows(IllegalStateException.class, array(list(value).getFirst())::segment);
  }

  @Test
  void resultOfAPartnerThatDiedIsAnException() throws Exception {
    try (Partner mortal = Partner.start(way.option)) {
      Lease unused = mortal.send(_ -> List.of("x", SharedArray.of(upTo(1000))), null);
      Partner.Reply reply = mortal.receive();
      mortal.kill();
      // A named file outlives its maker, until somebody removes it.
      if (way == Way.NAMED) sweep();
      var e = assertThrows(InvalidObjectException.class, () -> mortal.read(reply));
      assertSays("was released before it was opened", e);
    }
  }

  private static void sweep() throws Exception {
    try (Partner other = Partner.start(Way.NAMED.option)) {
      Object unused = other.call(_ -> SharedArray.of(new int[1]), null);
      assertInstanceOf(SharedArray.class, unused);
      array(unused).close();
    }
  }

  @Test
  void resultOutlivesThePartnerAndGoesOnToAnother() throws Exception {
    SharedArray a;
    try (Partner first = Partner.start(way.option)) {
      a = array(first.call(_ -> SharedArray.of(upTo(1000)), null));
      first.kill();
    }
    try (a) {
      assertEquals(499_500.0, sum(a.doubles()));
      assertEquals(499_500.0, partner.call(SUM, a));
    }
    if (way == Way.NAMED) sweep();
  }

  @Test
  void argumentComesBackAsASecondArrayInTheSameMemory() throws Exception {
    SharedArray a = SharedArray.of(upTo(10));
    try (SharedArray b = array(partner.call(x -> x, a))) {
      b.doubles().put(3, 33);
      assertEquals(33, a.doubles().get(3));
      a.close();
      assertFalse(a.isOpen());
      assertEquals(33, b.doubles().get(3));
      assertEquals(75.0, partner.call(SUM, b));
    }
  }

  @Test
  void givenAwayItIsGoneHereAndCanComeBack() throws Exception {
    SharedArray a = SharedArray.of(upTo(10));
    try (SharedArray b = array(partner.call(x -> x, a.transfer()))) {
      var e = assertThrows(IllegalStateException.class, a::doubles);
      assertSays("given away", e);
      assertEquals(45, sum(b.doubles()));
    }
    a.close();
  }

  @Test
  void readOnlyCannotBeWrittenToThere() throws Exception {
    try (SharedArray a = SharedArray.of(upTo(10))) {
      var buffer =
          assertThrows(
              Failed.class, () -> partner.call(x -> array(x).doubles().put(0, 1), a.readOnly()));
      assertSays("ReadOnlyBufferException", buffer);
      var segment =
          assertThrows(
              Failed.class,
              () ->
                  partner.call(
                      x -> {
                        array(x).segment().fill((byte) 1);
                        return null;
                      },
                      a.readOnly()));
      assertSays("IllegalArgumentException", segment);
      assertEquals(45, sum(a.doubles()));
    }
  }

  @Test
  void sliceIsAllThatTheOtherGets() throws Exception {
    try (SharedArray a = SharedArray.of(upTo(10_000))) {
      SharedArray part = a.slice(1000, 1010).slice(1, 4);
      assertEquals(3006.0, partner.call(SUM, part));
      assertEquals(4096L, partner.call(_ -> Footprint.mapped(), part));
      assertEquals(3L, partner.call(x -> array(x).length(), part));
      assertEquals(1002.0, partner.call(x -> array(x).slice(1, 2).doubles().get(0), part));
    }
  }

  @Test
  void manyInOneMessage() throws Exception {
    try (SharedArray a = SharedArray.of(upTo(10));
        SharedArray b = SharedArray.of(new int[] {7})) {
      Object back =
          partner.call(
              x -> {
                List<?> all = list(x);
                SharedArray made = SharedArray.of(new long[] {1, 2, 3});
                return List.of(all.get(1), made, made.slice(1, 2), all.get(0), made);
              },
              List.of(a, b, a));
      List<?> all = list(back);
      assertEquals(7, array(all.get(0)).ints().get(0));
      assertEquals(3, array(all.get(1)).longs().get(2));
      assertEquals(2, array(all.get(2)).longs().get(0));
      assertEquals(9, array(all.get(3)).doubles().get(9));
      for (Object o : all) array(o).close();
    }
  }

  @Test
  void emptyArrayTravels() throws Exception {
    try (SharedArray a = SharedArray.of(new char[0]);
        SharedArray b = array(partner.call(x -> x, a))) {
      assertEquals(0, b.length());
      assertEquals(char.class, b.elementType());
    }
  }

  @Test
  void memoryThatAnotherProcessKeepsIsNotUsedAgain() throws Exception {
    double[] values = upTo(1 << 17);
    try (SharedArray a = SharedArray.of(values)) {
      Object unused =
          partner.call(
              x -> {
                Partner.SHELF.put("used", array(x).keep());
                return null;
              },
              a);
    }
    double sum = Arrays.stream(values).sum();
    try (SharedArray b = SharedArray.allocate(double.class, 1 << 17)) {
      b.segment().fill((byte) 1);
      assertEquals(sum, partner.call(_ -> sum(shelf("used").doubles()), null));
    }
    Object unused =
        partner.call(
            _ -> {
              shelf("used").close();
              return null;
            },
            null);
  }

  @Test
  void memoryThatIsUsedAgainIsNotWhatWasSentBefore() throws Exception {
    SharedArray a = SharedArray.of(upTo(1 << 17));
    Exchange x = Exchange.writing();
    byte[] note = Partner.write(x, a);
    Objects.requireNonNull(x.lent()).close();
    assertEquals(sum(a.doubles()), partner.call(SUM, a));
    a.close();
    try (SharedArray b = SharedArray.allocate(double.class, 1 << 17)) {
      var failed =
          assertThrows(
              Failed.class,
              () -> partner.call(n -> open((byte[]) Objects.requireNonNull(n)), note));
      assertSays("was released before it was opened", failed);
      assertEquals(0, sum(b.doubles()));
    }
  }

  @Test
  void memoryOfAPartnerThatDiedWithItIsNotUsedAgain() throws Exception {
    int before = descriptorsBefore;
    try (SharedArray a = SharedArray.of(upTo(1 << 17));
        Partner mortal = Partner.start(way.option)) {
      Object unused =
          mortal.call(
              x -> {
                Partner.SHELF.put("used", array(x).keep());
                return null;
              },
              a);
      mortal.kill();
    }
    assertEquals(before, Footprint.allOfOurs());
  }

  @Test
  void killedWhileItMakesArraysItLeavesNoName() throws Exception {
    for (int i = 0; i < 5; i++) {
      try (Partner mortal = Partner.start(way.option)) {
        Lease ready = mortal.send(_ -> "ready", null);
        assertEquals(null, ready);
        assertEquals("ready", mortal.read(mortal.receive()));
        Lease unused =
            mortal.send(
                _ -> {
                  for (int n = 0; ; n++) {
                    SharedArray made = SharedArray.allocate(byte.class, 1 + n % 100_000);
                    if (n % 10 != 0) made.close();
                    if (n == 100) {
                      System.out.write(1);
                      System.out.flush();
                    }
                  }
                },
                null);
        mortal.awaitByte();
        mortal.kill();
      }
      // Without native access one may be left, until the next process makes an array.
      if (way == Way.ANONYMOUS) assertEquals(List.of(), Footprint.names());
      else {
        try (Partner next = Partner.start(way.option)) {
          Object made = next.call(_ -> SharedArray.of(new int[1]), null);
          array(made).close();
        }
      }
      assertEquals(List.of(), Footprint.names());
    }
  }
}
