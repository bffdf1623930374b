package dev.brigade.process;

import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.GarbageException;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import dev.brigade.task.DeadlineException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that carries messages both ways, bounded in count and in bytes.
 *
 * <p>Flow: the sender counts what it has sent and not been told to be consumed, and sends only what
 * fits. The receiver tells what it has consumed when that is a quarter of the bounds; a sender that
 * must wait says so once, and is then told at once, and again when nothing is left to consume. So a
 * lively conversation costs no frames of its own, and no sender waits at an empty queue.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>{@code out} = sent − told to be consumed, at most the bounds; a message alone may be
 *       larger.
 *   <li>{@code held} = received − consumed; what is held is in {@code inbox} or an answer that
 *       nobody has fetched. It is at most the bounds, or the other side breaks the rules.
 *   <li>Senders go one by one, in their order: who holds {@code turn} may wait for room. What they
 *       send was encoded before.
 *   <li>Frames are written under {@code lock}, so their order is that of the numbers.
 * </ul>
 *
 * <p>Guard of all mutable fields: {@code lock}; {@code turn} is taken before it. No code of others
 * runs under either: objects are encoded and decoded outside.
 */
final class Mail {
  /** For ever. */
  static final long FOREVER = Long.MAX_VALUE;

  /** No wait at all. */
  static final long AT_ONCE = 0;

  private static final int MAX_CODECS = 8;

  private final WorkerProcess.Bounds bounds;
  private final Supplier<Codec> newCodec;
  private final LongSupplier peer;

  private final ReentrantLock turn = new ReentrantLock(true);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<Codec> codecs = new ArrayDeque<>();

  private @Nullable Frames link;
  private @Nullable Output early = new Output();
  private long sent;
  private int outMessages;
  private long outBytes;
  private boolean wantTold;
  private final Map<Long, Lease> leases = new HashMap<>();
  private @Nullable Supplier<RuntimeException> noMoreSending;

  private final ArrayDeque<Letter> inbox = new ArrayDeque<>();
  private final Map<Long, Answer> answers = new HashMap<>();
  private long asked;
  private long received;
  private int heldMessages;
  private long heldBytes;
  private int untoldMessages;
  private long untoldBytes;
  private boolean wanted;
  private boolean discarding;
  private boolean ended;
  private @Nullable Supplier<RuntimeException> dead;

  /** Takes frames to the other side, without waiting. */
  interface Frames {
    void send(Output frames) throws IOException;
  }

  /**
   * A message that was received.
   *
   * @param failed whether it tells of a failure
   * @param request more than 0 if an answer is waited for
   * @param lent its number if it tells of shared memory, or 0
   */
  record Letter(boolean failed, long request, long lent, byte[] body) {}

  /** A message that is ready to be sent. */
  record Packed(Output frame, int bytes, @Nullable Lease lease) {}

  private static final class Answer {
    final Condition there;
    @Nullable Letter letter;

    Answer(Condition there) {
      this.there = there;
    }
  }

  /**
   * @param newCodec makes what encodes and decodes
   * @param peer the process at the other end
   */
  Mail(WorkerProcess.Bounds bounds, Supplier<Codec> newCodec, LongSupplier peer) {
    this.bounds = bounds;
    this.newCodec = newCodec;
    this.peer = peer;
  }

  /** From now on it is connected; what was sent before goes out. */
  void connect(Frames to) {
    lock.lock();
    try {
      link = to;
      Output waiting = early;
      early = null;
      if (waiting != null && waiting.size() > 0 && dead == null) to.send(waiting);
    } catch (IOException e) {
      // Who reads it finds out.
      return;
    } finally {
      lock.unlock();
    }
  }

  // ---- encoding, on the thread that sends or receives

