package dev.brigade.process.wire;

/** The first byte of each value. */
final class Tag {
  static final int NULL = 0;
  static final int FALSE = 1;
  static final int TRUE = 2;
  static final int BYTE = 3;
  static final int SHORT = 4;
  static final int CHAR = 5;
  static final int INT = 6;
  static final int LONG = 7;
  static final int FLOAT = 8;
  static final int DOUBLE = 9;

  /** One byte for each character. */
  static final int LATIN = 10;

  /** Two bytes for each, so that lone surrogates survive. */
  static final int WIDE = 11;

  static final int BIG_INTEGER = 12;
  static final int BIG_DECIMAL = 13;
  static final int UUID = 14;
  static final int INSTANT = 15;
  static final int DURATION = 16;
  static final int LOCAL_DATE = 17;
  static final int LOCAL_TIME = 18;
  static final int LOCAL_DATE_TIME = 19;
  static final int OFFSET_DATE_TIME = 20;
  static final int OPTIONAL = 21;

  /** An object of this message that was there before, by its number. */
  static final int AGAIN = 22;

  static final int ENUM = 23;
  static final int RECORD = 24;
  static final int LAMBDA = 25;

  static final int PRIMITIVES = 26;
  static final int OBJECTS = 27;
  static final int COLLECTION = 28;
  static final int MAP = 29;
  static final int EMPTY = 30;

  /** A lambda whose captured values follow as one array in the JDK's format. */
  static final int LAMBDA_JAVA = 31;

  /** All in the JDK's format. */
  static final int JAVA = 32;

  private Tag() {}
}
