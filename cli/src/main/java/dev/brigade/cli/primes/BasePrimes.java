package dev.brigade.cli.primes;

import java.util.Arrays;

/**
 * The sieving primes of one plan: those above {@link Patterns#LARGEST} up to the square root of the
 * range's end, in one ascending list for each remainder modulo 30. Primes of one list cross off the
 * same bits in the same order, so {@link Crossing} keeps these bits in registers for the whole
 * list. Immutable.
 */
final class BasePrimes {

  private final int[][] lists = new int[Wheel.RESIDUES.length][];
  private final int largest;

  private BasePrimes(int[][] primes, int[] lengths) {
    int max = 0;
    for (int k = 0; k < lists.length; k++) {
      lists[k] = Arrays.copyOf(primes[k], lengths[k]);
      max = Math.max(max, lengths[k] == 0 ? 0 : lists[k][lengths[k] - 1]);
    }
    largest = max;
  }

  /** The sieving primes for ranges that end at {@code to}. */
  static BasePrimes forRangesUpTo(long to) {
    int root = squareRoot(to);
    boolean[] compositeOdd = new boolean[root / 2 + 1]; // index i stands for 2i + 1
    for (int p = 3; (long) p * p <= root; p += 2) {
      if (!compositeOdd[p / 2]) {
        for (int i = p * p / 2; i < compositeOdd.length; i += p) {
          compositeOdd[i] = true;
        }
      }
    }
    int[][] primes = new int[Wheel.RESIDUES.length][16];
    int[] lengths = new int[primes.length];
    for (int p = Patterns.LARGEST + 2; p <= root; p += 2) {
      if (!compositeOdd[p / 2]) {
        int list = Wheel.bit(p);
        if (lengths[list] == primes[list].length) {
          primes[list] = Arrays.copyOf(primes[list], 2 * lengths[list]);
        }
        primes[list][lengths[list]++] = p;
      }
    }
    return new BasePrimes(primes, lengths);
  }

  /**
   * The primes that are {@code RESIDUES[list]} modulo 30, ascending. Shared: do not write to it.
   */
  int[] list(int list) {
    return lists[list];
  }

  /** The largest sieving prime, or 0 if there is none. */
  int largest() {
    return largest;
  }

  private static int squareRoot(long n) {
    long root = (long) Math.sqrt((double) n);
    while (root * root > n) {
      root--;
    }
    while ((root + 1) * (root + 1) <= n) {
      root++;
    }
    return (int) root;
  }
}
