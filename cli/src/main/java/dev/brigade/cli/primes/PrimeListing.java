package dev.brigade.cli.primes;

import dev.brigade.engine.Engine;
import dev.brigade.task.CancelledException;
import dev.brigade.task.Completion;
import dev.brigade.task.Completions;
import dev.brigade.task.Tasks;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;

/**
 * Writes the primes of a range in ascending order. The range is cut into windows, which are sieved
 * and turned into text on all cores and written in order; a few windows at a time are in memory,
 * however long the range.
 */
public final class PrimeListing {
  /**
   * How many numbers a window covers: some megabytes of text, which pays for planning its sieve.
   */
  public static final long WINDOW = 20_000_000;

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
    // Buffers go round: as garbage they would fill the heap faster than it is swept.
    var free = new ConcurrentLinkedQueue<Digits>();
    try (Completions<Long, Digits> windows =
        Tasks.on(Engine.cores())
            .inOrder(starts(from, to), start -> window(start, to, buffer(free, json)))) {
      for (Completion<Long, Digits> done : windows) {
        Digits text = done.outcome().orThrow();
        // Commas stand between primes, but ends of lines after each.
        int skip = json && count == 0 && text.length > 0 ? 1 : 0;
        out.write(text.bytes, skip, text.length - skip);
        count += text.primes;
        free.add(text);
        progress.accept(1);
        if (out.checkError()) return;
      }
    } catch (CancelledException e) {
      // An iterator can't throw the exception that says it.
      if (!Thread.interrupted()) throw e;
      var interrupted = new InterruptedException("interrupted while listing");
      interrupted.initCause(e);
      throw interrupted;
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

  private static Digits buffer(Queue<Digits> free, boolean json) {
    Digits buffer = free.poll();
    return buffer == null ? new Digits(json ? ',' : '\n') : buffer.empty();
  }

  private static Digits window(long start, long to, Digits text) throws InterruptedException {
    PrimeSieve sieve = PrimeSieve.of(start, Math.min(to, start + WINDOW - 1));
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

    Digits empty() {
      length = 0;
      primes = 0;
      return this;
    }

    @Override
    public void accept(long prime) {
      if (bytes.length - length < LONGEST) bytes = Arrays.copyOf(bytes, 2 * bytes.length);
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
  }
}
