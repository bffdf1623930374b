package dev.brigade.process.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The parent's end of a connection, or both ends where it is a socket. Sending never waits: what
 * the other side does not take yet is kept and written by the reading thread as soon as it can.
 *
 * <p>The channel is non-blocking, for two reasons: an interrupt of a sender or of the reader does
 * not close it, as it would a blocking one; and no pair of ends can stand against each other with
 * both buffers full.
 *
 * <p>Guards: what is read belongs to the reading thread; what is to be written, to {@code lock}.
 */
public final class ChannelLink extends Link {
  private final ReadableByteChannel source;
  private final WritableByteChannel sink;
  private final Selector selector;
  private final SelectionKey reads;
  private final SelectionKey writes;
  private volatile @Nullable Selector second;

  // Under the lock.
  private final ReentrantLock lock = new ReentrantLock();
  private final ByteBuffer out = ByteBuffer.allocateDirect(Frames.BUFFER);
  private final ArrayDeque<ByteBuffer> waiting = new ArrayDeque<>();
  private boolean writeWanted;

  // The reader's.
  private boolean full;
  private @Nullable IOException unwritable;

  /** A socket, which becomes non-blocking and this link's own. */
  public ChannelLink(SocketChannel channel, int maxFrameBytes) throws IOException {
    super(maxFrameBytes);
    channel.configureBlocking(false);
    source = channel;
    sink = channel;
    selector = Selector.open();
    reads = channel.register(selector, SelectionKey.OP_READ);
    writes = reads;
  }

  /** Ends of two pipes, which become non-blocking and this link's own. */
  public ChannelLink(Pipe.SourceChannel in, Pipe.SinkChannel out, int maxFrameBytes)
      throws IOException {
    super(maxFrameBytes);
    SelectableChannel unused = in.configureBlocking(false);
    SelectableChannel unusedToo = out.configureBlocking(false);
    source = in;
    sink = out;
    selector = Selector.open();
    reads = in.register(selector, SelectionKey.OP_READ);
    writes = out.register(selector, 0);
  }

  // ---- writing

  @Override
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

  private void flush() throws IOException {
    lock.lock();
    try {
      flushLocked();
    } finally {
      lock.unlock();
    }
  }

  @Override
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
          while (out.hasRemaining() && sink.write(out) > 0) {}
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
    if (!writes.isValid()) return;
    int others = writes == reads ? SelectionKey.OP_READ : 0;
    SelectionKey unused = writes.interestOps(write ? others | SelectionKey.OP_WRITE : others);
    if (write) {
      Selector unusedToo = selector.wakeup();
    }
  }

  // ---- reading

  @Override
  public boolean read() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        // Without asking first only where there was more than room for: else it mostly says "none".
        int count = full || unwritable != null ? fill() : 0;
        if (count != 0) return count > 0;
        if (unwritable != null) throw unwritable;
        if (Thread.interrupted()) interrupted = true;
        if (selector.select() > 0 && reads.isReadable()) full = true;
        selector.selectedKeys().clear();
        if (!selector.isOpen() || !reads.isValid()) return false;
        if (unwritten()) {
          try {
            flush();
          } catch (IOException e) {
            // First what the other side has said before it went.
            unwritable = e;
          }
        }
      }
    } catch (ClosedSelectorException | CancelledKeyException | ClosedChannelException e) {
      return false;
    } finally {
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  @Override
  public int readWithin(long millis) throws IOException {
    try {
      Selector selector = second;
      if (selector == null) {
        selector = Selector.open();
        SelectionKey unused = ((SelectableChannel) source).register(selector, SelectionKey.OP_READ);
        second = selector;
        if (!source.isOpen()) selector.close();
      }
      if (selector.select(millis) == 0) return 0;
      selector.selectedKeys().clear();
      return fill();
    } catch (ClosedSelectorException | CancelledKeyException | ClosedChannelException e) {
      return -1;
    }
  }

  @Override
  public void drain() throws IOException {
    boolean interrupted = false;
    try {
      flush();
      while (unwritten()) {
        if (Thread.interrupted()) interrupted = true;
        int unused = reads.interestOpsAnd(~SelectionKey.OP_READ);
        int unusedCount = selector.select();
        selector.selectedKeys().clear();
        flush();
      }
    } finally {
      if (reads.isValid()) {
        int unused = reads.interestOpsOr(SelectionKey.OP_READ);
      }
      if (interrupted) Thread.currentThread().interrupt();
    }
  }

  private int fill() throws IOException {
    ByteBuffer room = frames.room();
    int count = source.read(room);
    full = count > 0 && !room.hasRemaining();
    if (count > 0) frames.came(count);
    return count;
  }

  /** Ends the connection; the reader's {@link #read} returns false. */
  @Override
  public void close() throws IOException {
    Selector other = second;
    if (other != null) other.close();
    selector.close();
    try (source) {
      sink.close();
    }
  }
}
