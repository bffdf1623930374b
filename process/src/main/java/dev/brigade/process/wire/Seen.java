package dev.brigade.process.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * Objects of one message by identity, numbered in the order in which they came. A few are found by
 * looking at each, which spares fresh objects their identity hash (some 40 ns); more by hashing.
 */
/** Which objects a message holds already. */
final class Seen {
  private static final int FEW = 8;
  private static final int KEPT = 4096;

  private @Nullable Object[] objects = new @Nullable Object[16];
  private boolean[] open = new boolean[16];
  private int[] table = new int[0];
  private int count;

  /** Its number, or -1. */
  int find(Object o) {
    if (count <= FEW) {
      for (int i = 0; i < count; i++) if (objects[i] == o) return i;
      return -1;
    }
    int mask = table.length - 1;
    for (int slot = hash(o) & mask; table[slot] != 0; slot = (slot + 1) & mask)
      if (objects[table[slot] - 1] == o) return table[slot] - 1;
    return -1;
  }

  /** Adds one that is not there, not yet complete. */
  int add(Object o) {
    if (count == objects.length) {
      objects = Arrays.copyOf(objects, count * 2);
      open = Arrays.copyOf(open, count * 2);
    }
    int number = count++;
    objects[number] = o;
    open[number] = true;
    if (count > FEW) {
      if (count == FEW + 1 || count * 2 > table.length) rehash();
      else insert(number);
    }
    return number;
  }

  /** It is complete. */
  void close(int number) {
    open[number] = false;
  }

  boolean isOpen(int number) {
    return open[number];
  }

  private void rehash() {
    int size = Math.max(64, Integer.highestOneBit(count) * 4);
    if (table.length < size) table = new int[size];
    else Arrays.fill(table, 0);
    for (int i = 0; i < count; i++) insert(i);
  }

  private void insert(int number) {
    Object o = objects[number];
    int mask = table.length - 1;
    int slot = hash(o) & mask;
    while (table[slot] != 0) slot = (slot + 1) & mask;
    table[slot] = number + 1;
  }

  private static int hash(@Nullable Object o) {
    int h = System.identityHashCode(o) * 0x9E3779B9;
    return h >>> 8 ^ h;
  }

  void clear() {
    if (count == 0) return;
    if (objects.length > KEPT) {
      objects = new @Nullable Object[16];
      open = new boolean[16];
      table = new int[0];
    } else {
      Arrays.fill(objects, 0, count, null);
    }
    count = 0;
  }
}
