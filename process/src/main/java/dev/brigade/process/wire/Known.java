package dev.brigade.process.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * What a stretch of bytes was found to mean, so that it is worked out once for a connection and not
 * once for a message. The hash only says where to look: what counts is that the bytes are equal, so
 * a wrong one costs time and nothing else. Only what made sense is kept, and only so much of it:
 * garbage can't fill it, and a class that is sent under many names can't either.
 */
/** A bounded memory for definitions. */
final class Known<T> {
  private static final int MOST = 2048;

  private record Entry<T>(int hash, byte[] bytes, T meaning, @Nullable Entry<T> next) {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  private final @Nullable Entry<T>[] table = new Entry[512];

  private int count;

  @Nullable T find(int hash, byte[] bytes, int from, int to) {
    for (Entry<T> e = table[hash & table.length - 1]; e != null; e = e.next)
      if (e.hash == hash && Arrays.equals(e.bytes, 0, e.bytes.length, bytes, from, to))
        return e.meaning;
    return null;
  }

  void add(int hash, byte[] bytes, T meaning) {
    if (count >= MOST) return;
    count++;
    int slot = hash & table.length - 1;
    table[slot] = new Entry<>(hash, bytes, meaning, table[slot]);
  }

  /** Where to look for these bytes. */
  static int hash(byte[] bytes) {
    int h = Arrays.hashCode(bytes) * 0x9E3779B9;
    return h ^ h >>> 15;
  }
}
