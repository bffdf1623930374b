package dev.brigade.process;

import dev.brigade.process.memory.StatusPage;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.Functions;
import dev.brigade.process.wire.GarbageException;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import dev.brigade.task.DeadlineException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The parent's side of one place to run: a connection to a worker, which runs what comes over it
 * one after the other, and the tasks that are out on it.
 *
 * <p>Who sends: whoever took the lane out of the pool's idle ones, while it has nothing out; its
 * reading thread, while it has. Short tasks are sent ahead, several at a time, so that the worker
 * finds the next one when it ends one; what was sent ahead of a task that turns out long is taken
 * back.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>{@code out} holds, in the order in which they were sent, the tasks that were neither
 *       answered nor taken back. Those that have not begun are the last ones, as many as the status
 *       page allows.
 *   <li>After a recall nothing is sent until the {@code skips} that it causes have come.
 *   <li>A lane is idle only when nothing is out and no skip is due.
 *   <li>Once closed nothing is sent; what was out has been given back to the pool or to the
 *       worker's end, each task once.
 * </ul>
 *
 * <p>Guard of all fields below the lock: the lock. It may be held when the pool's lock is taken,
 * not the other way round; no code of others runs under it.
 */
final class Lane implements Runnable {
  private static final int MAX_AHEAD = 64;
  private static final long AHEAD_NANOS = 2_000_000;
  private static final int MAX_DEFINED = 1000;

  /** A task of so many bytes makes the worker take memory before it begins. */
  private static final long BIG = 64 << 10;

  /** So many bytes are sent in one go, and kept room for. */
  private static final int TOGETHER = 1 << 20;

  static final long LAST_ANSWERS_NANOS = TimeUnit.SECONDS.toNanos(2);

  final LiveWorker worker;
  final int index;
  private final ProcessPool pool;
  private final Link link;
  private final StatusPage.Slot slot;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<PoolTask> out = new ArrayDeque<>();
  private final Set<Long> defined = new HashSet<>();
  private final Output frames = new Output(4096);
  private long sent;
  private int skips;
  private boolean closed;
  private boolean draining;
  private long movedNanos;

  /** What the worker may have died of before it began: it is given back when that is known. */
  private @Nullable PoolTask suspect;

  /** The last that ended of those with a listener, which is still told what comes after the end. */
  private WeakReference<@Nullable PoolTask> listenedTo = new WeakReference<>(null);

