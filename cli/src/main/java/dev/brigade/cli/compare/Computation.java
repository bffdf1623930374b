package dev.brigade.cli.compare;

/** Work for a core: counting primes by dividing, which nothing can do ahead or leave out. */
final class Computation {
  private static final int UP_TO = 20_000;
  private static final int PRIMES = 2_262;

  private Computation() {}

  /** Does one portion, about a millisecond, {@code portions} times. */
  static void run(int portions) {
    for (int i = 0; i < portions; i++) {
      int primes = primes(UP_TO);
      if (primes != PRIMES)
        throw new AssertionError("counted " + primes + " primes up to " + UP_TO);
    }
  }

  private static int primes(int upTo) {
    int count = 0;
    for (int n = 2; n <= upTo; n++) {
      int divisor = 2;
      while (divisor * divisor <= n && n % divisor != 0) divisor++;
      if (divisor * divisor > n) count++;
    }
    return count;
  }
}
