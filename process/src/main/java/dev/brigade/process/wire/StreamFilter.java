package dev.brigade.process.wire;

import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.net.URL;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * The filter of one message in the JDK's format. It bounds what a short message can cost:
 *  - all arrays together have at most a few elements for each byte of the message, since each
 *    element takes a byte at least (a hash table may be eight times as long as what it holds);
 *  - depth, so that the stack suffices;
 *  - hash collections within hash collections: hashing the outer one hashes all inner ones, once
 *    for each way that leads there, and 30 levels of two ways each are a thousand million. The
 *    stream does not say which references are shared, nor what is key and what is value, so only the
 *    levels are bounded: a message made for it, with many ways through the levels that are allowed,
 *    can still keep its reader busy for long. (The compact format counts exactly.)
 *  - a URL in a hash collection: its hash code asks the DNS.
 */
/** What may be read by one stream. */
final class StreamFilter implements ObjectInputFilter {
  private static final int MAX_DEPTH = 2_000;
  private static final int MAX_HASH_LEVELS = 16;

  private final Gate gate;
  private final long mostElements;
  private final long[] hashDepths = new long[MAX_HASH_LEVELS];
  private long elements;
  private int hashLevels;
  private @Nullable InvalidClassException refusal;

  StreamFilter(Gate gate, int messageBytes) {
    this.gate = gate;
    this.mostElements = 16L * messageBytes + 4096;
  }

  /** Why something was refused, or null. */
  @Nullable InvalidClassException refusal() {
    return refusal;
  }

  @Override
  public Status checkInput(FilterInfo info) {
    Class<?> type = info.serialClass();
    String why = why(info, type);
    if (why == null) return Status.ALLOWED;
    refusal = Gate.refused(type, why);
    return Status.REJECTED;
  }

  private @Nullable String why(FilterInfo info, @Nullable Class<?> type) {
    if (info.depth() > MAX_DEPTH) return "more than " + MAX_DEPTH + " levels deep";
    while (hashLevels > 0 && hashDepths[hashLevels - 1] >= info.depth()) hashLevels--;
    if (type != null) {
      if (Gadgets.refused(type)) return "it is known to do harm";
      if (type == URL.class && hashLevels > 0) return "its hash code asks the network";
      if (info.arrayLength() >= 0) {
        elements += info.arrayLength();
        if (elements > mostElements)
          return "arrays of " + elements + " elements in a message that can't hold them";
      }
      if (type == Map.Entry[].class) {
        if (hashLevels == MAX_HASH_LEVELS)
          return "hash collections in hash collections over " + MAX_HASH_LEVELS + " levels deep";
        hashDepths[hashLevels++] = info.depth();
      }
    }
    return gate.refusedByOthers(info) ? "a filter refuses it" : null;
  }
}
