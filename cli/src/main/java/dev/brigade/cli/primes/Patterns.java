package dev.brigade.cli.primes;

/**
 * Crosses off the multiples of the primes 7 to {@value #LARGEST} by copying: the multiples of a
 * group of primes repeat every product-of-the-group bytes, so each group is one short table, laid
 * over the sieve end to end. It replaces more than half of the crossings that a range to 10^10
 * needs. The primes themselves are crossed off too, see {@link #restorePrimes}. Immutable; a {@link
 * Cursor} is not.
 *
 * <p>Four tables at a time are copied to arrays of their own, so that the loop over them has one
 * index: the compiler turns it into vector instructions, as it does not where each array has its
 * own offset, nor for bytes.
 */
final class Patterns {

  /** The largest prime handled here. */
  static final int LARGEST = 163;

  /**
   * Products below 10 000 keep all tables in a small part of the second-level cache; they are used
   * by fours.
   */
  private static final int[][] GROUPS = {
    {11, 17, 19}, {7, 31, 37}, {13, 23, 29}, {41, 163},
    {43, 157}, {47, 151}, {53, 149}, {59, 139},
    {61, 137}, {67, 131}, {71, 127}, {73, 113},
    {79, 109}, {83, 107}, {89, 103}, {97, 101}
  };

  /**
   * What is summed up at a time, small enough for five such arrays to stay in the first-level
   * cache.
   */
  private static final int STEP_BYTES = 4 << 10;

  /** Each holds one period. */
  private final byte[][] tables = new byte[GROUPS.length][];

  Patterns() {
    for (int t = 0; t < tables.length; t++) {
      int period = 1;
      for (int prime : GROUPS[t]) {
        period *= prime;
      }
      tables[t] = new byte[period];
      for (int prime : GROUPS[t]) {
        for (int residue : Wheel.RESIDUES) {
          byte mask = Wheel.mask((long) prime * residue);
          for (int i = prime * residue / Wheel.SPAN; i < tables[t].length; i += prime) {
            tables[t][i] |= mask;
          }
        }
      }
    }
  }

  /** The position of one sieve in each table. */
  final class Cursor {

    private final int[] positions = new int[tables.length];
    private final byte[] sum = new byte[STEP_BYTES];
    private final byte[] a = new byte[STEP_BYTES];
    private final byte[] b = new byte[STEP_BYTES];
    private final byte[] c = new byte[STEP_BYTES];
    private final byte[] d = new byte[STEP_BYTES];

    /** Moves to {@code firstByte}. */
    void start(long firstByte) {
      for (int t = 0; t < tables.length; t++) {
        positions[t] = (int) (firstByte % tables[t].length);
      }
    }

    /** Marks the bytes {@code from} to {@code to} and moves past them. */
    void mark(byte[] bits, int from, int to) {
      for (int at = from; at < to; at += STEP_BYTES) {
        int length = Math.min(STEP_BYTES, to - at);
        System.arraycopy(bits, at, sum, 0, length);
        for (int t = 0; t < tables.length; t += 4) {
          copy(t, a, length);
          copy(t + 1, b, length);
          copy(t + 2, c, length);
          copy(t + 3, d, length);
          add(sum, a, b, c, d, length);
        }
        System.arraycopy(sum, 0, bits, at, length);
      }
    }

    private void copy(int t, byte[] target, int length) {
      byte[] table = tables[t];
      int position = positions[t];
      for (int done = 0; done < length; ) {
        int run = Math.min(table.length - position, length - done);
        System.arraycopy(table, position, target, done, run);
        done += run;
        position += run;
        if (position == table.length) {
          position = 0;
        }
      }
      positions[t] = position;
    }
  }

  private static void add(byte[] sum, byte[] a, byte[] b, byte[] c, byte[] d, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      Wheel.LONG.set(
          sum,
          i,
          (long) Wheel.LONG.get(sum, i)
              | (long) Wheel.LONG.get(a, i)
              | (long) Wheel.LONG.get(b, i)
              | (long) Wheel.LONG.get(c, i)
              | (long) Wheel.LONG.get(d, i));
    }
  }

  /**
   * Clears the marks of the primes of the patterns themselves; byte {@code firstByte} is at {@code
   * offset}.
   */
  static void restorePrimes(byte[] bits, int offset, long firstByte, int length) {
    for (int[] group : GROUPS) {
      for (int prime : group) {
        long at = prime / Wheel.SPAN - firstByte;
        if (at >= 0 && at < length) {
          bits[offset + (int) at] &= (byte) ~Wheel.mask(prime);
        }
      }
    }
  }
}
