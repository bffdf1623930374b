package dev.brigade.cli.primes;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The working memory of one thread: sifts one range at a time, segment by segment. Not thread-safe;
 * reusable.
 *
 * <p>Invariants between two calls of {@link #next}, with {@code p} the largest sieving prime:
 *
 * <ul>
 *   <li>{@code bits[margin + i]} stands for byte {@code segment + i} of the wheel; a set bit is a
 *       composite.
 *   <li>{@code bits} has a margin of {@code p} bytes on both sides of the segment, because turns of
 *       the wheel are crossed off whole. What falls into the front margin is not needed. The back
 *       margin holds marks already made for later segments, and nothing else; they move to the
 *       front of the segment when it is done. In exchange no loop has to stop or resume inside a
 *       turn.
 *   <li>{@code turns[list][k]} is the index in {@code bits} of the first turn not yet crossed off.
 * </ul>
 */
final class Sifter {

  /** Small primes work through a segment in blocks that stay in the first-level cache. */
  private static final int BLOCK_BYTES = 32 << 10;

  /** Larger primes would make too few turns in a block. */
  private static final int SMALL_PRIMES_BELOW = 8 << 10;

  private final BasePrimes base;
  private final int segmentBytes;
  private final int margin;
  private final int used;
  private final byte[] bits;
  private final int[][] turns = new int[Wheel.RESIDUES.length][];
  private final int[] smallEnd = new int[turns.length];
  private final int[] activeEnd = new int[turns.length];
  private final Patterns.Cursor patterns;

  private long from;
  private long to;
  private long segment;
  private long nextSegment;
  private int length;
  private boolean dirty;

  /**
   * @param segmentBytes a multiple of eight
   */
  Sifter(BasePrimes base, Patterns patterns, int segmentBytes) {
    this.base = base;
    this.patterns = patterns.new Cursor();
    this.segmentBytes = segmentBytes;
    margin = base.largest() + 7 & -8;
    used = margin + segmentBytes + margin;
    bits = new byte[Integer.highestOneBit(used - 1) << 1];
    for (int list = 0; list < turns.length; list++) {
      turns[list] = new int[base.list(list).length];
    }
  }

  /**
   * Prepares for the numbers {@code from} to {@code to}, both included; a range ends at most where
   * the plan does.
   */
  void open(long from, long to) {
    this.from = from;
    this.to = to;
    segment = nextSegment = from / Wheel.SPAN;
    length = 0;
    if (dirty) {
      Arrays.fill(bits, margin, used, (byte) 0);
    }
    dirty = true;
    patterns.start(segment);
    for (int list = 0; list < turns.length; list++) {
      int[] primes = base.list(list);
      int k = 0;
      int small = 0;
      for (; k < primes.length && (long) primes[k] * primes[k] <= to; k++) {
        turns[list][k] = margin + Crossing.firstTurn(primes[k], segment);
        small += primes[k] < SMALL_PRIMES_BELOW ? 1 : 0;
      }
      smallEnd[list] = small;
      activeEnd[list] = k;
    }
  }

  /** Sifts the next segment; false if the range is done. */
  boolean next() {
    long end = to / Wheel.SPAN + 1;
    if (nextSegment >= end) {
      return false;
    }
    if (length > 0) {
      System.arraycopy(bits, margin + segmentBytes, bits, margin, margin);
      Arrays.fill(bits, margin + margin, used, (byte) 0);
    }
    segment = nextSegment;
    length = (int) Math.min(segmentBytes, end - segment);
    nextSegment = segment + length;
    crossSmall();
    for (int list = 0; list < turns.length; list++) {
      Crossing.cross(
          bits,
          list,
          base.list(list),
          turns[list],
          smallEnd[list],
          activeEnd[list],
          margin + length,
          segmentBytes);
    }
    if (segment * Wheel.SPAN <= Patterns.LARGEST) {
      Patterns.restorePrimes(bits, margin, segment, length);
    }
    trim();
    return true;
  }

  /** How many primes the current segment has, 2, 3 and 5 left out. */
  long count() {
    long composites = 0;
    for (int i = 0; i < length; i += Long.BYTES) {
      composites += Long.bitCount((long) Wheel.LONG.get(bits, margin + i));
    }
    return 8L * roundedLength() - composites;
  }

  /** Passes the primes of the current segment in ascending order, 2, 3 and 5 left out. */
  void forEach(LongConsumer action) {
    for (int i = 0; i < length; i += Long.BYTES) {
      long start = (segment + i) * Wheel.SPAN;
      for (long primes = ~(long) Wheel.LONG.get(bits, margin + i);
          primes != 0;
          primes &= primes - 1) {
        action.accept(start + Wheel.offsetOfBit(Long.numberOfTrailingZeros(primes)));
      }
    }
  }

  private void crossSmall() {
    for (int block = 0; block < length; block += BLOCK_BYTES) {
      int end = Math.min(block + BLOCK_BYTES, length);
      int shift = end == length ? segmentBytes : 0;
      patterns.mark(bits, margin + block, margin + end);
      for (int list = 0; list < turns.length; list++) {
        Crossing.cross(
            bits, list, base.list(list), turns[list], 0, smallEnd[list], margin + end, shift);
      }
    }
  }

  /**
   * Marks what lies outside the range, up to the end of the last long, and 1, which is no prime.
   */
  private void trim() {
    for (int r : Wheel.RESIDUES) {
      long first = segment * Wheel.SPAN + r;
      if (first < from || first == 1) {
        bits[margin] |= Wheel.mask(r);
      }
      long last = (segment + length - 1) * Wheel.SPAN + r;
      if (last > to) {
        bits[margin + length - 1] |= Wheel.mask(r);
      }
    }
    Arrays.fill(bits, margin + length, margin + roundedLength(), (byte) -1);
  }

  private int roundedLength() {
    return length + 7 & -8;
  }
}
