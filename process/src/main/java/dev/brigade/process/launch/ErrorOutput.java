package dev.brigade.process.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/*
 * Design. One platform thread for each pipe, since a read of a pipe holds a virtual thread's carrier.
 * What is read passes the crash filter, then goes into the tail and to the sink, so that the tail keeps
 * a crash's headline and not the end of its memory map.
 *
 * A process that the worker started may hold the pipe open after the worker's death. Nothing can wake
 * the reader then, so the end is waited for only so long; after that the tail is final, the sink gets
 * nothing more, and the thread reads into nowhere until the pipe ends.
 *
 * Guards: the tail: its monitor. `detached` is volatile, and read once for each piece.
 */
/** Reads one output of a worker, passes it on, and keeps its end. */
public final class ErrorOutput {
  /** How much of the end is kept. */
  public static final int TAIL_BYTES = 8 << 10;

  private static final int BUFFER_BYTES = 8 << 10;

  /** Enough for a print stream; a listener gets the usual stack. */
  private static final long SMALL_STACK = 192 << 10;

  private final InputStream from;
  private final Sink sink;
  private final byte[] tail;
  private final CountDownLatch ended = new CountDownLatch(1);
  private long written;
  private volatile boolean detached;

  private ErrorOutput(InputStream from, Sink sink, int tailBytes) {
    this.from = from;
    this.sink = sink;
    this.tail = new byte[tailBytes];
  }

  /** Begins to read a worker's error output, on a daemon thread. */
  public static ErrorOutput ofError(Process worker, Sink sink) {
    return start(worker.getErrorStream(), sink, TAIL_BYTES, "brigade-stderr-" + worker.pid());
  }

  /** Begins to read a worker's standard output, of which no tail is kept. */
  public static ErrorOutput ofOutput(Process worker, Sink sink) {
    return start(worker.getInputStream(), sink, 0, "brigade-stdout-" + worker.pid());
  }

  static ErrorOutput start(InputStream from, Sink sink, int tailBytes, String name) {
    var output = new ErrorOutput(from, sink, tailBytes);
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .stackSize(sink instanceof Sink.Lines ? 0 : SMALL_STACK)
        .inheritInheritableThreadLocals(false)
        .start(output::pump);
    return output;
  }

  /**
   * Waits for the end of the output of a worker that is dead; after that nothing more is passed on.
   *
   * @return false if something still holds the pipe open, or the sink does not return
   */
  public boolean finish(long atMost, TimeUnit unit) throws InterruptedException {
    boolean all = ended.await(atMost, unit);
    detached = true;
    return all;
  }

  /** The end of what has been read so far, from the begin of a line if it was cut. */
  public String tail() {
    byte[] copy;
    boolean cut;
    synchronized (tail) {
      cut = written > tail.length;
      int length = (int) Math.min(written, tail.length);
      copy = new byte[length];
      int from = cut ? (int) (written % tail.length) : 0;
      int first = Math.min(length, tail.length - from);
      System.arraycopy(tail, from, copy, 0, first);
      System.arraycopy(tail, 0, copy, first, length - first);
    }
    int start = 0;
    // A line that is longer than all that is kept stays, but for a character that was cut.
    if (cut) {
      while (start < copy.length && copy[start] != '\n') start++;
      start = start < copy.length ? start + 1 : 0;
      while (start < copy.length && (copy[start] & 0xC0) == 0x80) start++;
    }
    Charset charset = OwnArguments.charset();
    return new String(copy, start, copy.length - start, charset);
  }

  private void pump() {
    OutputFilter filter =
        tail.length > 0 ? new CrashReport(new Both()) : new CrashHeadline(new Both());
    try {
      byte[] buffer = new byte[BUFFER_BYTES];
      while (true) {
        int read = from.read(buffer);
        if (read < 0) break;
        filter.take(buffer, read);
      }
    } catch (IOException | RuntimeException | Error _) {
      // Closed, or the heap's end: there is no more to be had.
    } finally {
      filter.end();
      ended.countDown();
      close();
    }
  }

  private void close() {
    try {
      from.close();
    } catch (IOException _) {
      // It is at its end.
    }
  }

  /** Into the tail and on to the sink. */
  private final class Both implements Sink {
    @Override
    public void take(byte[] bytes, int from, int length) {
      if (detached) return;
      keep(bytes, from, length);
      try {
        sink.take(bytes, from, length);
      } catch (Throwable _) {
        // As is promised.
      }
    }

    @Override
    public void end() {
      if (detached) return;
      try {
        sink.end();
      } catch (Throwable _) {
        // As is promised.
      }
    }
  }

  private void keep(byte[] bytes, int from, int length) {
    if (tail.length == 0) return;
    synchronized (tail) {
      int skipped = Math.max(0, length - tail.length);
      written += skipped;
      for (int at = from + skipped; at < from + length; at++)
        tail[(int) (written++ % tail.length)] = bytes[at];
    }
  }
}
