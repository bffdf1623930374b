package dev.brigade.process.wire;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that carries frames: a length, a kind, and a body. One thread reads; any
 * may send, and sending never waits: what the other side does not take yet is kept and written by
 * the reading thread as soon as it can.
 *
 * <p>The channel is non-blocking, for two reasons: an interrupt of a sender or of the reader does
 * not close it, as it would a blocking one; and no pair of ends can stand against each other with
 * both buffers full.
 *
 * <p>Guards: what is read belongs to the reading thread; what is to be written, to {@code lock}.
 */
public final class Link implements Closeable {
  private static final int BUFFER = 64 << 10;
  private static final int HEAD = 5;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final int maxFrameBytes;

  // The reader's.
  private byte[] in = new byte[BUFFER];
  private int start;
  private int end;
  private int kind;
  private volatile @Nullable Selector second;

  // Under the lock.
  private final ReentrantLock lock = new ReentrantLock();
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
  private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
  private boolean writeWanted;

  /**
   * @param channel connected; becomes non-blocking and this link's own
   * @param maxFrameBytes a longer frame is garbage
   */
  public Link(SocketChannel channel, int maxFrameBytes) throws IOException {
    this.channel = channel;
    this.maxFrameBytes = maxFrameBytes;
    channel.configureBlocking(false);
    selector = Selector.open();
    key = channel.register(selector, SelectionKey.OP_READ);
  }

  // ---- writing

  /** Begins a frame at the end of {@code to} and returns what {@link #end} needs. */
  public static int begin(Output to, int kind) {
    int at = to.reserve(HEAD);
    to.array()[at + 4] = (byte) kind;
    return at;
  }

  /** Ends the frame that began there. */
  public static void end(Output to, int at) {
    to.setInt(at, to.size() - at - 4);
  }

  /** Sends whole frames, together with those that were added before. */
  public void send(Output frames) throws IOException {
    send(frames.array(), frames.size());
  }

  private void send(byte[] bytes, int size) throws IOException {
    lock.lock();
    try {
      add(bytes, size);
      flushLocked();
    } finally {
      lock.unlock();
    }
  }

  /** Adds whole frames to what is sent next. */
  public void add(Output frames) throws IOException {
    lock.lock();
    try {
      add(frames.array(), frames.size());
    } finally {
      lock.unlock();
    }
  }

  private void add(byte[] bytes, int size) throws IOException {
    if (waiting.isEmpty()) {
      if (size > out.remaining()) flushLocked();
      if (size <= out.remaining() && waiting.isEmpty()) {
        out.put(bytes, 0, size);
        return;
      }
    }
    waiting.add(ByteBuffer.wrap(Arrays.copyOf(bytes, size)));
  }

  /** Writes what can be written now. */
  public void flush() throws IOException {
    lock.lock();
    try {
      flushLocked();
    } finally {
      lock.unlock();
    }
  }

