package dev.brigade.process;

import dev.brigade.process.memory.Address;
import dev.brigade.process.memory.Mapping;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * Design. Arrays are inside objects that are written and read by a serialiser that knows nothing of
 * them. While a message is written or read, the thread is inside an exchange, where the arrays find
 * whom they go to, and note what was lent and what was received.
 *
 * Who releases what:
 *  - an argument: the sender's lease ends with the task, however that ends; the worker's mapping
 *    ends with the task too, unless it was kept;
 *  - a result: the worker's lease ends when the parent says that it has read the result; the
 *    parent's mapping belongs to whoever gets the result, and is released if nobody does;
 *  - a process that dies: the kernel takes back its mappings and descriptors, and memory that nobody
 *    else has opened is gone with it.
 *
 * An exchange belongs to one thread at a time. Leases may be closed by any.
 */
/** What a message between two processes says of shared memory. */
final class Exchange {
  /** Which end this is. */
  enum Side {
    /** Submits tasks, or exchanges messages: what it receives is its own, what it sends stays. */
    OWNER,
    /** Runs a task: its argument is borrowed, and the arrays in its result leave with it. */
    TASK
  }

  private static final ThreadLocal<@Nullable Exchange> CURRENT = new ThreadLocal<>();

  /** For messages that can't have arrays in them, since there are none. */
  private static final Exchange IDLE = new Exchange(-1, Side.OWNER);

  private static volatile boolean arrays;

  private final Side side;
  private final long peer;
  private final List<Mapping> received = new ArrayList<>();
  private @Nullable Exchange outer;
  private @Nullable Lease lent;
  private boolean staying;
  private boolean inside;

  private Exchange(long peer, Side side) {
    this.peer = peer;
    this.side = side;
  }

  /** For messages to and from a process, for one thread at a time; may be used again and again. */
  static Exchange with(long peer, Side side) {
    return new Exchange(peer, side);
  }

  /** For one message that a parent writes, before it is known which process gets it. */
  static Exchange writing() {
    return arrays ? new Exchange(-1, Side.OWNER) : IDLE;
  }

  /** From now on there are arrays in this process. */
  static void arraysExist() {
    if (!arrays) arrays = true;
  }

  /**
   * This thread will have no other one, so that entering and leaving costs next to nothing from now
   * on.
   */
  void stay() {
    CURRENT.set(this);
    staying = true;
  }

  /** The thread begins to write or read a message. Always paired with {@link #exit}. */
  void enter() {
    if (this == IDLE) return;
    if (staying && !inside) {
      inside = true;
      return;
    }
    outer = CURRENT.get();
    CURRENT.set(this);
  }

  /** The thread has done so, or failed to. */
  void exit() {
    if (this == IDLE) return;
    if (staying) {
      inside = false;
      return;
    }
    Exchange before = outer;
    outer = null;
    if (before == null) CURRENT.remove();
    else CURRENT.set(before);
  }

  /** What was written since this was last called, to be closed by the caller; mostly null. */
  @Nullable Lease lent() {
    Lease l = lent;
    lent = null;
    return l;
  }

  /** What was received belongs to whoever got it. */
  void accept() {
    if (!received.isEmpty()) received.clear();
  }

  /** How many were received and are still here. */
  int received() {
    return received.size();
  }

  /** The task is over, or nobody wants what was received: releases what was not kept. */
  void release() {
    release(0);
  }

  /** The same of those that came after the first so many. */
  void release(int first) {
    for (int i = received.size() - 1; i >= first; i--) {
      Mapping m = received.remove(i);
      if (!m.isKept()) m.close();
    }
  }

  // ---- for the arrays

  static Exchange current() throws NotSerializableException {
    Exchange e = CURRENT.get();
    if (e != null && (!e.staying || e.inside)) return e;
    throw new NotSerializableException(
        "dev.brigade.process.SharedArray travels only as an argument or result of a task of a"
            + " ProcessPool, or in a message of a WorkerProcess: it can't be stored or sent"
            + " elsewhere");
  }

  /** Notes that the message that is being written tells of this, and returns where it is found. */
  Address write(Mapping mapping, boolean leaves) {
    Lease lease = lent;
    if (lease == null) lease = new Lease(side == Side.TASK);
    lease.add(mapping, leaves || side == Side.TASK && !mapping.isKept());
    if (!lease.isEmpty()) lent = lease;
    return mapping.address();
  }

  /** Opens what the message that is being read tells of. */
  Mapping read(Address address, long offset, long bytes, boolean readOnly) throws IOException {
    Mapping m =
        side == Side.TASK
            ? Mapping.borrow(address, peer, offset, bytes, readOnly)
            : Mapping.own(address, peer, offset, bytes, readOnly);
    received.add(m);
    return m;
  }
}
