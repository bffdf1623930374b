package dev.brigade.process.wire;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A worker's end of a pair of pipes. Reading and writing block the thread, an interrupt has no
 * effect on either, and nothing of the JDK's channels is loaded, which is a good part of a worker's
 * start-up time.
 */
public final class StreamLink extends Link {
  private final FileInputStream source;
  private final FileOutputStream sink;
  private final ReentrantLock lock = new ReentrantLock();

  /** Both ends become this link's own. */
  public StreamLink(FileInputStream source, FileOutputStream sink, int maxFrameBytes) {
    super(maxFrameBytes);
    this.source = source;
    this.sink = sink;
  }

  @Override
  public void send(Output frames) throws IOException {
    lock.lock();
    try {
      sink.write(frames.array(), 0, frames.size());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean unwritten() {
    return false;
  }

  @Override
  public void drain() {}

  @Override
  public boolean read() throws IOException {
    var room = frames.room();
    int count = source.read(room.array(), room.position(), room.remaining());
    if (count > 0) frames.came(count);
    return count > 0;
  }

  @Override
  public int readWithin(long millis) {
    throw new UnsupportedOperationException("a worker's end waits without a limit");
  }

  @Override
  public void close() throws IOException {
    try (source) {
      sink.close();
    }
  }
}