  /**
   * A message, ready to go.
   *
   * @param request more than 0 if an answer is expected, less if it answers that
   * @throws IllegalArgumentException if it can't travel
   */
  Packed pack(Object message, long request) {
    Objects.requireNonNull(message, "message");
    var out = new Output();
    Exchange exchange = Exchange.writing();
    Codec codec = codec();
    int frame = begin(out, FrameKind.MESSAGE, request);
    int body = out.size();
    boolean done = false;
    try {
      exchange.enter();
      try {
        codec.write(message, out);
      } finally {
        exchange.exit();
      }
      if (out.size() > WorkerStart.MAX_FRAME_BYTES - 64)
        throw new IllegalArgumentException(
            "the message takes "
                + out.size()
                + " bytes, and may take "
                + (WorkerStart.MAX_FRAME_BYTES - 64)
                + ": put big arrays into a SharedArray");
      done = true;
    } catch (NotSerializableException e) {
      throw new IllegalArgumentException("the message can't travel: " + e.getMessage(), e);
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("the message can't travel: " + e.getMessage(), e);
    } finally {
      give(codec);
      Lease unsent = done ? null : exchange.lent();
      if (unsent != null) unsent.close();
    }
    Lease lease = exchange.lent();
    if (lease != null) out.array()[body - 1] = 1;
    Link.end(out, frame);
    return new Packed(out, out.size() - body, lease);
  }

  /** A failure, in the place of a message. */
  Packed packFailure(Throwable failure, long request) {
    var out = new Output();
    Codec codec = codec();
    try {
      int frame = begin(out, FrameKind.FAILED, request);
      int body = out.size();
      codec.writeFailure(failure, out);
      Link.end(out, frame);
      return new Packed(out, out.size() - body, null);
    } finally {
      give(codec);
    }
  }

  private static int begin(Output out, int kind, long request) {
    int frame = Link.begin(out, kind);
    out.putVarLong(request);
    out.putByte(0);
    return frame;
  }

  /** The message in a letter, or the failure. */
  Object open(Letter letter) throws IOException, ClassNotFoundException {
    Codec codec = codec();
    try {
      var in = new Input(letter.body);
      if (letter.failed) return codec.readFailure(in);
      Exchange exchange = Exchange.with(peer.getAsLong(), Exchange.Side.OWNER);
      boolean done = false;
      exchange.enter();
      try {
        Object message = codec.read(in);
        if (message == null) throw new IOException("a message that is null");
        done = true;
        return message;
      } finally {
        exchange.exit();
        if (done) exchange.accept();
        else exchange.release();
      }
    } finally {
      give(codec);
      if (letter.lent > 0) tell(FrameKind.OPENED, letter.lent, -1);
    }
  }

  private Codec codec() {
    lock.lock();
    try {
      Codec free = codecs.poll();
      if (free != null) return free;
    } finally {
      lock.unlock();
    }
    return newCodec.get();
  }

  private void give(Codec codec) {
    lock.lock();
    try {
      if (codecs.size() < MAX_CODECS) codecs.push(codec);
    } finally {
      lock.unlock();
    }
  }

  // ---- sending

  /**
   * Sends it in turn, when there is room.
   *
   * @param nanos how long to wait at most, also {@link #FOREVER} or {@link #AT_ONCE}
   * @return false if there was no room
   */
  boolean send(Packed parcel, long nanos) throws InterruptedException {
    boolean gone = false;
    long start = System.nanoTime();
    try {
      check();
      if (!takeTurn(nanos)) return false;
      try {
        gone = sendInTurn(parcel, left(nanos, start));
        return gone;
      } finally {
        turn.unlock();
      }
    } finally {
      if (!gone && parcel.lease != null) parcel.lease.close();
    }
  }

  private boolean takeTurn(long nanos) throws InterruptedException {
    if (nanos == AT_ONCE) return turn.tryLock();
    if (nanos == FOREVER) {
      turn.lockInterruptibly();
      return true;
    }
    return turn.tryLock(nanos, TimeUnit.NANOSECONDS);
  }

  private static long left(long nanos, long start) {
    return nanos == FOREVER ? FOREVER : Math.max(AT_ONCE, nanos - (System.nanoTime() - start));
  }

