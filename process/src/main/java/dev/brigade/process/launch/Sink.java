package dev.brigade.process.launch;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.function.Consumer;

/** Where a worker's output goes. Called by one thread; what it throws is ignored. */
public interface Sink {
  /** Takes some bytes, which are its own only during the call. */
  void take(byte[] bytes, int from, int length);

  /** There will be no more. */
  default void end() {}

  /** To this process's standard error, whatever that is by then. */
  static Sink standardError() {
    return new Forward(true);
  }

  /** To this process's standard output, whatever that is by then. */
  static Sink standardOutput() {
    return new Forward(false);
  }

  /** To nowhere. */
  static Sink none() {
    return new None();
  }

  /**
   * Line by line, without their ends; a longer one than 64 KiB comes in pieces.
   *
   * @param lines takes them; while it does not return, the worker's output is held up, and nothing
   *     else
   */
  static Sink lines(Consumer<String> lines) {
    return new Lines(lines, OwnArguments.charset());
  }

  /** As it comes. */
  record Forward(boolean error) implements Sink {
    @Override
    public void take(byte[] bytes, int from, int length) {
      PrintStream out = error ? System.err : System.out;
      out.write(bytes, from, length);
      out.flush();
    }
  }

  /** Not at all. */
  record None() implements Sink {
    @Override
    public void take(byte[] bytes, int from, int length) {}
  }

  /** Cut at the ends of lines. */
  final class Lines implements Sink {
    static final int LONGEST = 64 << 10;

    private final Consumer<String> consumer;
    private final Charset charset;
    private byte[] line = new byte[256];
    private int length;

    Lines(Consumer<String> consumer, Charset charset) {
      this.consumer = consumer;
      this.charset = charset;
    }

    @Override
    public void take(byte[] bytes, int from, int count) {
      for (int at = from; at < from + count; at++) {
        byte b = bytes[at];
        if (b == '\n') {
          if (length > 0 && line[length - 1] == '\r') length--;
          hand(length);
        } else {
          if (length == LONGEST) hand(wholeCharacters());
          if (length == line.length) line = Arrays.copyOf(line, Math.min(LONGEST, 2 * length));
          line[length++] = b;
        }
      }
    }

    /** Where a full line can be cut without cutting a character of UTF-8. */
    private int wholeCharacters() {
      int cut = length;
      while (cut > length - 4 && (line[cut - 1] & 0xC0) == 0x80) cut--;
      return (line[cut - 1] & 0xC0) == 0xC0 ? cut - 1 : length;
    }

    private void hand(int count) {
      String text = new String(line, 0, count, charset);
      int left = count < length && length == LONGEST ? length - count : 0;
      System.arraycopy(line, count, line, 0, left);
      length = left;
      try {
        consumer.accept(text);
      } catch (Throwable _) {
        // Whoever listens must not harm whoever speaks.
      }
    }

    @Override
    public void end() {
      if (length > 0) hand(length);
    }
  }
}
