package dev.brigade.process;

import dev.brigade.process.memory.StatusPage;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import dev.brigade.task.Fn;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The worker's side of one lane: a thread that reads tasks and runs them where it stands.
 *
 * <p>Results of short tasks are kept to go out together: until nothing more has come, until they
 * have waited for a moment, or until the flusher comes by.
 *
 * <p>Guards: {@code running} and the interrupts, {@code guard}, so that an interrupt hits the task
 * that it is meant for or none; {@code kept} and the items under way, {@code outLock}. The rest is
 * the lane's thread's.
 */
final class WorkerLane implements Runnable {
  private static final long KEEP_NANOS = 100_000;
  private static final int KEEP_BYTES = 32 << 10;
  private static final long PROGRESS_EVERY = 10_000_000;
  private static final ThreadLocal<WorkerLane> CURRENT = new ThreadLocal<>();

  private final int index;
  private final Link link;
  private final StatusPage.Slot slot;
  private final Codec codec;
  private final Link control;
  private final Flusher flusher;
  private final Map<Long, Object> functions = new HashMap<>();

  private final Exchange exchange;
  private final Map<Long, Lease> leases = new ConcurrentHashMap<>();
  private long lent;

  private final Object guard = new Object();
  private @Nullable Thread thread;
  private long running;
  private volatile boolean cancelled;

  private final Object outLock = new Object();
  private final Output kept = new Output(4096);
  private volatile long keptSince;
  private long sentFrames;
  private int keptFrames;
  private int safe;
  private volatile boolean unsafe;
  private int itemsFrame = -1;
  private int itemsCount;
  private long itemsLent;

  private long received;
  private long begun;
  private long progressNanos;

  WorkerLane(
      int index,
      Link link,
      StatusPage.Slot slot,
      Codec codec,
      Link control,
      Flusher flusher,
      long parent) {
    this.index = index;
    this.link = link;
    this.slot = slot;
    this.codec = codec;
    this.control = control;
    this.flusher = flusher;
    exchange = Exchange.with(parent, Exchange.Side.TASK);
  }

  static @Nullable WorkerLane current() {
    return CURRENT.get();
  }

  void start() {
    flusher.add(this);
    thread = Thread.ofPlatform().name("brigade-lane-" + index).daemon().unstarted(this);
    thread.start();
  }

  @Override
  public void run() {
    CURRENT.set(this);
    exchange.stay();
    try {
      while (link.read()) {
        for (Input in = link.next(); in != null; in = link.next()) handle(in);
        sendKept(true);
      }
    } catch (Throwable t) {
      System.err.println("Worker " + ProcessHandle.current().pid() + " gives up: " + t);
    }
    Runtime.getRuntime().halt(1);
  }

  private void handle(Input in) throws IOException {
    switch (link.kind()) {
      case FrameKind.DEFINE -> define(in);
      case FrameKind.FORGET -> functions.clear();
      case FrameKind.RESOLVE -> resolve();
      case FrameKind.WORK, FrameKind.COMMAND, FrameKind.CALL, FrameKind.BATCH ->
          task(link.kind(), in);
      default -> throw new IOException("a frame of kind " + link.kind());
    }
  }

  /** Read where it is first needed, so that a failure is the task's. */
  private void define(Input in) throws IOException {
    long id = in.getVarLong();
    functions.put(id, new Undefined(in.getBytes(in.remaining())));
  }

  private record Undefined(byte[] bytes) {}

  private void resolve() {
    List<byte[]> all = new ArrayList<>();
    for (Object f : functions.values()) if (f instanceof Undefined u) all.add(u.bytes);
    if (!all.isEmpty()) new Resolving(codec.another(), all).start();
  }

  /**
   * Reads functions so that the first task need not load and link what its function takes. On a
   * thread of its own: it runs initialisers of the user's classes, and a lane that hangs where
   * nothing has begun would be there for ever.
   */
  private static final class Resolving extends Thread {
    private final Codec codec;
    private final List<byte[]> functions;

    Resolving(Codec codec, List<byte[]> functions) {
      super("brigade-resolving");
      setDaemon(true);
      this.codec = codec;
      this.functions = functions;
    }

    @Override
    public void run() {
      for (byte[] f : functions) {
        try {
          Object unused = codec.read(new Input(f));
        } catch (Throwable t) {
          // It fails again, and is told, when a task needs it.
          continue;
        }
      }
    }
  }

  private void task(int kind, Input in) throws IOException {
    long sequence = ++received;
    synchronized (guard) {
      running = sequence;
      cancelled = false;
    }
    long start = System.nanoTime();
    if (!slot.tryBegin(start)) {
      over();
      synchronized (outLock) {
        frame(Link.begin(kept, FrameKind.SKIPPED));
        keep();
      }
      return;
    }
    begun++;
    progressNanos = 0;
    if (keptSince != 0) flusher.awake();
    if (kind == FrameKind.BATCH) batch(in, start);
    else single(kind, in, start);
    over();
    long now = System.nanoTime();
    if (unsafe || !link.hasNext() || now - start > KEEP_NANOS || now - keptSince > KEEP_NANOS)
      sendKept(true);
    // After the answer is on its way: unmapping takes as long as mapping.
    exchange.release();
  }