  private volatile @Nullable Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);

  private long heardFrames;
  private final AnswerReader reader;
  private final List<Answer> answers = new ArrayList<>();

  /** What came, and whose it is. */
  private record Answer(@Nullable PoolTask task, int kind, Input in, long runNanos) {}

  Lane(
      ProcessPool pool,
      LiveWorker worker,
      int index,
      Link link,
      StatusPage.Slot slot,
      Codec codec) {
    this.pool = pool;
    this.worker = worker;
    this.index = index;
    this.link = link;
    this.slot = slot;
    reader = new AnswerReader(codec, Exchange.with(worker.pid(), Exchange.Side.OWNER));
  }

  // ---- giving

  /** Sends to an idle lane; a task that can't be sent goes back to the pool. */
  void give(PoolTask task) {
    boolean given = false;
    lock.lock();
    try {
      if (!closed && !draining) {
        send(task);
        given = true;
        link.send(frames);
      }
    } catch (IOException e) {
      // The reading thread finds out as well, and sees to what is out.
      given = true;
    } finally {
      frames.truncate(0);
      frames.trim(TOGETHER);
      lock.unlock();
    }
    if (!given) pool.putBack(List.of(task));
    else afterSending(task);
  }

  /** While it was on its way from the queue to here nobody could find it to cancel it. */
  private void afterSending(PoolTask task) {
    if (pool.isStopping()) task.requestCancel(true);
    if (task.cancelRequested()) cancel(task, task.interruptRequested());
  }

  /** Adds it to the frames; the lock is held and the lane open. */
  private void send(PoolTask task) {
    long id = task.parcel.function().id();
    if (id > 0 && !defined.contains(id)) {
      if (defined.size() >= MAX_DEFINED) {
        Link.end(frames, Link.begin(frames, FrameKind.FORGET));
        defined.clear();
      }
      define(task.parcel.function());
      pool.recent().used(task.parcel.function());
    }
    int frame = Link.begin(frames, task.kind);
    frames.putVarLong(id);
    if (id == 0) frames.putBytes(task.parcel.function().bytes());
    frames.putBytes(task.parcel.body());
    Link.end(frames, frame);
    task.sequence = ++sent;
    task.sentNanos = System.nanoTime();
    movedNanos = task.sentNanos;
    task.given(this, worker.pid());
    out.add(task);
    slot.allow(1);
    pool.supervisor().sent(task);
  }

  private void define(Functions.Reference function) {
    int define = Link.begin(frames, FrameKind.DEFINE);
    frames.putVarLong(function.id());
    frames.putBytes(function.bytes());
    Link.end(frames, define);
    boolean unused = defined.add(function.id());
  }

  /** While the lane has nothing to do: what it will probably be asked for. */
  void prepare(List<Functions.Reference> functions) {
    lock.lock();
    try {
      if (closed || draining || !out.isEmpty() || defined.size() > MAX_DEFINED / 2) return;
      for (Functions.Reference f : functions) if (!defined.contains(f.id())) define(f);
      if (frames.size() == 0) return;
      Link.end(frames, Link.begin(frames, FrameKind.RESOLVE));
      link.send(frames);
    } catch (IOException e) {
      // The reading thread finds out.
      return;
    } finally {
      frames.truncate(0);
      lock.unlock();
    }
  }

  // ---- taking

  /** The worker is ready. */
  void start(String name) {
    thread =
        Thread.ofPlatform().name(name).daemon().inheritInheritableThreadLocals(false).start(this);
  }

  @Override
  public void run() {
    WorkerEnd why = WorkerEnd.LOST;
    try {
      while (link.read()) {
        takeAll();
      }
    } catch (Throwable t) {
      why = WorkerEnd.of(t);
    }
    worker.gone(why);
    if (why.cause() != WorkerDiedException.Cause.GARBAGE && worker.awaitExit()) takeKept();
    end();
  }

  private void answerAll() throws IOException {
    Throwable trouble = null;
    for (Answer a : answers) {
      try {
        answer(a);
      } catch (Throwable e) {
        // The others are out no more, and nobody else would end them.
        trouble = e;
      }
    }
    answers.clear();
    switch (trouble) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(trouble);
    }
  }

  private void takeAll() throws IOException {
    boolean idle;
    try {
      boolean room = false;
      for (Input in = link.next(); in != null; in = link.next()) {
        take(link.kind(), in);
        // What follows an answer makes no room: the lane may be idle already, and must not be so
        // twice.
        room |= link.kind() != FrameKind.LENT;
      }
      idle = room && topUp();
    } finally {
      // Also what came before garbage: it is out no more, and nobody else would end it.
      answerAll();
    }
    if (idle) worker.settled();
  }

  /** What a dead worker had answered without having sent it. */
  private void takeKept() {
    try {
      long sentBefore = slot.framesBeforeKept();
      var kept = new Input(slot.kept());
      for (long n = sentBefore; kept.remaining() > 0; n++) {
        int length = kept.getInt();
        int kind = kept.getByte();
        int from = kept.skip(length - 1);
        if (n >= heardFrames) take(kind, new Input(kept.array(), from, from + length - 1));
      }
      answerAll();
    } catch (Throwable e) {
      // It died while it wrote this, or wrote nonsense: then these tasks are lost like the rest.
      answers.clear();
    }
  }

  private void take(int kind, Input in) throws IOException {
    heardFrames++;
    PoolTask task;
    long run = 0;
    lock.lock();
    try {
      movedNanos = System.nanoTime();
      if (kind == FrameKind.SKIPPED) {
        if (skips == 0) throw new GarbageException("a task was skipped that was not taken back");
        skips--;
        return;
      }
      task = out.peek();
      if (kind == FrameKind.LENT) {
        answers.add(new Answer(null, kind, in, 0));
        return;
      }
      if (task == null) throw new GarbageException("an answer to nothing");
      if (kind == FrameKind.ITEMS) {
        long unused = heard(task, in);
      } else if (kind == FrameKind.RETURNED || kind == FrameKind.THREW) {
        run = in.getVarLong();
        out.poll();
      } else if (kind == FrameKind.BATCH_END) {
        run = heard(task, in);
        out.poll();
      } else {
        throw new GarbageException("an answer of kind " + kind);
      }
      if (kind != FrameKind.ITEMS && task.rules.progress() != null)
        listenedTo = new WeakReference<>(task);
    } finally {
      lock.unlock();
    }
    if (kind != FrameKind.ITEMS) {
      worker.countTask();
      pool.pace().ran(run, task.sentNanos);
    }
    answers.add(new Answer(task, kind, in, run));
  }

  private static long heard(PoolTask task, Input in) throws IOException {
    if (!(task instanceof BatchTask batch)) throw new GarbageException("items of what has none");
    return batch.heard(in);
  }

  private void answer(Answer a) throws IOException {
    PoolTask task = a.task;
    if (task == null) {
      worker.release(index, a.in.getVarLong());
      return;
    }
    try {
      if (a.kind == FrameKind.ITEMS) {
        ((BatchTask) task).items(reader, a.in);
        reader.accept();
      } else if (task.end()) {
        end(task, a);
      }
    } finally {
      reader.release();
    }
  }

  private void end(PoolTask task, Answer a) {
    try {
      DeadlineException passed = task.deadline();
      if (a.kind == FrameKind.THREW) {
        Throwable failure = reader.readFailure(a.in);
        task.failed(task.instead(failure));
        worker.failed(failure);
      } else if (passed != null) {
        task.failed(passed);
      } else {
        Object value = null;
        if (task instanceof BatchTask b) {
          b.batch().cost(a.runNanos, pool.pace().roundTripNanos());
          b.items(reader, a.in);
        } else {
          value = reader.read(a.in);
        }
        if (task.returned(value)) reader.accept();
      }
    } catch (Throwable e) {
      // Errors too, as of class initialisers or of what is nested too deeply: it must end.
      task.failed(new IllegalStateException("the result can't be read here: " + e.getMessage(), e));
    } finally {
      pool.ended(task);
    }
  }

  /** Sends what waits, as far as it may be sent ahead; returns whether the lane has become idle. */
  private boolean topUp() {
    while (true) {
      int room;
      boolean nothingOut;
      lock.lock();
      try {
        if (closed || skips > 0) return false;
        if (draining) return out.isEmpty();
        room = Math.min(MAX_AHEAD, pool.pace().ahead(AHEAD_NANOS)) - out.size();
        if (room <= 0) return false;
        nothingOut = out.isEmpty();
      } finally {
        lock.unlock();
      }
      List<PoolTask> tasks = pool.take(this, room, nothingOut);
      if (tasks.isEmpty()) return outIsEmpty();
      List<PoolTask> back = new ArrayList<>();
      lock.lock();
      try {
        for (PoolTask t : tasks) {
          if (closed || draining || skips > 0) {
            back.add(t);
            continue;
          }
          send(t);
          if (frames.size() > TOGETHER) {
            link.send(frames);
            frames.truncate(0);
          }
        }
        if (frames.size() > 0) link.send(frames);
        if (out.size() > 1) pool.supervisor().sentAhead();
      } catch (IOException e) {
        // The next read tells.
      } finally {
        frames.truncate(0);
        frames.trim(TOGETHER);
        lock.unlock();
      }
      pool.returned(worker, back.size());
      if (!back.isEmpty()) pool.putBack(back);
      for (PoolTask t : tasks) afterSending(t);
      return outIsEmpty();
    }
  }

  private boolean outIsEmpty() {
    lock.lock();
    try {
      return out.isEmpty() && skips == 0;
    } finally {
      lock.unlock();
    }
  }

  boolean isIdle() {
    lock.lock();
    try {
      return out.isEmpty() && skips == 0 && !closed;
    } finally {
      lock.unlock();
    }
  }

  int running() {
    lock.lock();
    try {
      return out.size();
    } finally {
      lock.unlock();
    }
  }

  // ---- taking back

  /** Takes back what has not begun; the lock is held. */
  private List<PoolTask> recall() {
    int count = slot.recall();
    List<PoolTask> back = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      PoolTask t = out.pollLast();
      if (t == null) break;
      t.takenBack();
      back.add(0, t);
    }
    pool.returned(worker, count);
    skips += count;
    return back;
  }

  /**
   * Ends a task that may be out here: one that has not begun does not begin, one that runs is
   * interrupted, if that is wished, and the supervisor sees to the rest.
   */
  void cancel(PoolTask task, boolean interrupt) {
    List<PoolTask> back;
    boolean runs;
    lock.lock();
    try {
      if (closed || !out.contains(task)) return;
      back = recall();
      runs = out.contains(task);
    } finally {
      lock.unlock();
    }
    if (runs && interrupt) {
      worker.interrupt(index, task.sequence);
      pool.supervisor().interrupted(this, task);
    }
    pool.putBack(back);
  }

  /** Takes back what was sent ahead, if the running task has run for long. */
  void recallIfSlow(long nowNanos, long slowNanos) {
    List<PoolTask> back = List.of();
    lock.lock();
    try {
      if (!closed && out.size() > 1 && nowNanos - slot.beganNanos() > slowNanos) back = recall();
    } finally {
      lock.unlock();
    }
    if (!back.isEmpty()) pool.putBack(back);
  }

  /** Interrupts what runs and returns what had not begun. */
  List<PoolTask> cancelAll() {
    List<PoolTask> back;
    List<PoolTask> run;
    lock.lock();
    try {
      if (closed) return List.of();
      back = recall();
      run = List.copyOf(out);
    } finally {
      lock.unlock();
    }
    for (PoolTask t : run) {
      t.requestCancel(true);
      worker.interrupt(index, t.sequence);
      pool.supervisor().interrupted(this, t);
    }
    return back;
  }

  /**
   * Whether its thread in the worker neither begins nor skips what it was sent, for so long: it may
   * be stuck in code that the reading of a function or an argument called.
   */
  boolean isStuck(long nowNanos, long patienceNanos) {
    lock.lock();
    try {
      boolean waits = out.isEmpty() ? skips > 0 : slot.allowed() >= out.size();
      return !closed && waits && nowNanos - movedNanos > patienceNanos;
    } finally {
      lock.unlock();
    }
  }

  /** Whether tasks were sent ahead, for the supervisor to look at now and then. */
  boolean sentAhead() {
    lock.lock();
    try {
      return !closed && skips == 0 && out.size() > 1;
    } finally {
      lock.unlock();
    }
  }

  /** When the task began, or 0 if it has not, or is not here any more. */
  long beganNanos(PoolTask task) {
    lock.lock();
    try {
      // All before it have been answered, and not all that are out are still waiting.
      if (closed || out.peek() != task || slot.allowed() >= out.size()) return 0;
      return Math.max(slot.beganNanos(), task.sentNanos);
    } finally {
      lock.unlock();
    }
  }

  boolean has(PoolTask task) {
    lock.lock();
    try {
      return !closed && out.contains(task);
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more; what has not begun goes elsewhere. */
  void drain() {
    List<PoolTask> back;
    lock.lock();
    try {
      if (closed) return;
      draining = true;
      back = recall();
    } finally {
      lock.unlock();
    }
    if (!back.isEmpty()) pool.putBack(back);
  }

  /**
   * The worker is dead, or as good as: from here on nothing begins on it, and what had not begun
   * runs elsewhere. What it has answered is still read.
   */
  void shut() {
    List<PoolTask> back;
    lock.lock();
    try {
      if (closed) return;
      closed = true;
      back = recall();
      // It may have been too big to be read: given at once to the next worker, it would end that
      // one too, and so on.
      if (!back.isEmpty() && back.getFirst().bytes() >= BIG) suspect = back.removeFirst();
    } finally {
      lock.unlock();
    }
    pool.putBack(back);
  }

  /** No answer comes any more: what is out is lost. */
  private void end() {
    shut();
    List<PoolTask> lost;
    PoolTask unread;
    lock.lock();
    try {
      lost = new ArrayList<>(out);
      out.clear();
      unread = suspect;
      suspect = null;
    } finally {
      lock.unlock();
    }
    // A worker reads the next task when it has ended the one before.
    if (unread != null && !lost.isEmpty()) {
      pool.putBack(List.of(unread));
      unread = null;
    }
    worker.lost(this, lost, unread);
    ended.countDown();
    try {
      link.close();
    } catch (IOException e) {
      // It is gone in any case.
      return;
    }
  }

  /**
   * Waits until all that the dead worker has answered is read; not for long, since the reading
   * thread may be held up by a callback, or the connection by a process that the worker has left
   * behind.
   */
  void awaitEnd(long untilNanos) {
    boolean interrupted = false;
    try {
      // Never started, if the worker died before it was ready: then nobody else closes it.
      if (thread != null && ended.await(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS))
        return;
    } catch (InterruptedException e) {
      interrupted = true;
    }
    end();
    if (interrupted) Thread.currentThread().interrupt();
  }

  /** How many tasks had begun; final once the worker is dead. */
  long started() {
    return slot.started();
  }

  /** How many items of the batch had begun that was the {@code ordinal}-th task to begin. */
  int itemsBegun(long ordinal) {
    return slot.itemsBegun(ordinal);
  }

  @Override
  public String toString() {
    return "lane " + index + " of " + worker;
  }

  /** The task that was sent as the n-th, if it is still out, or the last listened to. */
  @Nullable PoolTask sentAs(long sequence) {
    lock.lock();
    try {
      for (PoolTask t : out) if (t.sequence == sequence) return t;
      PoolTask last = listenedTo.get();
      return last != null && last.sequence == sequence ? last : null;
    } finally {
      lock.unlock();
    }
  }
}
