package dev.brigade.process;

import dev.brigade.annotation.CheckReturnValue;
import dev.brigade.engine.Batch;
import dev.brigade.engine.Engine;
import dev.brigade.engine.Job;
import dev.brigade.engine.Traits;
import dev.brigade.observe.Metered;
import dev.brigade.observe.Meters;
import dev.brigade.observe.Reading;
import dev.brigade.process.launch.Launcher;
import dev.brigade.process.launch.StartCache;
import dev.brigade.process.wire.Codec;
import dev.brigade.process.wire.FrameKind;
import dev.brigade.task.DeadlineException;
import dev.brigade.task.Fn;
import java.io.ObjectInputFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * Design. A task is turned into bytes on the thread that submits it, goes to an idle lane or into the
 * queue, and from there to a lane that asks for more. Each lane has a thread that reads answers, tops
 * up, and completes; each worker one that starts it, reads its control connection, and buries it;
 * the pool one that watches (Supervisor), which runs no code of others.
 *
 * Invariants.
 *  P1 A task is at one place: in the queue, in the hands of one thread, out on one lane, or ended. It
 *     ends once (PoolTask.end), which gives back its lease and is counted in `unended`.
 *  P2 A lane is in `idle` only while nothing is out on it; whoever takes it out of there gives it a
 *     task or puts it back. While tasks wait, no lane of an active worker stays idle: whoever adds a
 *     task takes an idle lane, and a lane becomes idle only under the lock under which it saw the
 *     queue empty.
 *  P3 What a worker has not begun when it dies goes to the head of the queue; what it has begun is told
 *     of after its exit is known, and runs again only if its rules allow it, once.
 *  P4 A worker that left is in nobody's place: its spare took it under the same lock.
 *
 * Lock order: a lane's, then the pool's. No code of others runs under either.
 */
/**
 * A pool of worker processes: an engine whose tasks run in JVMs of their own, so that what crashes,
 * hangs or eats memory there costs its own task and nothing else. For ordinary computing take
 * {@link Engine#cores}; for one worker that exchanges messages, {@link WorkerProcess}.
 *
 * {@snippet :
 * try (ProcessPool pool = ProcessPool.open(4)) {
 *   List<Text> texts = Tasks.on(pool).map(pdfs, Pdf::text); // in order, in batches
 *   ProcessTask<Text> one = pool.call(Pdf::text, pdf); // a Future
 * }
 * }
 *
 * <p>Functions, arguments, results and exceptions travel as bytes; what can't is rejected when it
 * is submitted, naming the class and the way to it. Workers have this program's class path or
 * module path and the system properties that it was started with; its {@code main} is not run
 * there.
 *
 * <p><b>Delivery.</b> At most once. When a worker dies, what it had not begun runs elsewhere; what
 * it had begun fails with {@link WorkerDiedException}, unless {@link TaskRules#crashRetries} allows
 * another try. A cancelled or timed-out task is interrupted, and its worker killed if it has not
 * ended after the grace. With several tasks at a time in a worker, the others there are lost with
 * it.
 *
 * <p><b>States.</b> Open; shut down (what waits still runs); terminated, when all workers are gone.
 * Broken, when several workers in a row died before they were ready: what waits fails with {@link
 * PoolBrokenException}, and nothing more is taken. A pool that is not closed ends with the program,
 * however that ends.
 *
 * <p><b>Bounds.</b> The queue is bounded in tasks and bytes, see {@link ProcessOptions.Queue}; a
 * message, at 1 GiB. Results of what is out are held until their futures are dropped.
 *
 * <p>Callbacks of tasks run on threads of the pool and must not block. Memory effects are those of
 * {@link java.util.concurrent.Executor} within this process; nothing but the bytes is shared with a
 * worker.
 *
 * <p>Cost: a worker takes the start of a JVM and some 45 MB, and in this process 4 threads and 9
 * descriptors; a task alone 10 to 20 µs there and back, in a stream about 1 µs, an item of a map
 * less.
 */