  /** From here on no interrupt of the task comes, and one that came is forgotten. */
  private void over() {
    synchronized (guard) {
      running = 0;
    }
    boolean unused = Thread.interrupted();
  }

  private void single(int kind, Input in, long start) {
    @Nullable Object value = null;
    Throwable failure = null;
    try {
      value = call(kind, in);
    } catch (Throwable t) {
      failure = t;
    }
    over();
    long run = System.nanoTime() - start;
    synchronized (outLock) {
      int from = kept.size();
      int frame = Link.begin(kept, failure == null ? FrameKind.RETURNED : FrameKind.THREW);
      kept.putVarLong(run);
      long before = lent;
      if (failure == null) {
        failure = write(value, from);
        lend(failure == null);
      }
      if (failure != null) {
        if (kept.size() == from) {
          frame = Link.begin(kept, FrameKind.THREW);
          kept.putVarLong(run);
        }
        codec.writeFailure(failure, kept);
      }
      frame(frame);
      tellLent(before);
      if (keptSince == 0) keptSince = start + run;
      keep();
    }
  }

  /** Adds the value; if it can't travel, takes away all from {@code from} on and says why. */
  private @Nullable Throwable write(@Nullable Object value, int from) {
    exchange.enter();
    try {
      codec.write(value, kept);
      if (kept.size() - from <= WorkerStart.MAX_FRAME_BYTES - 64) return null;
      kept.truncate(from);
      return new IllegalStateException(
          "the result takes more than "
              + WorkerStart.MAX_FRAME_BYTES
              + " bytes: return big arrays as a SharedArray");
    } catch (NotSerializableException e) {
      kept.truncate(from);
      return new IllegalStateException("the result can't travel: " + e.getMessage());
    } catch (Throwable e) {
      // Whatever the code of its class throws is the task's business, not the lane's.
      kept.truncate(from);
      return new IllegalStateException("the result can't travel: " + e, e);
    } finally {
      exchange.exit();
    }
  }

  /** Holds the shared memory that answers tell of until the parent has opened it. */
  private void lend(boolean written) {
    Lease lease = exchange.lent();
    if (lease == null) return;
    if (!written) {
      lease.close();
      return;
    }
    lent++;
    leases.put(lent, lease);
    lease.sent();
  }

  private void tellLent(long before) {
    for (long n = before + 1; n <= lent; n++) {
      int frame = Link.begin(kept, FrameKind.LENT);
      kept.putVarLong(n);
      frame(frame);
    }
  }

  /** From the control thread. */
  void release(long number) {
    Lease lease = leases.remove(number);
    if (lease != null) lease.close();
  }

