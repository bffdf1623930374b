package dev.brigade.cli.primes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrimeSieveTest {

  private static final int SMALL = 200_000;
  private static final BitSet COMPOSITE = sieveByTheBook(SMALL);

  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "10, 4",
    "100, 25",
    "1000, 168",
    "10000, 1229",
    "100000, 9592",
    "1000000, 78498",
    "10000000, 664579",
    "100000000, 5761455",
    "1000000000, 50847534"
  })
  void countsThePrimesUpToAPowerOfTen(long to, long expected) {
    assertEquals(expected, count(PrimeSieve.of(0, to)));
  }

  /** Expected values by primesieve 11.0. */
  @ParameterizedTest
  @CsvSource({
    "2147483000, 2148483000, 46606", "31622000000, 31632000000, 413732",
    "999999000000, 1000000000000, 36400", "9999990000000, 10000000000000, 334199",
    "999999999989, 999999999989, 1"
  })
  void countsWindowsFarOut(long from, long to, long expected) {
    assertEquals(expected, count(PrimeSieve.of(from, to)));
  }

  @Test
  void listsEveryRangeOfSmallNumbers() {
    for (int from = 0; from <= 200; from++) {
      for (int to = from; to <= 200; to++) {
        assertRange(from, to, PrimeSieve.of(from, to));
      }
    }
  }

  @Test
  void agreesWithAPlainSieveOnRandomRangesAndSegmentSizes() {
    SplittableRandom random = new SplittableRandom(20_240_917);
    for (int round = 0; round < 400; round++) {
      int from = random.nextInt(SMALL);
      int to = random.nextInt(from, SMALL + 1);
      int segmentBytes = 8 * random.nextInt(1, 60);
      int chunkBytes = segmentBytes * random.nextInt(1, 8);
      assertRange(from, to, new PrimeSieve(from, to, segmentBytes, chunkBytes));
    }
  }

  @Test
  void agreesWithTrialDivisionOnRandomWindowsUpToTheMaximum() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 12; round++) {
      long from = random.nextLong(PrimeSieve.MAX >> random.nextInt(20));
      long to = Math.min(PrimeSieve.MAX, from + random.nextInt(300));
      long[] expected = LongStream.rangeClosed(from, to).filter(PrimeSieveTest::isPrime).toArray();
      PrimeSieve sieve = new PrimeSieve(from, to, 8, 8 * random.nextInt(1, 3));
      assertArrayEquals(expected, list(sieve), () -> from + ".." + to);
      assertEquals(expected.length, count(PrimeSieve.of(from, to)));
    }
  }

  @Test
  void carriesMarksOfPrimesLargerThanASegmentAcrossSegments() {
    long from = 900_000_000_000L, to = from + 40_000_000;
    assertEquals(
        count(PrimeSieve.of(from, to)), count(new PrimeSieve(from, to, 8 << 10, 512 << 10)));
  }

  @Test
  void chunksCoverTheRangeWithoutOverlap() {
    PrimeSieve sieve = new PrimeSieve(17, 123_456, 64, 128);
    long next = 17;
    for (int i = 0; i < sieve.chunkCount(); i++) {
      PrimeSieve.Chunk chunk = sieve.chunk(i);
      assertEquals(next, chunk.from());
      assertTrue(chunk.to() >= chunk.from());
      next = chunk.to() + 1;
    }
    assertEquals(123_457, next);
  }

  @Test
  void cutsLongRangesIntoEnoughChunksToBalance() {
    assertTrue(PrimeSieve.of(0, 10_000_000_000L).chunkCount() >= 100);
    assertTrue(PrimeSieve.of(0, 1_000_000_000_000L).chunkCount() <= 1200);
    assertEquals(1, PrimeSieve.of(24, 28).chunkCount());
  }

  @Test
  void manyThreadsMayCountAtTheSameTime() {
    PrimeSieve sieve = new PrimeSieve(0, 20_000_000, 4 << 10, 8 << 10);
    long parallel = IntStream.range(0, sieve.chunkCount()).parallel().mapToLong(sieve::count).sum();
    assertEquals(1_270_607, parallel);
  }

  @Test
  void aFailingConsumerLeavesTheSieveUsable() {
    PrimeSieve sieve = PrimeSieve.of(0, 1_000);
    assertThrows(
        IllegalStateException.class,
        () ->
            sieve.forEachPrime(
                0,
                prime -> {
                  if (prime == 499) {
                    throw new IllegalStateException();
                  }
                }));
    assertEquals(168, count(sieve));
  }

  @Test
  void rejectsABadRangeByNameRuleAndValue() {
    assertEquals("from must be at least 0, got -1", messageOf(-1, 5));
    assertEquals("to must be at least from = 6, got 5", messageOf(6, 5));
    assertEquals(
        "to must be at most 10000000000000, got 10000000000001", messageOf(0, PrimeSieve.MAX + 1));
  }

  @Test
  void rejectsAChunkThatDoesNotExist() {
    PrimeSieve sieve = PrimeSieve.of(0, 100);
    assertThrows(IndexOutOfBoundsException.class, () -> sieve.count(1));
    assertThrows(IndexOutOfBoundsException.class, () -> sieve.chunk(-1));
  }

  private static void assertRange(int from, int to, PrimeSieve sieve) {
    long[] expected =
        IntStream.rangeClosed(from, to).filter(n -> !COMPOSITE.get(n)).asLongStream().toArray();
    assertArrayEquals(expected, list(sieve), () -> from + ".." + to);
    assertEquals(expected.length, count(sieve), () -> from + ".." + to);
  }

  private static long count(PrimeSieve sieve) {
    return IntStream.range(0, sieve.chunkCount()).mapToLong(sieve::count).sum();
  }

  private static long[] list(PrimeSieve sieve) {
    LongStream.Builder primes = LongStream.builder();
    for (int i = 0; i < sieve.chunkCount(); i++) {
      sieve.forEachPrime(i, primes);
    }
    return primes.build().toArray();
  }

  private static String messageOf(long from, long to) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> PrimeSieve.of(from, to)).getMessage());
  }

  private static boolean isPrime(long n) {
    if (n < 4) {
      return n >= 2;
    }
    if (n % 2 == 0) {
      return false;
    }
    for (long d = 3; d * d <= n; d += 2) {
      if (n % d == 0) {
        return false;
      }
    }
    return true;
  }

  private static BitSet sieveByTheBook(int to) {
    BitSet composite = new BitSet(to + 1);
    composite.set(0, 2);
    for (int p = 2; p * p <= to; p = composite.nextClearBit(p + 1)) {
      for (int multiple = p * p; multiple <= to; multiple += p) {
        composite.set(multiple);
      }
    }
    return composite;
  }
}
