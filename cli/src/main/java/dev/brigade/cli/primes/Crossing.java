package dev.brigade.cli.primes;

/**
 * The inner loop: crosses off the multiples of one {@linkplain BasePrimes list} of primes, one turn
 * of the wheel at a time. For {@code p = 30q + r} a turn is the eight multiples {@code p(30t + w)},
 * {@code w} coprime to 30; they lie in the bytes {@code pt + qw + rw/30}, in the bit of {@code rw
 * mod 30}. So turns are {@code p} bytes apart, and bits and distances within a turn are the same in
 * each.
 */
final class Crossing {

  private Crossing() {}

  /**
   * Crosses off every turn that starts below {@code limit}, always as a whole: the last may reach
   * up to {@code p} bytes further.
   *
   * @param bits as long as a power of two: then {@code & last} changes no index, but tells the
   *     compiler that each is in bounds, which is cheaper than a check of each
   * @param turns for each prime the index of its next turn; on return that of the first turn not
   *     done, less {@code shift}
   */
  static void cross(
      byte[] bits, int list, int[] primes, int[] turns, int from, int to, int limit, int shift) {
    int last = bits.length - 1;
    int r = Wheel.RESIDUES[list];
    byte m0 = Wheel.mask(r),
        m1 = Wheel.mask((long) r * 7),
        m2 = Wheel.mask((long) r * 11),
        m3 = Wheel.mask((long) r * 13);
    byte m4 = Wheel.mask((long) r * 17),
        m5 = Wheel.mask((long) r * 19),
        m6 = Wheel.mask((long) r * 23),
        m7 = Wheel.mask((long) r * 29);
    int c1 = r * 7 / 30, c2 = r * 11 / 30, c3 = r * 13 / 30, c4 = r * 17 / 30;
    int c5 = r * 19 / 30, c6 = r * 23 / 30, c7 = r * 29 / 30;
    for (int k = from; k < to; k++) {
      int p = primes[k];
      int turn = turns[k];
      int d0 = p / 30, d1 = d0 * 7 + c1, d2 = d0 * 11 + c2, d3 = d0 * 13 + c3;
      int d4 = d0 * 17 + c4, d5 = d0 * 19 + c5, d6 = d0 * 23 + c6, d7 = d0 * 29 + c7;
      for (; turn < limit; turn += p) {
        bits[turn + d0 & last] |= m0;
        bits[turn + d1 & last] |= m1;
        bits[turn + d2 & last] |= m2;
        bits[turn + d3 & last] |= m3;
        bits[turn + d4 & last] |= m4;
        bits[turn + d5 & last] |= m5;
        bits[turn + d6 & last] |= m6;
        bits[turn + d7 & last] |= m7;
      }
      turns[k] = turn - shift;
    }
  }

  /**
   * The index of the first turn of {@code p} to cross off in a sieve whose index 0 is {@code
   * firstByte}, more than {@code -p}: a turn begun before the sieve may reach into it.
   */
  static int firstTurn(int p, long firstByte) {
    // A multiple below p * p has a smaller prime factor, and turn 0 would cross off p itself: skip
    // both.
    return (int) (Math.max(firstByte / p, p / 30) * p - firstByte);
  }
}
