package dev.brigade.process;

import dev.brigade.process.launch.StartCache;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.process.wire.GarbageException;
import dev.brigade.process.wire.Input;
import dev.brigade.process.wire.Link;
import dev.brigade.process.wire.Output;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The parent's side of one worker: its process, its control connection and its lanes, from the
 * start of the JVM until its exit is known.
 *
 * <p>Its own thread starts it, then reads the control connection, and in the end waits for the exit
 * and tells the tasks that were lost why.
 *
 * <p>States only go forward, in the order of {@link WorkerInfo.State}. Guard of what is below the
 * lock: the lock, under which nothing of others is called.
 */
final class LiveWorker implements Runnable {
  private final ProcessPool pool;
  final int number;
  private final WorkerStart start;
  private final long bornNanos = System.nanoTime();
  private final AtomicLong tasks = new AtomicLong();

  private volatile WorkerInfo.State state = WorkerInfo.State.STARTING;
  private volatile @Nullable WorkerProcessHandle process;
  private volatile @Nullable Link control;
  private volatile List<Lane> lanes = List.of();
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean spoiled;
  private volatile boolean doomed;

  /** The supervisor's. */
  private long exitSeenNanos;

  private volatile boolean wasReady;

  /** Under the pool's lock: whether its lanes may be given tasks, and how many they were given. */
  volatile boolean active;

  /** Under the pool's lock: it is about to retire and takes nobody's place. */
  boolean leaving;

  /** Under the pool's lock: it is not used any more, and nobody has taken its place yet. */
  boolean leavesPlace;

  /** Under the pool's lock: it can't be used any more. */
  boolean hasLeft;

  long assigned;

  /** Under the pool's lock: how many of those came back, or were not wanted any more. */
  long returned;

  long idleSinceNanos = bornNanos;

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable WorkerEnd end;
  private boolean dead;
  private @Nullable WorkerDiedException obituary;
  private final List<Lost> lost = new ArrayList<>();
  private final Map<Long, CompletableFuture<String>> dumps = new HashMap<>();
  private long dumpNumbers;
  private long retireByNanos;

  /** Tasks that were out on a lane when it closed. */
  private record Lost(Lane lane, List<PoolTask> tasks, @Nullable PoolTask unread) {}

  LiveWorker(ProcessPool pool, int number, WorkerStart start) {
    this.pool = pool;
    this.number = number;
    this.start = start;
  }

  /** Null if none is wanted. */
  @Nullable StartCache startCache() {
    return start.cache();
  }

  boolean refusedPipes() {
    return start.refusedPipes();
  }

  // ---- its life, on its own thread

  @Override
  public void run() {
    WorkerEnd reason = WorkerEnd.LOST;
    Throwable unready = null;
    IOException trouble = null;
    try {
      var opened = start.open(this::begun);
      control = opened.control();
      state(WorkerInfo.State.INITIALISING);
      List<Lane> all = new ArrayList<>();
      for (int i = 0; i < opened.lanes().size(); i++) {
        all.add(
            new Lane(pool, this, i, opened.lanes().get(i), opened.page().slot(i), pool.newCodec()));
      }
      lanes = List.copyOf(all);
      unready = serve(opened.control());
    } catch (Throwable t) {
      if (wasReady || t instanceof GarbageException) reason = WorkerEnd.of(t);
      if (t instanceof IOException e) trouble = e;
      else if (!wasReady) unready = t;
    }
    gone(reason);
    WorkerDiedException death = bury();
    if (!wasReady) {
      // Where there was a process, what it died of says more than how it was noticed.
      if (trouble != null && process == null) unready = trouble;
      else if (trouble != null) death.addSuppressed(trouble);
      pool.startFailed(this, unready != null ? unready : death);
    }
    pool.buried(this);
  }

  private void begun(WorkerProcessHandle started) {
    process = started;
    if (isDead() || doomed) started.kill();
  }

  /** Reads the control connection to its end; returns why the worker did not become ready. */
  private @Nullable Throwable serve(Link link) throws IOException {
    Codec codec = pool.newCodec();
    Throwable unready = null;
    while (link.read()) {
      heardNanos = System.nanoTime();
      for (Input in = link.next(); in != null; in = link.next()) {
        switch (link.kind()) {
          case FrameKind.READY -> ready();
          case FrameKind.UNREADY -> unready = codec.readFailure(in);
          case FrameKind.PONG -> {}
          case FrameKind.DUMPED -> dumped(in.getVarLong(), in.getText());
          case FrameKind.PROGRESS -> progressed(in);
          case FrameKind.EXITING -> exiting();
          default -> throw new GarbageException("a control frame of kind " + link.kind());
        }
      }
    }
    return unready;
  }

  private void ready() {
    if (wasReady) return;
    // Before anybody can give them something.
    for (Lane lane : lanes) lane.start(pool.name() + "-" + number + "-lane-" + lane.index);
    if (!state(WorkerInfo.State.READY)) return;
    wasReady = true;
    pool.ready(this);
  }