  /** Whether something has been added that was not written yet. */
  public boolean unwritten() {
    lock.lock();
    try {
      return out.position() > 0 || !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  private void flushLocked() throws IOException {
    while (true) {
      if (out.position() > 0) {
        out.flip();
        try {
          while (out.hasRemaining() && channel.write(out) > 0) {}
        } finally {
          out.compact();
        }
        if (out.position() > 0) break;
      }
      ByteBuffer next = waiting.peek();
      if (next == null) {
        if (writeWanted) want(false);
        return;
      }
      int count = Math.min(out.remaining(), next.remaining());
      out.put(out.position(), next, next.position(), count);
      out.position(out.position() + count);
      next.position(next.position() + count);
      if (!next.hasRemaining()) waiting.poll();
    }
    if (!writeWanted) want(true);
  }

  private void want(boolean write) {
    writeWanted = write;
    if (!key.isValid()) return;
    key.interestOps(write ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    if (write) selector.wakeup();
  }

  // ---- reading

  /**
   * Waits until there is something to read, and reads it; what was kept for writing is written
   * meanwhile. An interrupt doesn't end it and is kept.
   *
   * @return false at the end of the connection
   */
  public boolean read() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        int count = fill();
        if (count != 0) return count > 0;
        if (Thread.interrupted()) interrupted = true;
        selector.select();
        selector.selectedKeys().clear();
        if (!selector.isOpen() || !key.isValid()) return false;
        if (key.isWritable()) flush();
      }
    } catch (ClosedSelectorException | CancelledKeyException | ClosedChannelException e) {
      return false;
    } finally {
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits at most so long for something to read, and reads it: for a thread that has taken over the
   * reading for a moment. Ends early when interrupted, or for no reason.
   *
   * @param millis at least 1
   * @return more than 0 if something was read, less at the end of the connection
   */
  public int readWithin(long millis) throws IOException {
    try {
      Selector selector = second;
      if (selector == null) {
        selector = Selector.open();
        SelectionKey unused = channel.register(selector, SelectionKey.OP_READ);
        second = selector;
        if (!channel.isOpen()) selector.close();
      }
      if (selector.select(millis) == 0) return 0;
      selector.selectedKeys().clear();
      return fill();
    } catch (ClosedSelectorException | CancelledKeyException | ClosedChannelException e) {
      return -1;
    }
  }

  /** Waits until all that was added is written; only for the reading thread. */
  public void drain() throws IOException {
    boolean interrupted = false;
    try {
      flush();
      while (unwritten()) {
        if (Thread.interrupted()) interrupted = true;
        key.interestOps(SelectionKey.OP_WRITE);
        selector.select();
        selector.selectedKeys().clear();
        flush();
      }
    } finally {
      if (key.isValid()) key.interestOps(SelectionKey.OP_READ);
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  private int fill() throws IOException {
    if (start == end) {
      start = 0;
      end = 0;
      if (in.length > BUFFER) in = new byte[BUFFER];
    } else if (end == in.length) {
      room();
    }
    int count = channel.read(ByteBuffer.wrap(in, end, in.length - end));
    if (count > 0) end += count;
    return count;
  }

  /** Room for the frame that has begun: grown as it comes, since its length may be a lie. */
  private void room() throws IOException {
    int length = length();
    int wanted = length < 0 ? BUFFER : Math.min(HEAD - 1 + length, 2 * (end - start));
    byte[] to = wanted <= in.length ? in : new byte[wanted];
    System.arraycopy(in, start, to, 0, end - start);
    in = to;
    end -= start;
    start = 0;
  }

  private int length() throws IOException {
    if (end - start < 4) return -1;
    int length =
        (in[start] & 0xFF) << 24
            | (in[start + 1] & 0xFF) << 16
            | (in[start + 2] & 0xFF) << 8
            | in[start + 3] & 0xFF;
    if (length < 1 || length > maxFrameBytes)
      throw new GarbageException(
          "a frame of " + length + " bytes, where 1 to " + maxFrameBytes + " are allowed");
    return length;
  }

  /**
   * The next frame that is there as a whole, or null. Its bytes are good until the next {@link
   * #read}. Look at {@link #kind} too.
   */
  public @Nullable Input next() throws IOException {
    int length = length();
    if (length < 0 || end - start - 4 < length) return null;
    kind = in[start + 4];
    var body = new Input(in, start + HEAD, start + 4 + length);
    start += 4 + length;
    return body;
  }

  /** The kind of the frame that {@link #next} returned last. */
  public int kind() {
    return kind;
  }

  /** Whether another whole frame is there already. */
  public boolean hasNext() throws IOException {
    int length = length();
    return length >= 0 && end - start - 4 >= length;
  }

  /** Ends the connection; the reader's {@link #read} returns false. */
  @Override
  public void close() throws IOException {
    Selector other = second;
    if (other != null) other.close();
    selector.close();
    channel.close();
  }
}
