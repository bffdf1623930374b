package dev.brigade.process.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Arrays of primitives as bytes and back, copied in one go where the machine is little-endian, as
 * nearly all are.
 */
final class Bulk {
  /** By the number that travels. */
  private static final Class<?>[] ARRAYS = {
    boolean[].class,
    byte[].class,
    short[].class,
    char[].class,
    int[].class,
    long[].class,
    float[].class,
    double[].class
  };

  /** The number of {@code char[]}. */
  static final int CHARS = 3;

  private static final int[] SHIFT = {0, 0, 1, 1, 2, 3, 2, 3};

  private Bulk() {}

  /** The number of this class of arrays, or -1. */
  static int number(Class<?> type) {
    for (int i = 0; i < ARRAYS.length; i++) if (ARRAYS[i] == type) return i;
    return -1;
  }

  static Class<?> type(int number) throws IOException {
    if (number < 0 || number >= ARRAYS.length) throw new IOException("no array type " + number);
    return ARRAYS[number];
  }

  static int length(Object array, int number) {
    return switch (number) {
      case 0 -> ((boolean[]) array).length;
      case 1 -> ((byte[]) array).length;
      case 2 -> ((short[]) array).length;
      case 3 -> ((char[]) array).length;
      case 4 -> ((int[]) array).length;
      case 5 -> ((long[]) array).length;
      case 6 -> ((float[]) array).length;
      default -> ((double[]) array).length;
    };
  }

  static void write(Object array, int number, Output out) {
    int count = length(array, number);
    out.putVarLong(count);
    long size = (long) count << SHIFT[number];
    if (size > Integer.MAX_VALUE - 64)
      throw new IllegalStateException(
          "an array of " + size + " bytes in one message: put it into a SharedArray");
    int at = out.reserve((int) size);
    byte[] to = out.array();
    switch (number) {
      case 0 -> {
        boolean[] a = (boolean[]) array;
        for (int i = 0; i < count; i++) to[at + i] = (byte) (a[i] ? 1 : 0);
      }
      case 1 -> System.arraycopy(array, 0, to, at, count);
      case 2 -> view(to, at, size).asShortBuffer().put((short[]) array);
      case 3 -> view(to, at, size).asCharBuffer().put((char[]) array);
      case 4 -> view(to, at, size).asIntBuffer().put((int[]) array);
      case 5 -> view(to, at, size).asLongBuffer().put((long[]) array);
      case 6 -> view(to, at, size).asFloatBuffer().put((float[]) array);
      default -> view(to, at, size).asDoubleBuffer().put((double[]) array);
    }
  }

  /** Without a count before them. */
  static void copy(char[] chars, Output out) {
    long size = 2L * chars.length;
    if (size > Integer.MAX_VALUE - 64)
      throw new IllegalStateException("a text of " + chars.length + " characters in one message");
    int at = out.reserve((int) size);
    view(out.array(), at, size).asCharBuffer().put(chars);
  }

  /** Allocates only what the message can fill. */
  static Object read(int number, int count, Input in) throws IOException {
    long size = (long) count << SHIFT[number];
    if (size > in.remaining())
      throw new IOException(
          "an array of " + size + " bytes with " + in.remaining() + " left in the message");
    int from = in.skip((int) size);
    byte[] b = in.array();
    switch (number) {
      case 0 -> {
        boolean[] a = new boolean[count];
        for (int i = 0; i < count; i++) a[i] = b[from + i] != 0;
        return a;
      }
      case 1 -> {
        byte[] a = new byte[count];
        System.arraycopy(b, from, a, 0, count);
        return a;
      }
      case 2 -> {
        short[] a = new short[count];
        view(b, from, size).asShortBuffer().get(a);
        return a;
      }
      case 3 -> {
        char[] a = new char[count];
        view(b, from, size).asCharBuffer().get(a);
        return a;
      }
      case 4 -> {
        int[] a = new int[count];
        view(b, from, size).asIntBuffer().get(a);
        return a;
      }
      case 5 -> {
        long[] a = new long[count];
        view(b, from, size).asLongBuffer().get(a);
        return a;
      }
      case 6 -> {
        float[] a = new float[count];
        view(b, from, size).asFloatBuffer().get(a);
        return a;
      }
      default -> {
        double[] a = new double[count];
        view(b, from, size).asDoubleBuffer().get(a);
        return a;
      }
    }
  }

  private static ByteBuffer view(byte[] bytes, int at, long size) {
    return ByteBuffer.wrap(bytes, at, (int) size).slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}