  @SuppressWarnings("unchecked")
  private @Nullable Object call(int kind, Input in) throws Exception {
    Object function;
    @Nullable Object argument = null;
    exchange.enter();
    try {
      function = function(in);
      if (kind == FrameKind.CALL) argument = codec.read(in);
    } finally {
      exchange.exit();
    }
    switch (kind) {
      case FrameKind.WORK -> {
        return ((Callable<Object>) function).call();
      }
      case FrameKind.COMMAND -> {
        ((Runnable) function).run();
        return null;
      }
      default -> {
        return apply(function, argument);
      }
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // null is a legal argument
  private static @Nullable Object apply(Object function, @Nullable Object argument)
      throws Exception {
    return ((Fn<@Nullable Object, @Nullable Object, Exception>) function).apply(argument);
  }

  private Object function(Input in) throws IOException, ClassNotFoundException {
    long id = in.getVarLong();
    if (id == 0) return Objects.requireNonNull(codec.read(in));
    Object known = functions.get(id);
    if (known == null) throw new IOException("no function " + id + " was defined");
    if (known instanceof Undefined u) {
      known = Objects.requireNonNull(codec.read(new Input(u.bytes)));
      functions.put(id, known);
    }
    return known;
  }

  // ---- batches

  private void batch(Input in, long start) {
    int ran = 0;
    int count = 0;
    boolean stops;
    try {
      Object function;
      exchange.enter();
      try {
        function = function(in);
      } finally {
        exchange.exit();
      }
      // What the function captured is for all items.
      int captured = exchange.received();
      stops = in.getByte() != 0;
      count = (int) in.getVarLong();
      while (ran < count && !cancelled) {
        int length = in.getInt();
        int end = in.position() + length;
        slot.item(begun, ran);
        ran++;
        Throwable failure = null;
        @Nullable Object value = null;
        try {
          value = apply(function, argument(in));
        } catch (Throwable t) {
          failure = t;
        }
        // An argument that can't be read is no reason to lose those after it.
        in.seek(end);
        forgetInterrupt();
        item(value, failure);
        exchange.release(captured);
        if (failure != null && stops) break;
        // For the time there is the flusher.
        if (ran < count && kept.size() > KEEP_BYTES) sendKept(true);
      }
      endBatch(start, null);
    } catch (Throwable t) {
      endBatch(start, t);
    }
  }

  private @Nullable Object argument(Input in) throws IOException, ClassNotFoundException {
    exchange.enter();
    try {
      return codec.read(in);
    } finally {
      exchange.exit();
    }
  }

  /** What an item leaves behind does not reach the next one; the end of all of them does. */
  private void forgetInterrupt() {
    if (!Thread.currentThread().isInterrupted()) return;
    synchronized (guard) {
      if (cancelled) return;
      boolean unused = Thread.interrupted();
    }
  }

  private void item(@Nullable Object value, @Nullable Throwable failure) {
    synchronized (outLock) {
      if (itemsFrame < 0) {
        itemsFrame = Link.begin(kept, FrameKind.ITEMS);
        // Room for the run time and the counts, which are known at the end.
        int unused = kept.reserve(ITEMS_HEAD);
        itemsCount = 0;
        itemsLent = lent;
      }
      itemsCount++;
      int from = kept.size();
      int head = kept.reserve(4);
      Throwable lost = failure;
      if (failure == null) {
        lost = write(value, from);
        lend(lost == null);
      }
      if (lost != null) {
        if (kept.size() == from) head = kept.reserve(4);
        codec.writeFailure(lost, kept);
      }
      // So that one that can't be read there is no reason to lose those after it.
      kept.setInt(head, (kept.size() - head - 4) << 1 | (lost == null ? 0 : 1));
      if (keptSince == 0) {
        keptSince = System.nanoTime();
        flusher.awake();
      }
    }
  }

  private void endBatch(long start, @Nullable Throwable failure) {
    over();
    synchronized (outLock) {
      if (failure != null) {
        closeItems();
        int frame = Link.begin(kept, FrameKind.THREW);
        kept.putVarLong(System.nanoTime() - start);
        codec.writeFailure(failure, kept);
        frame(frame);
        keep();
        return;
      }
      if (itemsFrame < 0) {
        itemsFrame = Link.begin(kept, FrameKind.ITEMS);
        int unused = kept.reserve(ITEMS_HEAD);
        itemsCount = 0;
        itemsLent = lent;
      }
      kept.array()[itemsFrame + 4] = FrameKind.BATCH_END;
      long now = System.nanoTime();
      kept.setLong(itemsFrame + 5, now - start);
      closeItems();
      if (keptSince == 0) keptSince = now;
      keep();
    }
  }

  /** Run nanos and the number of items, of fixed size. */
  static final int ITEMS_HEAD = 12;

  private void closeItems() {
    if (itemsFrame < 0) return;
    kept.setInt(itemsFrame + 5 + 8, itemsCount);
    frame(itemsFrame);
    itemsFrame = -1;
    tellLent(itemsLent);
  }

  // ---- sending

  /** Ends a frame of what is kept. */
  private void frame(int at) {
    Link.end(kept, at);
    keptFrames++;
  }

  /** The end of a task: what is kept must outlive this process, or be sent. */
  private void keep() {
    if (kept.size() > StatusPage.ANSWERS || safe == 0 && link.unwritten()) {
      unsafe = true;
      return;
    }
    // What was kept before has gone out; it must not be taken for what is written over it now.
    if (safe == 0) slot.keep(sentFrames, kept.array(), 0, 0);
    slot.keep(sentFrames, kept.array(), safe, kept.size());
    safe = kept.size();
  }

  /** From any thread. */
  private void sendKept(boolean own) throws IOException {
    synchronized (outLock) {
      closeItems();
      if (kept.size() > 0) {
        link.send(kept);
        sentFrames += keptFrames;
        keptFrames = 0;
        safe = 0;
        unsafe = false;
        kept.truncate(0);
        kept.trim(1 << 20);
      }
      keptSince = 0;
    }
    // The rest must not wait for the end of the next task.
    if (own && link.unwritten()) link.drain();
  }

  boolean flushKept() {
    synchronized (outLock) {
      if (keptSince == 0) return false;
    }
    try {
      sendKept(false);
    } catch (IOException e) {
      // The lane finds out.
      return false;
    }
    return true;
  }

  void progress(double fraction, String note) {
    long now = System.nanoTime();
    if (progressNanos != 0 && now - progressNanos < PROGRESS_EVERY && fraction < 1) return;
    progressNanos = now;
    var out = new Output();
    int frame = Link.begin(out, FrameKind.PROGRESS);
    out.putVarLong(index);
    out.putVarLong(received);
    out.putLong(Double.doubleToLongBits(fraction));
    out.putText(note.length() > 1000 ? note.substring(0, 1000) : note);
    Link.end(out, frame);
    try {
      control.send(out);
    } catch (IOException e) {
      // The parent is gone, and this process will be.
      return;
    }
  }

  // ---- cancelling

  /** From the control thread. */
  void cancel(long sequence) {
    synchronized (guard) {
      Thread t = thread;
      if (running != sequence || t == null) return;
      cancelled = true;
      t.interrupt();
    }
  }
}