  /** Its program ends it: what had begun may end in time, nothing more is given to it. */
  private void exiting() {
    lock.lock();
    try {
      if (retireByNanos == 0) retireByNanos = System.nanoTime() + graceNanos();
    } finally {
      lock.unlock();
    }
    // One that ends in its initialiser counts as one that starts until it is buried: it must not
    // be replaced at once.
    if (wasReady && state(WorkerInfo.State.RETIRING)) {
      pool.stopUsing(this);
      for (Lane lane : lanes) lane.drain();
      pool.left(this);
    }
    pool.supervisor().look();
  }

  private void progressed(Input in) throws IOException {
    int index = (int) in.getVarLong();
    long sequence = in.getVarLong();
    double fraction = Double.longBitsToDouble(in.getLong());
    String note = in.getText();
    if (index < 0 || index >= lanes.size()) throw new GarbageException("no lane " + index);
    // It need not be the first one: answers to those before it may be under way.
    PoolTask task = lanes.get(index).sentAs(sequence);
    if (task == null) return;
    // A slow listener must not be taken for a silent worker.
    var progress = new Progress(pid(), fraction, note);
    task.progressed(progress);
    var listener = task.rules.progress();
    if (listener != null) pool.listeners().run(() -> listener.accept(progress));
  }

  // ---- its end

  /** Ends its process; what follows is done by those who read its connections. */
  void kill(WorkerEnd why) {
    lock.lock();
    try {
      if (end == null || end == WorkerEnd.RETIRED && retireByNanos != 0) end = why;
    } finally {
      lock.unlock();
    }
    // In this order: it may be starting just now.
    doomed = true;
    WorkerProcessHandle p = process;
    if (p != null) p.kill();
  }

  /** It is not to be used any more: from any thread, any number of times. */
  void gone(WorkerEnd why) {
    lock.lock();
    try {
      if (dead) return;
      dead = true;
      if (end == null) end = why;
    } finally {
      lock.unlock();
    }
    state = WorkerInfo.State.DEAD;
    // First what only waited, then a place to run it, then the rest.
    pool.stopUsing(this);
    for (Lane lane : lanes) lane.shut();
    pool.left(this);
    WorkerProcessHandle p = process;
    if (p != null) p.kill();
    Link link = control;
    if (link != null) {
      try {
        link.close();
      } catch (IOException e) {
        // It is gone in any case.
        return;
      }
    }
  }

