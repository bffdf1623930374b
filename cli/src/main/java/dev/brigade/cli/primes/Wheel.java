package dev.brigade.cli.primes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The wheel modulo 30: above 5, a prime leaves one of eight remainders when divided by 30, so one
 * byte covers thirty numbers. Byte {@code b} stands for {@code 30b .. 30b+29}, and its bit {@code
 * k} for {@code 30b + RESIDUES[k]}.
 */
final class Wheel {

  /** Numbers that one byte covers. */
  static final int SPAN = 30;

  /** The remainders coprime to 30, in the order of the bits of a byte. */
  static final int[] RESIDUES = {1, 7, 11, 13, 17, 19, 23, 29};

  /**
   * Views eight bytes as a long: {@code 30b .. 30b+239} for the index {@code b}, in the order of
   * its bits.
   */
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int[] BIT = bitOfRemainder();

  private static final int[] OFFSET = offsetOfBit();

  private Wheel() {}

  /** Which bit of its byte stands for {@code number}, a number coprime to 30. */
  static int bit(long number) {
    return BIT[(int) (number % SPAN)];
  }

  /** The byte with only the bit of {@code number} set. */
  static byte mask(long number) {
    return (byte) (1 << bit(number));
  }

  /**
   * What {@code bitOfLong} adds to {@code 30b}, in a little-endian long that starts at byte {@code
   * b}.
   */
  static int offsetOfBit(int bitOfLong) {
    return OFFSET[bitOfLong];
  }

  private static int[] bitOfRemainder() {
    int[] bits = new int[SPAN];
    Arrays.fill(bits, -1);
    for (int k = 0; k < RESIDUES.length; k++) {
      bits[RESIDUES[k]] = k;
    }
    return bits;
  }

  private static int[] offsetOfBit() {
    int[] offsets = new int[Long.SIZE];
    for (int bit = 0; bit < offsets.length; bit++) {
      offsets[bit] = SPAN * (bit / 8) + RESIDUES[bit % 8];
    }
    return offsets;
  }
}