  private boolean sendInTurn(Packed parcel, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (true) {
        checkSending();
        boolean fits =
            outMessages < bounds.messages()
                && (outBytes == 0 || outBytes + parcel.bytes <= bounds.bytes());
        if (fits) break;
        if (left <= 0) return false;
        if (!wantTold) {
          wantTold = true;
          write(frame(FrameKind.WANT, -1, -1));
        }
        if (nanos == FOREVER) room.await();
        else left = room.awaitNanos(left);
      }
      outMessages++;
      outBytes += parcel.bytes;
      sent++;
      if (parcel.lease != null) {
        leases.put(sent, parcel.lease);
        parcel.lease.sent();
      }
      write(parcel.frame);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void check() {
    lock.lock();
    try {
      checkSending();
    } finally {
      lock.unlock();
    }
  }

  private void checkSending() {
    if (noMoreSending != null) throw noMoreSending.get();
    if (dead != null) throw dead.get();
  }

  /** The lock is held. What can't be written is lost, as its reader will find. */
  private void write(Output frame) {
    try {
      if (link != null) link.send(frame);
      else if (early != null) early.putBytes(frame.array(), 0, frame.size());
    } catch (IOException e) {
      return;
    }
  }

  private static Output frame(int kind, long first, long second) {
    var out = new Output(32);
    int frame = Link.begin(out, kind);
    if (first >= 0) out.putVarLong(first);
    if (second >= 0) out.putVarLong(second);
    Link.end(out, frame);
    return out;
  }

  private void tell(int kind, long first, long second) {
    lock.lock();
    try {
      if (dead == null) write(frame(kind, first, second));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says that nothing more is sent from here. Harmless when repeated.
   *
   * @param reason what a later sender is told
   */
  void finish(String reason) {
    lock.lock();
    try {
      if (noMoreSending != null) return;
      noMoreSending = () -> new IllegalStateException(reason);
      room.signalAll();
      if (dead == null) write(frame(FrameKind.NO_MORE, -1, -1));
    } finally {
      lock.unlock();
    }
  }

  /** The other side takes nothing more. */
  void refuse() {
    lock.lock();
    try {
      if (noMoreSending != null) return;
      noMoreSending =
          () -> new MessagesEndedException("the worker has ended and takes nothing more");
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- receiving

  /** A time to wait, never negative, at most for ever. */
  static long nanos(Duration atMost) {
    if (atMost.isNegative()) return AT_ONCE;
    try {
      return atMost.toNanos();
    } catch (ArithmeticException e) {
      return FOREVER;
    }
  }

  /**
   * Waits for a message.
   *
   * @return null at the end
   * @throws DeadlineException if none came in time
   */
  @Nullable Letter take(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (true) {
        Letter letter = inbox.poll();
        if (letter != null) {
          consumed(letter);
          return letter;
        }
        if (ended || discarding) return null;
        if (dead != null) throw dead.get();
        if (nanos == FOREVER) {
          arrived.await();
        } else {
          if (left <= 0) throw late(nanos);
          left = arrived.awaitNanos(left);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static DeadlineException late(long nanos) {
    return new DeadlineException(
        "no message came within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms");
  }

  /** The lock is held. */
  private void consumed(Letter letter) {
    heldMessages--;
    heldBytes -= letter.body.length;
    untoldMessages++;
    untoldBytes += letter.body.length;
    if (untoldMessages >= (bounds.messages() + 3) / 4
        || untoldBytes >= bounds.bytes() / 4
        || wanted && heldMessages == 0) tellConsumed();
  }

  private void tellConsumed() {
    wanted = false;
    if (untoldMessages == 0) return;
    Output frame = frame(FrameKind.CREDIT, untoldMessages, untoldBytes);
    untoldMessages = 0;
    untoldBytes = 0;
    if (dead == null) write(frame);
  }

  /** Sends a message and waits for what answers it. */
  Letter ask(Object message, long nanos) throws InterruptedException {
    long start = System.nanoTime();
    long number;
    Answer answer;
    lock.lock();
    try {
      number = ++asked;
      answer = new Answer(lock.newCondition());
      answers.put(number, answer);
    } finally {
      lock.unlock();
    }
    try {
      if (!send(pack(message, number), nanos)) throw late(nanos);
      return await(answer, left(nanos, start));
    } finally {
      lock.lock();
      try {
        Answer unused = answers.remove(number);
        if (answer.letter != null) consumed(answer.letter);
      } finally {
        lock.unlock();
      }
    }
  }

  private Letter await(Answer answer, long nanos) throws InterruptedException {
    long left = nanos;
    lock.lockInterruptibly();
    try {
      while (true) {
        if (answer.letter != null) return answer.letter;
        if (ended) throw new MessagesEndedException("the worker ended without an answer");
        if (dead != null) throw dead.get();
        if (nanos == FOREVER) {
          answer.there.await();
        } else {
          if (left <= 0) throw late(nanos);
          left = answer.there.awaitNanos(left);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** What is here, and what comes, is thrown away. */
  void discard() {
    lock.lock();
    try {
      discarding = true;
      for (Letter l = inbox.poll(); l != null; l = inbox.poll()) drop(l);
      wakeAll();
    } finally {
      lock.unlock();
    }
  }

  private void drop(Letter letter) {
    if (letter.lent > 0) write(frame(FrameKind.OPENED, letter.lent, -1));
    consumed(letter);
  }

  // ---- what comes, on the thread that reads the connection

  /** Takes a frame of one of the kinds that are about messages. */
  void take(int kind, Input in) throws IOException {
    lock.lock();
    try {
      switch (kind) {
        case FrameKind.MESSAGE, FrameKind.FAILED -> letter(kind, in);
        case FrameKind.CREDIT -> credit(in.getVarLong(), in.getVarLong());
        case FrameKind.WANT -> {
          tellConsumed();
          wanted = true;
        }
        case FrameKind.OPENED -> {
          Lease lease = leases.remove(in.getVarLong());
          if (lease != null) lease.close();
        }
        case FrameKind.NO_MORE -> {
          ended = true;
          wakeAll();
        }
        default -> throw new GarbageException("a frame of kind " + kind);
      }
    } finally {
      lock.unlock();
    }
  }

  private void letter(int kind, Input in) throws IOException {
    long request = in.getVarLong();
    boolean lends = in.getByte() != 0;
    received++;
    var letter =
        new Letter(
            kind == FrameKind.FAILED, request, lends ? received : 0, in.getBytes(in.remaining()));
    heldMessages++;
    heldBytes += letter.body.length;
    if (heldMessages > bounds.messages() || heldBytes > bounds.bytes() && heldMessages > 1)
      throw new GarbageException("more messages than may be under way");
    if (request < 0) {
      Answer answer = answers.get(-request);
      if (answer == null || answer.letter != null) {
        // Nobody waits for it any more.
        drop(letter);
      } else {
        answer.letter = letter;
        answer.there.signalAll();
      }
    } else if (discarding) {
      drop(letter);
    } else {
      inbox.add(letter);
      arrived.signal();
    }
  }

  private void credit(long messages, long bytes) throws GarbageException {
    if (messages < 0 || messages > outMessages || bytes < 0 || bytes > outBytes)
      throw new GarbageException("more consumed than was sent");
    outMessages -= (int) messages;
    outBytes -= bytes;
    wantTold = false;
    room.signalAll();
  }

  /** The connection is gone; what has arrived can still be taken. */
  void die(Supplier<RuntimeException> why) {
    Map<Long, Lease> open;
    lock.lock();
    try {
      if (dead != null) return;
      dead = why;
      early = null;
      open = Map.copyOf(leases);
      leases.clear();
      wakeAll();
    } finally {
      lock.unlock();
    }
    for (Lease l : open.values()) l.close();
  }

  private void wakeAll() {
    room.signalAll();
    arrived.signalAll();
    for (Answer a : answers.values()) a.there.signalAll();
  }
}