public final class ProcessPool extends AbstractExecutorService implements Engine, Metered {
  private static final AtomicInteger POOLS = new AtomicInteger();
  private static final int MAX_FAILED_STARTS = 3;
  private static final int MAX_UNREAD = 3;
  private static final long YOUNG_NANOS = TimeUnit.SECONDS.toNanos(10);

  private enum Phase {
    RUNNING,
    SHUTDOWN,
    TERMINATED
  }

  private final ProcessOptions options;
  private final String name;
  private final Traits traits;
  private final Supervisor supervisor = new Supervisor(this);
  private final Aside aside;

  /** Theirs alone: what came back from a worker must not wait for one that waits. */
  private final Aside listeners;

  private final RecentFunctions recent = new RecentFunctions();
  private final Pace pace = new Pace();
  private final AtomicLong unended = new AtomicLong();
  private final AtomicLong completed = new AtomicLong();
  private final CountDownLatch terminated = new CountDownLatch(1);

  private final Packing packing;
  private final ClassLoader loader;
  private final @Nullable ObjectInputFilter filter;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition changed = lock.newCondition();
  private final Waiting queue;
  private final Staff staff;
  private Phase phase = Phase.RUNNING;
  private int numbers;
  private int failedStarts;
  private long noStartBeforeNanos = System.nanoTime();
  private long died;

  /** How many in a row ended young without having had a task, and no task had ended between. */
  private int useless;

  private long completedBefore;
  private @Nullable PoolBrokenException broken;
  private @Nullable StartCacheMaker cacheMaker;
  private volatile @Nullable StartCache startCache;
  private volatile boolean stopping;
  private volatile List<LiveWorker> live = List.of();

  private ProcessPool(ProcessOptions options) {
    if (Worker.isWorker())
      throw new IllegalStateException(
          "a ProcessPool can't be opened inside a worker process: workers that open pools, as a static"
              + " field may do, would start processes without end");
    this.options = options;
    name = "brigade-" + options.name() + "-" + POOLS.incrementAndGet();
    String pattern = options.worker().jvm().filter();
    filter = pattern == null ? null : ObjectInputFilter.Config.createFilter(pattern);
    aside = new Aside(name + "-callbacks");
    listeners = new Aside(name + "-progress");
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    loader = context != null ? context : ClassLoader.getSystemClassLoader();
    packing = new Packing(this::newCodec);
    queue = new Waiting(options.queue());
    staff = new Staff(options);
    var size = options.size();
    traits =
        new Traits(
            options.name(),
            size.max() * size.concurrency(),
            false,
            false,
            true,
            true,
            Traits.Delivery.AT_MOST_ONCE,
            true);
  }

  /** As many workers as there are cores. */
  @CheckReturnValue
  public static ProcessPool open() {
    return open(ProcessOptions.of(Runtime.getRuntime().availableProcessors()));
  }

  /** So many workers. */
  @CheckReturnValue
  public static ProcessPool open(int workers) {
    return open(ProcessOptions.of(workers));
  }

  /** A pool of this kind. */
  @CheckReturnValue
  public static ProcessPool open(ProcessOptions options) {
    String obstacle = Launcher.obstacle();
    if (obstacle != null)
      throw new UnsupportedOperationException("no worker process can be started: " + obstacle);
    var pool = new ProcessPool(options);
    pool.supervisor.start();
    pool.adjust(System.nanoTime());
    Meters.add(pool);
    return pool;
  }

  // ---- what the parts ask

  ProcessOptions options() {
    return options;
  }

  String name() {
    return name;
  }

  Supervisor supervisor() {
    return supervisor;
  }

  RecentFunctions recent() {
    return recent;
  }

  Aside aside() {
    return aside;
  }

  Aside listeners() {
    return listeners;
  }

  Pace pace() {
    return pace;
  }

  List<LiveWorker> live() {
    return live;
  }

