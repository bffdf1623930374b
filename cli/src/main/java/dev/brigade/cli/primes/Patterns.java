package dev.brigade.cli.primes;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Crosses off the multiples of the primes 7 to {@value #LARGEST} by copying: the multiples of a group of primes repeat
 * every product-of-the-group bytes, so each group is one short table, and four tables at a time are laid over the
 * sieve eight bytes per step. It replaces more than half of the
 * crossings that a range to 10^10 needs. The primes themselves are
 * crossed off too, see {@link #restorePrimes}. Immutable.
 */
final class Patterns {

    /** The largest prime handled here. */
    static final int LARGEST = 163;

    /** How many positions {@link #start} fills. */
    static final int COUNT = 16;

    /** Products below 10 000 keep the tables together in a small part of the second-level cache. */
    private static final int[][] GROUPS = {
        {11, 17, 19}, {7, 31, 37}, {13, 23, 29}, {41, 163},
        {43, 157}, {47, 151}, {53, 149}, {59, 139},
        {61, 137}, {67, 131}, {71, 127}, {73, 113},
        {79, 109}, {83, 107}, {89, 103}, {97, 101}};

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Table {@code t} holds one period and eight bytes more, so that a long may be read at any position of it. */
    private final byte[][] tables = new byte[COUNT][];
    private final int[] periods = new int[COUNT];

    Patterns() {
        for (int t = 0; t < COUNT; t++) {
            int period = 1;
            for (int prime : GROUPS[t]) {
                period *= prime;
            }
            periods[t] = period;
            tables[t] = new byte[period + Long.BYTES];
            for (int prime : GROUPS[t]) {
                for (int residue : Wheel.RESIDUES) {
                    byte mask = Wheel.mask(prime * residue);
                    for (int i = prime * residue / Wheel.SPAN; i < tables[t].length; i += prime) {
                        tables[t][i] |= mask;
                    }
                }
            }
        }
    }

    /** Sets {@code positions} for a sieve that starts at {@code firstByte}. */
    void start(long firstByte, int[] positions) {
        for (int t = 0; t < COUNT; t++) {
            positions[t] = (int) (firstByte % periods[t]);
        }
    }

    /** Marks the bytes {@code from} to {@code to}, both multiples of eight, and moves {@code positions} past them. */
    void mark(byte[] bits, int from, int to, int[] positions) {
        for (int t = 0; t < COUNT; t += 4) {
            int a = positions[t], b = positions[t + 1], c = positions[t + 2], d = positions[t + 3];
            for (int at = from; at < to;) {
                int run = Math.min(
                        Math.min(periods[t] - a, periods[t + 1] - b),
                        Math.min(periods[t + 2] - c, periods[t + 3] - d));
                int end = Math.min(at + (run + 7 & -8), to);
                markRun(bits, at, end, tables[t], a, tables[t + 1], b, tables[t + 2], c, tables[t + 3], d);
                a = advance(a, end - at, periods[t]);
                b = advance(b, end - at, periods[t + 1]);
                c = advance(c, end - at, periods[t + 2]);
                d = advance(d, end - at, periods[t + 3]);
                at = end;
            }
            positions[t] = a;
            positions[t + 1] = b;
            positions[t + 2] = c;
            positions[t + 3] = d;
        }
    }

    /** Clears the marks of the primes of the patterns themselves; byte {@code firstByte} is at {@code offset}. */
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

    private static void markRun(
            byte[] bits, int at, int end, byte[] ta, int a, byte[] tb, int b, byte[] tc, int c, byte[] td, int d) {
        for (; at < end; at += 8, a += 8, b += 8, c += 8, d += 8) {
            LONG.set(bits, at, (long) LONG.get(bits, at)
                    | (long) LONG.get(ta, a) | (long) LONG.get(tb, b) | (long) LONG.get(tc, c) | (long) LONG.get(td, d));
        }
    }

    private static int advance(int position, int run, int period) {
        int next = position + run;
        return next >= period ? next - period : next;
    }
}