  private boolean isDead() {
    lock.lock();
    try {
      return dead;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the exit and tells those who lost a task. */
  private WorkerDiedException bury() {
    WorkerProcessHandle p = process;
    WorkerEnd why;
    lock.lock();
    try {
      why = end != null ? end : WorkerEnd.LOST;
    } finally {
      lock.unlock();
    }
    WorkerDiedException death =
        p == null
            ? new WorkerDiedException(
                "the worker could not be started", WorkerDiedException.Cause.UNKNOWN, -1, -1, "")
            : p.obituary(why);
    long until = System.nanoTime() + Lane.LAST_ANSWERS_NANOS;
    for (Lane lane : lanes) lane.awaitEnd(until);
    List<Lost> all;
    List<CompletableFuture<String>> unanswered;
    lock.lock();
    try {
      obituary = death;
      all = List.copyOf(lost);
      lost.clear();
      unanswered = List.copyOf(dumps.values());
      dumps.clear();
    } finally {
      lock.unlock();
    }
    for (Lost l : all) mourn(l, death);
    for (var u : unanswered) {
      boolean unused = u.completeExceptionally(death);
    }
    start.close();
    return death;
  }

  /**
   * Tasks that a closed lane still had: they had begun, as far as one knows.
   *
   * @param unread had not, but may have been the reason
   */
  void lost(Lane lane, List<PoolTask> tasks, @Nullable PoolTask unread) {
    if (tasks.isEmpty() && unread == null) return;
    var l = new Lost(lane, tasks, unread);
    WorkerDiedException death;
    lock.lock();
    try {
      death = obituary;
      if (death == null) lost.add(l);
    } finally {
      lock.unlock();
    }
    if (death != null) mourn(l, death);
  }

  private void mourn(Lost l, WorkerDiedException death) {
    long ordinal = l.lane.started() - l.tasks.size();
    for (PoolTask t : l.tasks) {
      ordinal++;
      int begun = t == l.tasks.getLast() ? l.lane.itemsBegun(ordinal) : Integer.MAX_VALUE;
      pool.lost(t, begun, death);
    }
    if (l.unread != null) pool.unread(l.unread, death);
  }

  // ---- what is asked of it

  /** Waits until its process is gone, which has been killed; false if it won't go. */
  boolean awaitExit() {
    WorkerProcessHandle p = process;
    return p != null && p.awaitExit();
  }

  /**
   * For the supervisor: ends a worker whose process is gone, though its connections say nothing, as
   * when a process that it started holds them.
   */
  void lookForExit(long nowNanos, long patienceNanos) {
    WorkerProcessHandle p = process;
    if (p == null || control == null || p.isAlive()) return;
    if (exitSeenNanos == 0) exitSeenNanos = nowNanos;
    else if (nowNanos - exitSeenNanos > patienceNanos) pool.aside().run(() -> gone(WorkerEnd.LOST));
  }

  /** Nothing more is given to it; when what it runs is over, it is told to end. */
  void retire() {
    if (!state(WorkerInfo.State.RETIRING)) return;
    for (Lane lane : lanes) lane.drain();
    settled();
  }

  /** A lane has become idle. */
  void settled() {
    if (state != WorkerInfo.State.RETIRING) return;
    for (Lane lane : lanes) if (!lane.isIdle()) return;
    lock.lock();
    try {
      if (dead || end != null) return;
      end = WorkerEnd.RETIRED;
      if (retireByNanos == 0)
        retireByNanos = System.nanoTime() + Math.max(graceNanos(), TimeUnit.SECONDS.toNanos(5));
    } finally {
      lock.unlock();
    }
    tell(FrameKind.RETIRE, out -> {});
    pool.supervisor().look();
  }

  /** When it must be gone, or 0 if nobody says. */
  long retireByNanos() {
    lock.lock();
    try {
      return retireByNanos;
    } finally {
      lock.unlock();
    }
  }

  void interrupt(int lane, long sequence) {
    tell(
        FrameKind.CANCEL,
        out -> {
          out.putVarLong(lane);
          out.putVarLong(sequence);
        });
  }

  /** What the worker lent with an answer has been opened here. */
  void release(int lane, long number) {
    tell(
        FrameKind.RELEASE,
        out -> {
          out.putVarLong(lane);
          out.putVarLong(number);
        });
  }

  /** While it is a spare one. */
  void prepare() {
    var functions = pool.recent().all();
    if (!functions.isEmpty()) for (Lane lane : lanes) lane.prepare(functions);
  }

  boolean active() {
    return active;
  }

  void ping() {
    tell(FrameKind.PING, out -> out.putLong(System.nanoTime()));
  }

  CompletableFuture<String> dump() {
    var text = new CompletableFuture<String>();
    long n;
    lock.lock();
    try {
      if (dead) {
        boolean unused = text.complete("");
        return text;
      }
      n = ++dumpNumbers;
      dumps.put(n, text);
    } finally {
      lock.unlock();
    }
    tell(FrameKind.DUMP, out -> out.putVarLong(n));
    return text;
  }

  private void dumped(long n, String text) {
    CompletableFuture<String> asked;
    lock.lock();
    try {
      asked = dumps.remove(n);
    } finally {
      lock.unlock();
    }
    if (asked != null) {
      boolean unused = asked.complete(text);
    }
  }

  private void tell(int kind, java.util.function.Consumer<Output> body) {
    Link link = control;
    if (link == null) return;
    var out = new Output();
    int frame = Link.begin(out, kind);
    body.accept(out);
    Link.end(out, frame);
    try {
      link.send(out);
    } catch (IOException e) {
      // The reading thread finds out as well.
      return;
    }
  }

  // ---- what is known of it

  private boolean state(WorkerInfo.State next) {
    lock.lock();
    try {
      if (dead || state.compareTo(next) >= 0) return false;
      state = next;
      return true;
    } finally {
      lock.unlock();
    }
  }

  boolean wasReady() {
    return wasReady;
  }

  WorkerInfo.State state() {
    return state;
  }

  long heardNanos() {
    return heardNanos;
  }

  void countTask() {
    long ran = tasks.incrementAndGet();
    long most = pool.options().recycling().maxTasks();
    if (most > 0 && ran >= most) pool.supervisor().look();
  }

  /** A task's failure may tell that the JVM is not to be trusted any more. */
  void failed(Throwable failure) {
    if (failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError)) {
      spoiled = true;
      pool.supervisor().look();
    }
  }

  boolean spoiled() {
    return spoiled;
  }

  List<Lane> lanes() {
    return lanes;
  }

  long tasks() {
    return tasks.get();
  }

  long ageNanos() {
    return System.nanoTime() - bornNanos;
  }

  long pid() {
    WorkerProcessHandle p = process;
    return p == null ? -1 : p.pid();
  }

  long residentBytes() {
    WorkerProcessHandle p = process;
    return p == null ? 0 : p.residentBytes();
  }

  private long graceNanos() {
    return pool.options().worker().times().grace().toNanos();
  }

  WorkerInfo info() {
    int running = 0;
    for (Lane lane : lanes) running += lane.running();
    return new WorkerInfo(
        number, pid(), state, running, tasks.get(), Duration.ofNanos(ageNanos()), residentBytes());
  }

  @Override
  public String toString() {
    return "worker " + number + " of " + pool.name();
  }
}