  /** Whether nothing is to begin any more, and what runs is to be interrupted. */
  boolean isStopping() {
    return stopping;
  }

  Codec newCodec() {
    return new Codec(loader, filter);
  }

  // ---- submitting

  /** The function, applied to the argument in a worker; both travel. */
  public <A, R> ProcessTask<R> call(Fn<? super A, ? extends R, ?> function, A argument) {
    return call(TaskRules.plain(), function, argument);
  }

  /** The same under rules. */
  public <A, R> ProcessTask<R> call(
      TaskRules rules, Fn<? super A, ? extends R, ?> function, A argument) {
    Objects.requireNonNull(rules, "rules");
    Objects.requireNonNull(function, "function");
    var future =
        new RemoteTask<R>(
            this, rules, FrameKind.CALL, packing.call(function, argument), false, null);
    future.handIn();
    return future;
  }

  /** The same pool with these rules for what is submitted through it; closing it does nothing. */
  @CheckReturnValue
  public Engine with(TaskRules rules) {
    return new RuledEngine(this, Objects.requireNonNull(rules, "rules"));
  }

  @Override
  public Traits traits() {
    return traits;
  }

  @Override
  public void launch(Job job) {
    launch(TaskRules.plain(), job);
  }

  void launch(TaskRules rules, Job job) {
    if (job instanceof Batch batch) {
      enqueue(batchTask(rules, batch, 0, false));
      return;
    }
    enqueue(
        new JobTask(rules, FrameKind.WORK, packing.work(job.work()), job, t -> cancel(t, true)));
  }

  private BatchTask batchTask(TaskRules rules, Batch batch, int from, boolean rest) {
    return new BatchTask(
        rules,
        FrameKind.BATCH,
        packing.batch(batch, from),
        batch,
        from,
        rest,
        t -> cancel(t, true));
  }

  @Override
  public void execute(Runnable command) {
    execute(TaskRules.plain(), command);
  }

  void execute(TaskRules rules, Runnable command) {
    Objects.requireNonNull(command, "command");
    if (command instanceof RemoteTask<?> own) {
      own.handIn();
    } else if (command.getClass().getEnclosingClass() == ExecutorCompletionService.class) {
      // It is about a future of this pool, and is itself not meant to travel.
      refuseIfOver();
      Thread unused = Thread.ofVirtual().name(name + "-completion").start(command);
    } else {
      enqueue(new CommandTask(rules, FrameKind.COMMAND, packing.work(command), command));
    }
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Callable<T> callable) {
    return newTaskFor(TaskRules.plain(), callable);
  }

  <T> RunnableFuture<T> newTaskFor(TaskRules rules, Callable<T> callable) {
    Objects.requireNonNull(callable, "task");
    return new RemoteTask<>(this, rules, FrameKind.WORK, packing.work(callable), false, null);
  }

