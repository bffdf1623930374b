package dev.brigade.process.memory;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Big pieces of memory that nobody has any more, for some two seconds: the kernel takes 24 ms to
 * find and 9 to take back 64 MiB, and writing to what is there takes 8. Not for several threads at
 * once.
 */
final class Spares {
  /** What is smaller is made as fast as it is used again. */
  static final long LEAST_BYTES = 1L << 20;

  static final long MOST_BYTES = 128L << 20;
  static final long KEEP_NANOS = 2_000_000_000;

  /** Memory without users, and the address that it will have next. */
  record Spare(Holder holder, Tail tail, Address address, long sinceNanos) {
    long capacity() {
      return address.bytes() - Tail.BYTES;
    }

    void close() {
      tail.close();
      holder.close();
      Descriptors.closed(holder.fd());
    }
  }

  private final ArrayDeque<Spare> spares = new ArrayDeque<>();
  private long bytes;

  /** Whether this size is worth a tail. */
  static boolean worthKeeping(long bytes) {
    return bytes >= LEAST_BYTES && bytes <= MOST_BYTES - Tail.BYTES * 2L;
  }

  /** One with room for so much, and not much more; or null. */
  @Nullable Spare take(long wanted) {
    for (Iterator<Spare> all = spares.iterator(); all.hasNext(); ) {
      Spare s = all.next();
      if (s.capacity() < wanted || s.capacity() > wanted + wanted / 4) continue;
      all.remove();
      bytes -= s.address.bytes();
      return s;
    }
    return null;
  }

  void add(Spare s) {
    while (bytes + s.address.bytes() > MOST_BYTES) drop();
    spares.add(s);
    bytes += s.address.bytes();
  }

  private void drop() {
    Spare s = spares.remove();
    bytes -= s.address.bytes();
    s.close();
  }

  /** Frees what has been here for so long. */
  void dropOlderThan(long nanos, long nowNanos) {
    while (!spares.isEmpty() && nowNanos - spares.getFirst().sinceNanos >= nanos) drop();
  }

  /** Frees all; false if there was nothing. */
  boolean dropAll() {
    if (spares.isEmpty()) return false;
    while (!spares.isEmpty()) drop();
    return true;
  }

  boolean isEmpty() {
    return spares.isEmpty();
  }
}
