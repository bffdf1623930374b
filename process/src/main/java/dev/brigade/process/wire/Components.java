package dev.brigade.process.wire;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/** Element types of arrays that travel as a number. */
final class Components {
  /** The type follows as a definition. */
  static final int DEFINED = 127;

  private static final Class<?>[] TYPES = {
    Object.class,
    String.class,
    Integer.class,
    Long.class,
    Double.class,
    Boolean.class,
    Byte.class,
    Short.class,
    Character.class,
    Float.class,
    Number.class,
    BigInteger.class,
    BigDecimal.class,
    boolean[].class,
    byte[].class,
    short[].class,
    char[].class,
    int[].class,
    long[].class,
    float[].class,
    double[].class,
    Object[].class,
    String[].class,
    int[][].class,
    long[][].class,
    double[][].class,
    Comparable.class
  };

  private Components() {}

  static int number(Class<?> type) {
    for (int i = 0; i < TYPES.length; i++) if (TYPES[i] == type) return i;
    return DEFINED;
  }

  static Class<?> type(int number) throws IOException {
    if (number < 0 || number >= TYPES.length) throw new IOException("no element type " + number);
    return TYPES[number];
  }
}
