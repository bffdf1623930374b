package dev.brigade.process;

import dev.brigade.process.memory.Mapping;
import dev.brigade.process.memory.SharedMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * The shared memory that one message tells of: held so long that the receiver can open it. What
 * leaves with the message can't be used here any more once it is written, and is back if the lease
 * is closed without having been {@link #sent}.
 */
final class Lease implements AutoCloseable {
  private final List<SharedMemory> held = new ArrayList<>();
  private final List<Mapping> leaving = new ArrayList<>();
  private final boolean endsUnsent;
  private boolean closed;

  /**
   * @param endsUnsent whether nobody else knows of what was to leave, so that it ends with a
   *     message that could not be written
   */
  Lease(boolean endsUnsent) {
    this.endsUnsent = endsUnsent;
  }

  synchronized void add(Mapping mapping, boolean leaves) {
    SharedMemory memory = mapping.lend(this, leaves);
    if (memory == null) return;
    held.add(memory);
    if (leaves) leaving.add(mapping);
  }

  synchronized boolean isEmpty() {
    return held.isEmpty();
  }

  /** The message is on its way for good: what leaves with it is gone from here. */
  synchronized void sent() {
    if (closed) return;
    for (Mapping m : leaving) m.leave(this);
    leaving.clear();
  }

  /** The receiver has opened what it wants to have, or never will. Harmless when called again. */
  @Override
  public synchronized void close() {
    if (closed) return;
    closed = true;
    for (Mapping m : leaving) {
      m.stay(this);
      if (endsUnsent) m.close();
    }
    for (SharedMemory m : held) m.release();
  }
}
