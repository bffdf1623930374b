package dev.brigade.examples;

/** Work that computes and does not wait. */
final class Squares {
  private Squares() {}

  /** The sum of the squares of all numbers from 0 to less than this, modulo 2^64. */
  static long sum(int below) {
    long sum = 0;
    for (long i = 0; i < below; i++) sum += i * i;
    return sum;
  }
}
