package dev.brigade.cli.primes;

import dev.brigade.engine.Engine;
import dev.brigade.task.Completion;
import dev.brigade.task.Completions;
import dev.brigade.task.Tasks;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.function.LongConsumer;

/**
 * Writes the primes of a range in ascending order. The range is cut into windows, which are sieved
 * and turned into text on all cores and written in order; a few windows at a time are in memory,
 * however long the range.
 */
public final class PrimeListing {
  /** A window is some megabytes of text, which pays for planning its sieve. */
  static final long WINDOW = 20_000_000;

  private PrimeListing() {}

  /** How many windows a range has. */
  public static long windows(long from, long to) {
    return (to - from) / WINDOW + 1;
  }

  /**
   * Writes the primes from {@code from} to {@code to}, both included; stops early, without a
   * complaint, when nobody reads on.
   *
   * @param json whether to write one JSON object instead of lines
   * @param progress is told 1 after each window
   */
  public static void write(long from, long to, boolean json, PrintStream out, LongConsumer progress)
      throws InterruptedException {
    if (json) out.print("{\"from\":" + from + ",\"to\":" + to + ",\"primes\":[");
    long count = 0;
    try (Completions<Long, Digits> windows =
        Tasks.on(Engine.cores())
            .inOrder(starts(from, to), start -> window(start, to, json ? ',' : '\n'))) {
      for (Completion<Long, Digits> done : windows) {
        Digits text = done.outcome().orThrow();
        // Commas stand between primes, but ends of lines after each.
        int skip = json && count == 0 && text.length > 0 ? 1 : 0;
        out.write(text.bytes, skip, text.length - skip);
        count += text.primes;
        progress.accept(1);
        if (out.checkError()) return;
      }
    }
    if (json) out.println("],\"count\":" + count + "}");
  }

  private static Iterable<Long> starts(long from, long to) {
    return () ->
        new Iterator<>() {
          private long next = from;

          @Override
          public boolean hasNext() {
            return next <= to;
          }

          @Override
          public Long next() {
            long start = next;
            next += WINDOW;
            return start;
          }
        };
  }

  private static Digits window(long start, long to, char separator) throws InterruptedException {
    PrimeSieve sieve = PrimeSieve.of(start, Math.min(to, start + WINDOW - 1));
    var text = new Digits(separator);
    for (int chunk = 0; chunk < sieve.chunkCount(); chunk++) {
      Tasks.checkCancelled();
      sieve.forEachPrime(chunk, text);
    }
    return text;
  }

  /** Decimal numbers as bytes, with a separator: a comma before each, or an end of line after. */
  private static final class Digits implements LongConsumer {
    private static final int LONGEST = 20;

    private final boolean before;
    private final byte separator;
    private byte[] bytes = new byte[1 << 16];
    private int length;
    private long primes;

    Digits(char separator) {
      this.separator = (byte) separator;
      this.before = separator == ',';
    }

    @Override
    public void accept(long prime) {
      if (bytes.length - length < LONGEST) bytes = java.util.Arrays.copyOf(bytes, 2 * bytes.length);
      if (before) bytes[length++] = separator;
      int digits = 1;
      for (long rest = prime; rest >= 10; rest /= 10) digits++;
      long rest = prime;
      for (int i = length + digits - 1; i >= length; i--) {
        bytes[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
      length += digits;
      if (!before) bytes[length++] = separator;
      primes++;
    }

    @Override
    public String toString() {
      return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
  }
}
