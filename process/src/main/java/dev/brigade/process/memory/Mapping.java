package dev.brigade.process.memory;

import dev.brigade.annotation.CheckReturnValue;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/*
 * Design. A mapping is owned (it holds the memory, so that it can be lent to others, and it lives
 * until somebody closes it) or borrowed (it is only mapped, and ends with the task that it was an
 * argument of, unless that keeps it: then it becomes owned). One that leaves for another process
 * can't be used here from the moment it is written; if it was not sent after all, it comes back.
 *
 *   OPEN -> LEAVING -> MOVED        OPEN -> CLOSED
 *     ^________|
 *
 * Invariants.
 *  M1 The arena is closed in CLOSED and MOVED, and what was derived from the segment then throws;
 *     where a channel uses it at that moment, it waits in BUSY, and the segment can't be had any more.
 *  M2 memory is retained once by this while it is owned and not CLOSED or MOVED.
 *
 * Guards: state, memory, leavingWith, closedMeanwhile: the monitor of this; state is volatile for the checks of users.
 */
/** Memory of several processes, in the address space of this one, until it is closed. */
public final class Mapping {
  private enum State {
    OPEN,
    LEAVING,
    MOVED,
    CLOSED
  }

  /** Ended while a channel read into them or wrote from them: unmapped with the next that ends. */
  private static final Queue<Mapping> BUSY = new ConcurrentLinkedQueue<>();

  private final Arena arena = Arena.ofShared();
  private final MemorySegment segment;
  private final @Nullable Tail tail;
  private final Address origin;
  private final long peer;
  private volatile State state = State.OPEN;
  private @Nullable SharedMemory memory;
  private @Nullable Object leavingWith;
  private boolean closedMeanwhile;
  private volatile boolean kept;

  private Mapping(
      Address origin,
      long peer,
      @Nullable SharedMemory memory,
      long offset,
      long bytes,
      boolean readOnly)
      throws IOException {
    this.origin = origin;
    this.peer = peer;
    this.memory = memory;
    Tail entered = null;
    try {
      entered = memory != null ? null : SharedMemory.enter(origin, peer);
      segment = SharedMemory.map(origin, peer, offset, bytes, readOnly, arena);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      if (entered != null) entered.leave();
      throw e;
    }
    tail = entered;
  }

  /** All of it; takes over the reference that the caller has, even if it fails. */
  @CheckReturnValue
  public static Mapping of(SharedMemory memory) throws IOException {
    return owned(memory, 0, memory.size(), false);
  }

  /** A part of another process's memory, held here. */
  @CheckReturnValue
  public static Mapping own(Address address, long peer, long offset, long bytes, boolean readOnly)
      throws IOException {
    return owned(SharedMemory.open(address, peer), offset, bytes, readOnly);
  }

  private static Mapping owned(SharedMemory memory, long offset, long bytes, boolean readOnly)
      throws IOException {
    try {
      Address a = memory.address();
      return new Mapping(a, a.pid(), memory, offset, bytes, readOnly);
    } catch (IOException | RuntimeException | Error e) {
      memory.release();
      throw e;
    }
  }

  /** A part of another process's memory, which that process holds for long enough. */
  @CheckReturnValue
  public static Mapping borrow(
      Address address, long peer, long offset, long bytes, boolean readOnly) throws IOException {
    return new Mapping(address, peer, null, offset, bytes, readOnly);
  }

  /**
   * What is mapped. Using it when this is closed is an {@link IllegalStateException}.
   *
   * @throws IllegalStateException if it can't be used here any more
   */
  public MemorySegment segment() {
    checkOpen();
    return segment;
  }

  private void checkOpen() {
    State now = state;
    if (now == State.OPEN) return;
    throw new IllegalStateException(
        now == State.CLOSED
            ? "this shared memory was released"
            : "this shared memory was given away: it belongs to the process it was sent to");
  }

  /** Whether it can be used. */
  public boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether the end of a task leaves it alone. */
  public boolean isKept() {
    return kept;
  }

  /** From now on it is owned, and outlives the task. */
  public synchronized void keep() throws IOException {
    checkOpen();
    if (memory == null) memory = SharedMemory.open(origin, peer);
    kept = true;
  }

  /**
   * Notes that a message tells another process of this.
   *
   * @param message the same for all that is written into one message
   * @param leaves whether it is to belong to the other process
   * @return what was retained for the message and is to be released after it, or null if the memory
   *     is only borrowed: then who lent it holds it
   */
  public synchronized @Nullable SharedMemory lend(Object message, boolean leaves) {
    if (state != State.LEAVING || leavingWith != message) checkOpen();
    SharedMemory held = memory;
    if (held == null) return null;
    if (!held.retain()) throw new IllegalStateException("this shared memory was released");
    if (leaves) {
      state = State.LEAVING;
      leavingWith = message;
    }
    return held;
  }

  /** Where others find it. */
  public synchronized Address address() {
    return memory == null ? origin : memory.address();
  }

  /** It didn't leave with this message. */
  public synchronized void stay(Object message) {
    if (state == State.LEAVING && leavingWith == message) {
      leavingWith = null;
      if (closedMeanwhile) end(State.CLOSED);
      else state = State.OPEN;
    }
  }

  /** It left with this message. */
  public synchronized void leave(Object message) {
    if (state == State.LEAVING && leavingWith == message) end(State.MOVED);
  }

  /** Ends it, once: other threads that use it get an exception. */
  public synchronized void close() {
    if (state == State.OPEN) end(State.CLOSED);
    else closedMeanwhile = true;
  }

  private void end(State last) {
    state = last;
    leavingWith = null;
    SharedMemory held = memory;
    memory = null;
    boolean unmapped = unmap();
    if (!unmapped) BUSY.add(this);
    if (held != null) {
      if (!unmapped) held.mayBeUsedHere();
      held.release();
    }
    unmapLeftOvers();
  }

  private boolean unmap() {
    try {
      arena.close();
      if (tail != null) tail.leave();
      return true;
    } catch (IllegalStateException inUseByChannel) {
      return false;
    }
  }

  private static void unmapLeftOvers() {
    for (int n = BUSY.size(); n > 0; n--) {
      Mapping m = BUSY.poll();
      if (m != null && !m.unmap()) BUSY.add(m);
    }
  }
}
