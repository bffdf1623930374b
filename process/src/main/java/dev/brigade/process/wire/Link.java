package dev.brigade.process.wire;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that carries frames: a length, a kind, and a body. One thread reads at a
 * time; any may send. No interrupt of a sender or of the reader closes it.
 */
public abstract class Link implements Closeable {
  final Frames frames;

  Link(int maxFrameBytes) {
    frames = new Frames(maxFrameBytes);
  }

  // ---- writing

  /** Begins a frame at the end of {@code to} and returns what {@link #end} needs. */
  public static int begin(Output to, int kind) {
    int at = to.reserve(Frames.HEAD);
    to.array()[at + 4] = (byte) kind;
    return at;
  }

  /** Ends the frame that began there. */
  public static void end(Output to, int at) {
    to.setInt(at, to.size() - at - 4);
  }

  /** Sends whole frames. */
  public abstract void send(Output frames) throws IOException;

  /** Whether something that was sent is not written yet. */
  public abstract boolean unwritten();

  /** Waits until all that was sent is written; only for the reading thread. */
  public abstract void drain() throws IOException;

  // ---- reading

  /**
   * Waits until there is something to read, and reads it. An interrupt doesn't end it and is kept.
   *
   * @return false at the end of the connection
   */
  public abstract boolean read() throws IOException;

  /**
   * Waits at most so long for something to read, and reads it: where the other side's end must be
   * looked for in another way as well. Ends early when interrupted, or for no reason.
   *
   * @param millis at least 1
   * @return more than 0 if something was read, less at the end of the connection
   */
  public abstract int readWithin(long millis) throws IOException;

  /**
   * The next frame that is there as a whole, or null. Its bytes are good until the next {@link
   * #read}. Look at {@link #kind} too.
   */
  public @Nullable Input next() throws IOException {
    return frames.next();
  }

  /** The kind of the frame that {@link #next} returned last. */
  public int kind() {
    return frames.kind();
  }

  /** Whether another whole frame is there already. */
  public boolean hasNext() throws IOException {
    return frames.hasNext();
  }
}