  @Override
  protected <T> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
    return newTaskFor(TaskRules.plain(), runnable, value);
  }

  <T> RunnableFuture<T> newTaskFor(TaskRules rules, Runnable runnable, T value) {
    Objects.requireNonNull(runnable, "task");
    return new RemoteTask<>(this, rules, FrameKind.COMMAND, packing.work(runnable), true, value);
  }

  private void refuseIfOver() {
    lock.lock();
    try {
      refuse();
    } finally {
      lock.unlock();
    }
  }

  private void refuse() {
    if (phase != Phase.RUNNING)
      throw new RejectedExecutionException("the pool is shut down: " + this);
    if (broken != null) {
      var e = new PoolBrokenException(String.valueOf(broken.getMessage()), broken);
      throw e;
    }
  }

  /** Takes a task over, or rejects it. */
  void enqueue(PoolTask task) {
    try {
      add(task);
    } catch (RuntimeException | Error e) {
      task.parcel.close();
      throw e;
    }
  }

  private void add(PoolTask task) {
    Lane lane = null;
    List<PoolTask> discarded = List.of();
    lock.lock();
    try {
      refuse();
      if (queue.isEmpty()) lane = idleLane();
      if (lane == null && queue.full(task)) {
        discarded = makeRoom(task);
        // It may have waited for room until nothing else did.
        if (queue.isEmpty()) lane = idleLane();
      }
      if (lane == null) queue.add(task);
      unended.incrementAndGet();
      // Before a lane can have it: its end would give back what leaves with it.
      task.parcel.sent();
    } finally {
      lock.unlock();
    }
    for (PoolTask d : discarded) {
      if (!d.end()) continue;
      d.failed(new RejectedExecutionException("newer tasks took its place: " + this));
      ended(d);
    }
    if (lane == null) {
      growIfUseful();
    } else if (!task.begin()) {
      drop(task);
      returned(lane.worker, 1);
      offer(lane);
    } else {
      lane.give(task);
    }
  }

  private @Nullable Lane idleLane() {
    while (true) {
      Lane lane = staff.idle.poll();
      if (lane == null || lane.worker.active && assign(lane.worker, 1) == 1) return lane;
    }
  }

  /** Until the task has a place in the queue; returns those that it was taken from. */
  private List<PoolTask> makeRoom(PoolTask task) {
    List<PoolTask> discarded = List.of();
    while (queue.full(task)) {
      switch (options.queue().whenFull()) {
        case REJECT ->
            throw new RejectedExecutionException(
                "the queue is full: "
                    + queue.size()
                    + " tasks, "
                    + queue.bytes()
                    + " bytes: "
                    + this);
        case DISCARD_OLDEST -> {
          PoolTask oldest = queue.oldestUnbegun();
          if (oldest == null) {
            // Even without all of those there is no room: they keep their places.
            for (PoolTask d : discarded) queue.restore(d);
            throw new RejectedExecutionException("the queue is full: " + this);
          }
          unqueue(oldest);
          if (discarded.isEmpty()) discarded = new ArrayList<>();
          discarded.add(oldest);
        }
        case WAIT -> {
          try {
            room.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException(
                "interrupted while the queue was full: " + this, e);
          }
          refuse();
        }
      }
    }
    return discarded;
  }

  private void unqueue(PoolTask task) {
    if (queue.remove(task)) room.signalAll();
  }

  // ---- giving out

  /**
   * Takes tasks for a lane; if there is none and the lane has nothing out, it is idle from now on.
   */
  List<PoolTask> take(Lane lane, int most, boolean nothingOut) {
    List<PoolTask> taken = new ArrayList<>();
    while (taken.isEmpty()) {
      List<PoolTask> polled = new ArrayList<>();
      lock.lock();
      try {
        LiveWorker worker = lane.worker;
        if (!worker.active) return taken;
        if (queue.isEmpty()) {
          if (nothingOut) {
            worker.idleSinceNanos = System.nanoTime();
            if (staff.quota(worker) > 0) staff.idle.push(lane);
          }
          return taken;
        }
        // A fair share: the other lanes may be about to ask.
        int share =
            Math.max(1, queue.size() / Math.max(1, live.size() * options.size().concurrency()));
        int count = assign(worker, Math.min(most, share));
        for (int i = 0; i < count && !queue.isEmpty(); i++) {
          polled.add(Objects.requireNonNull(queue.poll()));
        }
        if (!polled.isEmpty()) room.signalAll();
        if (count == 0) return taken;
      } finally {
        lock.unlock();
      }
      for (PoolTask t : polled) {
        if (t.begin()) taken.add(t);
        else drop(t);
      }
      returned(lane.worker, polled.size() - taken.size());
    }
    return taken;
  }

  private int assign(LiveWorker worker, int count) {
    int granted = Math.min(count, staff.quota(worker));
    worker.assigned += granted;
    if (options.recycling().maxTasks() > 0 && staff.quota(worker) == 0) supervisor.look();
    return granted;
  }

  /** Tasks that were assigned to a worker and that it will not run. */
  void returned(LiveWorker worker, int count) {
    if (count == 0) return;
    lock.lock();
    try {
      worker.returned += count;
    } finally {
      lock.unlock();
    }
  }

  /** A lane has nothing to do: gives it the next task, or keeps it for one. */
  private void offer(Lane lane) {
    for (PoolTask t : take(lane, 1, true)) lane.give(t);
  }

  /** Back to the head of the queue, in this order; they had not begun. */
  void putBack(List<PoolTask> tasks) {
    if (tasks.isEmpty()) return;
    if (supervisor.isMe()) {
      aside.run(() -> putBack(tasks));
      return;
    }
    List<PoolTask> unwanted = new ArrayList<>();
    RuntimeException over;
    lock.lock();
    try {
      over = broken;
      for (PoolTask t : tasks.reversed()) {
        if (t.cancelRequested() || over != null || stopping) {
          unwanted.add(t);
          continue;
        }
        queue.addFirst(t);
      }
    } finally {
      lock.unlock();
    }
    for (PoolTask t : unwanted) {
      if (over != null && t.end()) {
        t.failed(over);
        ended(t);
      } else {
        drop(t);
      }
    }
    dispatch();
  }

  /** Gives waiting tasks to idle lanes. */
  private void dispatch() {
    while (true) {
      Lane lane;
      lock.lock();
      try {
        if (queue.isEmpty()) return;
        lane = staff.idle.poll();
      } finally {
        lock.unlock();
      }
      if (lane == null) {
        growIfUseful();
        return;
      }
      offer(lane);
    }
  }

  /** It is not wanted any more, or must not run. */
  private void drop(PoolTask task) {
    if (!task.end()) return;
    task.dropped();
    ended(task);
  }

  // ---- ends of tasks

  void ended(PoolTask task) {
    task.parcel.close();
    completed.incrementAndGet();
    if (unended.decrementAndGet() == 0) {
      lock.lock();
      try {
        if (phase == Phase.RUNNING) return;
      } finally {
        lock.unlock();
      }
      supervisor.look();
    }
  }

  void cancel(PoolTask task, boolean mayInterrupt) {
    boolean waited;
    lock.lock();
    try {
      waited = queue.contains(task);
      if (waited) unqueue(task);
      else task.requestCancel(mayInterrupt);
    } finally {
      lock.unlock();
    }
    if (waited) {
      drop(task);
      return;
    }
    Lane lane = task.lane();
    if (lane != null) lane.cancel(task, mayInterrupt);
  }

  /** Its time is over: it is ended like a cancelled one, and its holder told when it has ended. */
  void timedOut(PoolTask task) {
    Lane lane = task.lane();
    task.deadline(
        new DeadlineException(
            "the task did not end within " + task.rules.timeout() + " of its start"));
    if (lane != null) lane.cancel(task, true);
  }

  /**
   * A task's worker died when the task had begun.
   *
   * @param itemsBegun of a batch: how many of its items may have begun
   */
  void lost(PoolTask task, int itemsBegun, WorkerDiedException death) {
    if (task instanceof BatchTask batch) {
      lostBatch(batch, itemsBegun, death);
      return;
    }
    task.crashes++;
    boolean again =
        task.crashes <= Math.min(1, task.rules.crashRetries())
            && !task.cancelRequested()
            && task.deadline() == null;
    if (again) {
      task.takenBack();
      putBack(List.of(task));
      return;
    }
    if (task.end()) {
      task.failed(task.instead(death));
      ended(task);
    }
  }

  /**
   * A task's worker died when it was about to read the task, which is big: of that, if it ran out
   * of memory, or if this happens again and again. Else it runs elsewhere.
   */
  void unread(PoolTask task, WorkerDiedException death) {
    task.unread++;
    boolean guilty =
        death.reason() == WorkerDiedException.Cause.OUT_OF_MEMORY || task.unread >= MAX_UNREAD;
    if (!guilty) putBack(List.of(task));
    else if (task.end()) {
      task.failed(task.instead(death));
      ended(task);
    }
  }

  /** What had begun is lost; what had not runs elsewhere. */
  private void lostBatch(BatchTask task, int itemsBegun, WorkerDiedException death) {
    if (!task.end()) return;
    Batch batch = task.batch();
    int begun = Math.clamp(itemsBegun, task.heard, task.size());
    for (int i = task.heard; i < begun; i++) batch.fail(task.from + i, death);
    boolean wanted = !task.cancelRequested() && !(batch.stopsAtFailure() && begun > task.heard);
    if (begun < task.size()) {
      try {
        if (wanted) enqueueRest(batchTask(task.rules, batch, task.from + begun, true));
        else batch.fail(new InterruptedException("cancelled before it began"));
      } catch (RuntimeException e) {
        batch.fail(e);
      }
    }
    ended(task);
  }

  private void enqueueRest(PoolTask rest) {
    unended.incrementAndGet();
    rest.parcel.sent();
    putBack(List.of(rest));
  }

  // ---- workers

  /** Starts and retires workers as the size, the queue and the rules of recycling ask. */
  void adjust(long now) {
    List<LiveWorker> starting = new ArrayList<>();
    List<LiveWorker> retiring = new ArrayList<>();
    boolean over = false;
    StartCacheMaker making = null;
    lock.lock();
    try {
      if (phase != Phase.RUNNING && unended.get() == 0) {
        making = cacheMaker;
        retiring.addAll(staff.workers);
        over = staff.workers.isEmpty();
      } else if (broken == null) {
        staff.recycle(retiring);
        staff.shrink(now, retiring);
        int missing = staff.missing(queue.size());
        for (int i = 0; i < missing && noStartBeforeNanos - now <= 0; i++) {
          var w =
              new LiveWorker(
                  this,
                  ++numbers,
                  new WorkerStart(
                      options.worker(),
                      options.size().concurrency(),
                      WorkerMain.class.getName(),
                      this::newCodec));
          staff.workers.add(w);
          starting.add(w);
        }
        live = List.copyOf(staff.workers);
      }
    } finally {
      lock.unlock();
    }
    for (LiveWorker w : starting) start(w);
    for (LiveWorker w : retiring) {
      if (w.state() == WorkerInfo.State.STARTING || w.state() == WorkerInfo.State.INITIALISING) {
        w.kill(WorkerEnd.RETIRED);
      } else {
        w.retire();
      }
    }
    if (!retiring.isEmpty()) aside.run(this::dispatch);
    if (making != null) making.stop();
    if (over) terminate();
  }

  private void start(LiveWorker worker) {
    try {
      Thread unused =
          Thread.ofPlatform()
              .name(name + "-" + worker.number)
              .daemon()
              .inheritInheritableThreadLocals(false)
              .start(worker);
    } catch (OutOfMemoryError e) {
      // No thread to be had: nobody would ever bury it. Perhaps there is one a second later.
      lock.lock();
      try {
        boolean unused = staff.workers.remove(worker);
        live = List.copyOf(staff.workers);
        noStartBeforeNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
      } finally {
        lock.unlock();
      }
      throw e;
    }
  }

  private void growIfUseful() {
    boolean useful;
    boolean activated;
    lock.lock();
    try {
      useful = broken == null && phase != Phase.TERMINATED && !queue.isEmpty();
      activated = useful && staff.useSpare(queue.size());
      useful = useful && staff.missing(queue.size()) > 0;
    } finally {
      lock.unlock();
    }
    if (useful) supervisor.look();
    if (activated) dispatch();
  }

  /** A worker can take tasks. */
  void ready(LiveWorker worker) {
    List<Lane> lanes = List.of();
    lock.lock();
    try {
      failedStarts = 0;
      int active = 0;
      int spares = 0;
      for (LiveWorker w : staff.workers) {
        if (w.active) active++;
        else if (w != worker && Staff.isSpare(w)) spares++;
      }
      boolean wanted =
          active < staff.workersWanted(queue.size())
              || active < options.size().max() && spares >= staff.sparesWanted();
      // It may have died meanwhile: then it has left already, and does so only once.
      // Or it has taken the place of another already.
      if (wanted && !worker.active && worker.state() == WorkerInfo.State.READY) {
        worker.active = true;
        worker.idleSinceNanos = System.nanoTime();
        lanes = worker.lanes();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (Lane lane : lanes) offer(lane);
    supervisor.look();
    makeCache(worker.startCache());
  }

  /** On the thread of a worker, which has time. */
  private void makeCache(@Nullable StartCache cache) {
    if (cache == null) return;
    startCache = cache;
    // Not under the lock: it looks at files.
    var maker =
        StartCacheMaker.start(name + "-start-cache", options.worker(), this::newCodec, cache);
    if (maker == null) return;
    lock.lock();
    try {
      // This worker is not buried yet, so the pool has not ended and will find it.
      cacheMaker = maker;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more is to be given to a worker: what comes back from one of its lanes neither. */
  void stopUsing(LiveWorker worker) {
    lock.lock();
    try {
      if (!worker.active) return;
      staff.leave(worker);
      worker.leavesPlace = true;
    } finally {
      lock.unlock();
    }
  }

  /** A worker takes nothing any more; a spare one takes its place at once. */
  void left(LiveWorker worker) {
    stopUsing(worker);
    lock.lock();
    try {
      if (!worker.hasLeft) slowDown(worker);
      worker.hasLeft = true;
      boolean wasActive = worker.leavesPlace;
      worker.leavesPlace = false;
      if (wasActive && phase != Phase.TERMINATED) {
        for (LiveWorker w : staff.workers) {
          if (Staff.isSpare(w)) {
            staff.activate(w);
            break;
          }
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    dispatch();
    supervisor.look();
  }

  /** A worker's process has ended and all that it had has been seen to. */
  void buried(LiveWorker worker) {
    lock.lock();
    try {
      boolean unused = staff.workers.remove(worker);
      live = List.copyOf(staff.workers);
      died++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    supervisor.look();
  }

  /** Workers that were ready and die one after the other of nothing are not replaced at once. */
  private void slowDown(LiveWorker worker) {
    if (!worker.wasReady()) {
      // How long in earnest is known with its exit; until then no other is to be started either.
      long soon = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
      if (noStartBeforeNanos - soon < 0) noStartBeforeNanos = soon;
      return;
    }
    long ended = completed.get();
    if (worker.assigned > 0 || worker.ageNanos() > YOUNG_NANOS) return;
    useless = ended == completedBefore ? useless + 1 : 1;
    completedBefore = ended;
    if (useless < MAX_FAILED_STARTS) return;
    long pause = TimeUnit.MILLISECONDS.toNanos(100L << Math.min(6, useless - MAX_FAILED_STARTS));
    noStartBeforeNanos = System.nanoTime() + pause;
  }

  /** A worker died before it could take tasks. */
  void startFailed(LiveWorker worker, Throwable cause) {
    List<PoolTask> waiting = List.of();
    PoolBrokenException verdict = null;
    lock.lock();
    try {
      if (phase != Phase.RUNNING && unended.get() == 0) return;
      if (!worker.refusedPipes()) failedStarts++;
      boolean others = false;
      for (LiveWorker w : staff.workers)
        others |= w != worker && w.state() == WorkerInfo.State.READY;
      long pause = TimeUnit.MILLISECONDS.toNanos(100L << Math.min(8, failedStarts));
      noStartBeforeNanos = System.nanoTime() + pause;
      if (failedStarts >= MAX_FAILED_STARTS && !others && broken == null) {
        verdict =
            new PoolBrokenException(
                failedStarts
                    + " workers of "
                    + name
                    + " ended before they were ready, the last one so: "
                    + cause.getMessage(),
                cause);
        broken = verdict;
        waiting = queue.clear();
        room.signalAll();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    for (PoolTask t : waiting) {
      if (t.end()) {
        t.failed(Objects.requireNonNull(verdict));
        ended(t);
      }
    }
  }

  /**
   * Waits until as many workers are ready as are always kept.
   *
   * @return false if the time ran out
   * @throws PoolBrokenException if none can be made ready
   */
  public boolean awaitReady(Duration atMost) throws InterruptedException {
    long left = Countable.of(atMost).toNanos();
    lock.lock();
    try {
      while (true) {
        refuse();
        int ready = 0;
        for (LiveWorker w : staff.workers) if (w.state() == WorkerInfo.State.READY) ready++;
        if (ready >= options.size().min() + options.size().spare()) return true;
        if (left <= 0) return false;
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** All live workers. */
  public List<WorkerInfo> workers() {
    List<WorkerInfo> all = new ArrayList<>();
    for (LiveWorker w : live) all.add(w.info());
    return all;
  }

  /** The threads of each live worker with their stacks, by process id; waits 5 s at most. */
  public Map<Long, String> threadDumps() throws InterruptedException {
    Map<LiveWorker, CompletableFuture<String>> asked = new LinkedHashMap<>();
    for (LiveWorker w : live) if (w.state() == WorkerInfo.State.READY) asked.put(w, w.dump());
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    Map<Long, String> dumps = new LinkedHashMap<>();
    for (var e : asked.entrySet()) {
      String text;
      try {
        text = e.getValue().get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (java.util.concurrent.TimeoutException | java.util.concurrent.ExecutionException x) {
        text = "no answer: " + x;
      }
      dumps.put(e.getKey().pid(), text);
    }
    return dumps;
  }

  // ---- the end

  @Override
  public void shutdown() {
    lock.lock();
    try {
      if (phase == Phase.RUNNING) phase = Phase.SHUTDOWN;
      room.signalAll();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    supervisor.look();
  }

  @Override
  public List<Runnable> shutdownNow() {
    List<PoolTask> waiting;
    lock.lock();
    try {
      stopping = true;
      waiting = queue.clear();
    } finally {
      lock.unlock();
    }
    shutdown();
    List<Runnable> never = new ArrayList<>();
    List<PoolTask> unbegun = new ArrayList<>(waiting);
    for (LiveWorker w : live) for (Lane l : w.lanes()) unbegun.addAll(l.cancelAll());
    for (PoolTask t : unbegun) {
      never.add(t.asRunnable());
      // A scope waits for its jobs; the holders of futures find them in the list.
      if (t.end()) {
        if (t.asRunnable() instanceof Job)
          t.failed(
              new RejectedExecutionException(
                  "the engine was shut down before the task began: " + this));
        ended(t);
      }
    }
    return never;
  }

  private void terminate() {
    StartCacheMaker making;
    lock.lock();
    try {
      if (phase == Phase.TERMINATED) return;
      phase = Phase.TERMINATED;
      making = cacheMaker;
    } finally {
      lock.unlock();
    }
    if (making != null) making.stopAndWait();
    supervisor.stop();
    aside.stop();
    listeners.stop();
    terminated.countDown();
  }

  @Override
  public boolean isShutdown() {
    lock.lock();
    try {
      return phase != Phase.RUNNING;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isTerminated() {
    return terminated.getCount() == 0;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return terminated.await(timeout, unit);
  }

  @Override
  public Reading reading() {
    var figures = new LinkedHashMap<String, Object>();
    lock.lock();
    try {
      figures.put("workers", staff.workers.size());
      figures.put("queued", queue.size());
      figures.put("queuedBytes", queue.bytes());
      figures.put("unended", unended.get());
      figures.put("ended", completed.get());
      figures.put("buried", died);
    } finally {
      lock.unlock();
    }
    StartCache cache = startCache;
    if (cache != null) figures.put("startCache", cache.state());
    return new Reading("processes", name, figures);
  }

  @Override
  public String toString() {
    return name + " (" + options.size().max() + " workers)";
  }
}
