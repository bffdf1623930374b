package dev.brigade.task;

import dev.brigade.engine.Engine;
import dev.brigade.engine.EngineThread;
import dev.brigade.time.TimeSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * Design. For items that compute: workers take several items at a time, as many as should last
 * CHUNK_NANOS by the latest measurement, and fewer towards the end, so that all workers end together.
 *
 * It begins with one worker. Others join when what remains, by its measurement, is worth it: a map
 * of less than SEQUENTIAL_NANOS stays on one thread. Should the first item alone last longer than
 * that, the waiting caller brings in the others. Time here is always real time.
 *
 * With a trial, the caller and the workers look at what the work is. Until that is known chunks are
 * small, since a chunk whose items turn out to wait is still done one by one. Once the work is to go on
 * elsewhere, workers leave after their chunk, all of them or those that are too many.
 */
/** Workers take chunks that are sized by measured time. */
final class ChunkingCrew<A, R> extends Crew<A, R> {
  private static final long CHUNK_NANOS = 250_000;
  private static final long SEQUENTIAL_NANOS = 500_000;
  private static final long FIRST_PAUSE_NANOS = 250_000;
  private static final long LAST_PAUSE_NANOS = 2_000_000;
  private static final long SMALL_CHUNK_NANOS = 20_000;

  private final Items<A> items;
  private final AtomicInteger next;
  private final @Nullable MeasuredCrew<A, R> measured;
  private final @Nullable Trial trial;
  private final AtomicInteger workers = new AtomicInteger();
  private final Taker worker = new Taker();
  private volatile long itemNanos;
  private volatile @Nullable Waiter caller;
  private volatile boolean watching;

  ChunkingCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      int width) {
    super(scope, f, rule, width);
    this.items = items;
    this.next = new AtomicInteger();
    this.measured = null;
    this.trial = null;
  }

  /** On the cores, as the first workers of a crew whose work is on trial. */
  ChunkingCrew(MeasuredCrew<A, R> of, Items<A> items, AtomicInteger next, Trial trial, int width) {
    super(of.scope, Engine.cores(), of.f, of.rule, width);
    this.items = items;
    this.next = next;
    this.measured = of;
    this.trial = trial;
  }

  @Override
  void run() throws InterruptedException {
    if (items.size() == 0) return;
    var first = new Waiter(TimeSource.system());
    caller = first;
    addWorker();
    boolean onOwnEngine =
        Thread.currentThread() instanceof EngineThread e && e.engine().traits() == engine.traits();
    if (width == 1 && trial == null || onOwnEngine) return;
    if (!first.await("the first items", first.time().after(SEQUENTIAL_NANOS)))
      while (addWorker()) {}
    if (trial != null) watch(trial);
  }

  /** Ends when the work is known or nothing is left to be started. */
  private void watch(Trial open) throws InterruptedException {
    watching = true;
    for (long pause = FIRST_PAUSE_NANOS; open.isOpen() && !stopped(); ) {
      var w = new Waiter(TimeSource.system());
      caller = w;
      if (next.get() >= items.size()) return;
      Trial.pause(w, pause);
      pause = Math.min(LAST_PAUSE_NANOS, pause + pause / 4);
      look(open);
    }
  }

  private void look(Trial open) {
    if (open.look() instanceof Trial.Move m && measured != null) measured.moved(m);
  }

  private boolean addWorker() {
    int w = workers.get();
    if (w >= width || next.get() >= items.size() || stopped()) return false;
    if (!workers.compareAndSet(w, w + 1)) return true;
    fork(worker);
    return true;
  }

  void tellCaller() {
    Waiter c = caller;
    if (c == null) return;
    caller = null;
    boolean unused = c.signal();
  }

  /** After its workers stood aside. */
  void resume() {
    for (int i = 0; i < Math.min(width, trial == null ? width : trial.staying()); i++)
      if (!addWorker()) return;
  }

  /** Runs what another engine refused, as a worker of its own. */
  void forkRange(int from, int to, AtomicInteger done) {
    fork(new Range(from, to, done));
  }

  private final class Range extends Worker {
    private final int from;
    private final int to;
    private final AtomicInteger done;

    Range(int from, int to, AtomicInteger done) {
      this.from = from;
      this.to = to;
      this.done = done;
    }

    @Override
    void work() throws Exception {
      for (int i = from; i < to && !stopped(); i++) {
        item(i, items.get(i));
        done.getAndIncrement();
      }
    }
  }

  @Override
  boolean complete() {
    return ended.get() == items.size();
  }

  private final class Taker extends Worker {
    @Override
    void work() throws Exception {
      int n = items.size();
      int done = 0;
      Trial.Seat seat = null;
      if (trial != null) {
        seat = trial.enter();
        if (seat == null) return;
      }
      try {
        while (!stopped() && (trial == null || !leave(trial))) {
          int remaining = n - next.get();
          if (remaining <= 0) break;
          int chunk = chunk(remaining, done);
          int from = next.getAndAdd(chunk);
          if (from >= n || from < 0) break;
          int to = Math.min(n, from + chunk);
          long start = System.nanoTime();
          int i = from;
          if (seat != null) seat.begins();
          for (; i < to && !stopped(); i++) item(i, items.get(i));
          done += i - from;
          if (seat != null) seat.ended(i - from);
          measured((System.nanoTime() - start) / (to - from), n - to);
          if (trial != null) look(trial);
        }
      } finally {
        if (seat != null) seat.leave();
      }
      ended.getAndAdd(done);
      tellCaller();
    }

    private boolean leave(Trial decided) {
      if (decided.isOver()) return true;
      for (int w = workers.get(); w > decided.staying(); w = workers.get())
        if (workers.compareAndSet(w, w - 1)) return true;
      return false;
    }

    private int chunk(int remaining, int done) {
      long each = itemNanos;
      if (each == 0) return 1;
      long byTime = CHUNK_NANOS / Math.max(1, each);
      long fair = remaining / (2L * width);
      // A few cheap items first must not make a huge chunk of dear ones.
      long trusted = 1 + 4L * done;
      if (trial != null && trial.isOpen()) byTime = SMALL_CHUNK_NANOS / Math.max(1, each);
      return (int) Math.max(1, Math.min(trusted, Math.min(byTime, fair)));
    }

    private void measured(long nanosEach, int remaining) {
      long before = itemNanos;
      itemNanos = Math.max(1, before == 0 ? nanosEach : (before + nanosEach) / 2);
      // The caller need not wait any longer: from here on measurements decide.
      if (!watching) tellCaller();
      int room = trial == null ? width : Math.min(width, trial.staying());
      if (workers.get() < room && itemNanos * (double) remaining > SEQUENTIAL_NANOS) {
        boolean unused = addWorker();
      }
    }
  }
}
