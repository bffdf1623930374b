package dev.brigade.cli.primes;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;

/**
 * Finds the primes of a range of numbers, cut into chunks that any number of threads may work on at
 * the same time.
 *
 * <pre>{@code
 * PrimeSieve sieve = PrimeSieve.of(0, 1_000_000_000);
 * long primes = IntStream.range(0, sieve.chunkCount()).parallel().mapToLong(sieve::count).sum(); // 50 847 534
 * }</pre>
 *
 * <p>The range includes both ends and may hold no prime at all. Chunks are numbered in ascending
 * order, do not overlap and cover the range. {@link #count} and {@link #forEachPrime} depend on the
 * range and the chunk only, and may be called from many threads, in any order, and again after a
 * failure.
 *
 * <p>Cost: the plan keeps the primes up to {@code sqrt(to)}; each thread at work holds a segment of
 * at most 512 KiB, margins of {@code sqrt(to)} bytes, in all rounded up to a power of two (4 MiB at
 * 10^12), and four bytes for each of these primes, all kept for the next chunk. So memory does not
 * grow with the length of the range. Time is {@code n log log n}; each chunk adds a division for
 * each prime.
 *
 * <p>Sources: C. Bays and R. H. Hudson, "The segmented sieve of Eratosthenes and primes in
 * arithmetic progressions to 10^12", BIT 17 (1977). P. Pritchard, "Explaining the wheel sieve",
 * Acta Informatica 17 (1982). T. Oliveira e Silva, S. Herzog and S. Pardi, "Empirical verification
 * of the even Goldbach conjecture and computation of prime gaps up to 4·10^18", Mathematics of
 * Computation 83 (2014).
 */
public final class PrimeSieve {

  /*
   * A segmented sieve of Eratosthenes on a wheel modulo 30, one bit for each number coprime to 30 (Wheel). In each
   * segment, multiples of primes to 163 are laid over as repeating patterns (Patterns), and those of larger primes
   * are crossed off eight at a time, one turn of the wheel (Crossing).
   *
   * Departure from the literature: turns are never split at a segment's end; marks that fall beyond it are carried
   * over (Sifter). That makes one short loop of the usual 64 cases, which is soon compiled.
   *
   * Rejected: a loop with constant masks for each of the eight remainders (no faster, slower to start); loops of four
   * multiples (slower). Left out: buckets of large primes by segment, as margins still fit the caches up to MAX.
   */

  /** The largest end of a range. */
  public static final long MAX = 10_000_000_000_000L;

  /** A range is cut into about this many chunks, so that threads finish together. */
  private static final int CHUNKS = 128;

  /**
   * A chunk has at least two segments, and four bytes for each number up to {@code sqrt(to)}, to
   * pay for finding each prime's first multiple in it.
   */
  private static final int MIN_CHUNK_SEGMENTS = 2;

  private static final int MIN_CHUNK_BYTES_PER_ROOT = 4;

  /** Keeps indices within an int, and a canceller's wait for a chunk to a fraction of a second. */
  private static final int MAX_CHUNK_BYTES = 32 << 20;

  private static final int[] PRIMES_WITHOUT_BIT = {2, 3, 5};

  private final long from;
  private final long to;
  private final int segmentBytes;
  private final int chunkBytes;
  private final int chunkCount;
  private final BasePrimes base;
  private final Patterns patterns = new Patterns();
  private final ConcurrentLinkedQueue<Sifter> idle = new ConcurrentLinkedQueue<>();

  /** The numbers {@code from} to {@code to}, both included. */
  public record Chunk(long from, long to) {}

  /**
   * Plans the range {@code from} to {@code to}, both included.
   *
   * @throws IllegalArgumentException unless {@code 0 <= from <= to <= MAX}
   */
  public static PrimeSieve of(long from, long to) {
    requireRange(from, to);
    int segmentBytes = SegmentSize.detect();
    long segments = (to / Wheel.SPAN - from / Wheel.SPAN + 1) / segmentBytes;
    long minBytes = (long) Math.sqrt((double) to) * MIN_CHUNK_BYTES_PER_ROOT;
    int chunkSegments =
        Math.clamp(
            segments / CHUNKS,
            (int) Math.max(MIN_CHUNK_SEGMENTS, minBytes / segmentBytes),
            MAX_CHUNK_BYTES / segmentBytes);
    return new PrimeSieve(from, to, segmentBytes, chunkSegments * segmentBytes);
  }

  /** For tests: {@code chunkBytes} is a multiple of {@code segmentBytes}, and that one of eight. */
  PrimeSieve(long from, long to, int segmentBytes, int chunkBytes) {
    requireRange(from, to);
    this.from = from;
    this.to = to;
    this.chunkBytes = chunkBytes;
    long bytes = to / Wheel.SPAN - from / Wheel.SPAN + 1;
    this.segmentBytes = (int) Math.min(segmentBytes, bytes + 7 & -8);
    this.chunkCount = Math.toIntExact((bytes + chunkBytes - 1) / chunkBytes);
    this.base = BasePrimes.forRangesUpTo(to);
  }

  /** How many chunks the range has: at least one. */
  public int chunkCount() {
    return chunkCount;
  }

  /**
   * The numbers that chunk {@code index} covers.
   *
   * @throws IndexOutOfBoundsException unless {@code 0 <= index < chunkCount()}
   */
  public Chunk chunk(int index) {
    if (index < 0 || index >= chunkCount) {
      throw new IndexOutOfBoundsException(
          "index must be 0 to " + (chunkCount - 1) + ", got " + index);
    }
    long first = (from / Wheel.SPAN + (long) index * chunkBytes) * Wheel.SPAN;
    long last = first + (long) chunkBytes * Wheel.SPAN - 1;
    return new Chunk(Math.max(from, first), Math.min(to, last));
  }

  /** How many primes chunk {@code index} has. */
  public long count(int index) {
    Chunk chunk = chunk(index);
    Sifter sifter = take();
    try {
      long count = 0;
      for (int prime : PRIMES_WITHOUT_BIT) {
        count += prime >= chunk.from() && prime <= chunk.to() ? 1 : 0;
      }
      sifter.open(chunk.from(), chunk.to());
      while (sifter.next()) {
        count += sifter.count();
      }
      return count;
    } finally {
      idle.add(sifter);
    }
  }

  /** Passes the primes of chunk {@code index} in ascending order, in the calling thread. */
  public void forEachPrime(int index, LongConsumer action) {
    Chunk chunk = chunk(index);
    Sifter sifter = take();
    try {
      for (int prime : PRIMES_WITHOUT_BIT) {
        if (prime >= chunk.from() && prime <= chunk.to()) {
          action.accept(prime);
        }
      }
      sifter.open(chunk.from(), chunk.to());
      while (sifter.next()) {
        sifter.forEach(action);
      }
    } finally {
      idle.add(sifter);
    }
  }

  private Sifter take() {
    Sifter sifter = idle.poll();
    return sifter != null ? sifter : new Sifter(base, patterns, segmentBytes);
  }

  private static void requireRange(long from, long to) {
    if (from < 0) {
      throw new IllegalArgumentException("from must be at least 0, got " + from);
    }
    if (to < from) {
      throw new IllegalArgumentException("to must be at least from = " + from + ", got " + to);
    }
    if (to > MAX) {
      throw new IllegalArgumentException("to must be at most " + MAX + ", got " + to);
    }
  }
}
