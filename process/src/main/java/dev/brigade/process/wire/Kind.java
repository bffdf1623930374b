package dev.brigade.process.wire;

/** How objects of a class are written. */
final class Kind {
  /** Not in the compact format. */
  static final int OTHER = 0;

  static final int BOOLEAN = 1;
  static final int BYTE = 2;
  static final int SHORT = 3;
  static final int CHAR = 4;
  static final int INT = 5;
  static final int LONG = 6;
  static final int FLOAT = 7;
  static final int DOUBLE = 8;
  static final int STRING = 9;
  static final int BIG_INTEGER = 10;
  static final int BIG_DECIMAL = 11;
  static final int UUID = 12;
  static final int INSTANT = 13;
  static final int DURATION = 14;
  static final int LOCAL_DATE = 15;
  static final int LOCAL_TIME = 16;
  static final int LOCAL_DATE_TIME = 17;
  static final int OFFSET_DATE_TIME = 18;
  static final int ENUM = 19;

  /** Those up to here hold nothing that could be changed, and nothing of a size to care for. */
  static final int LAST_LEAF = ENUM;

  static final int RECORD = 20;
  static final int OPTIONAL = 21;
  static final int LAMBDA = 22;
  static final int PRIMITIVES = 23;
  static final int OBJECTS = 24;

  static final int ARRAY_LIST = 25;
  static final int LINKED_LIST = 26;
  static final int ARRAY_DEQUE = 27;
  static final int HASH_SET = 28;
  static final int LINKED_HASH_SET = 29;
  static final int TREE_SET = 30;
  static final int LIST_OF = 31;
  static final int SET_OF = 32;
  static final int HASH_MAP = 33;
  static final int LINKED_HASH_MAP = 34;
  static final int TREE_MAP = 35;
  static final int MAP_OF = 36;

  /** {@code Collections.emptyList()} and its like. */
  static final int EMPTY = 37;

  private Kind() {}
}
