package dev.brigade.task;

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
 */
/** Workers take chunks that are sized by measured time. */
final class ChunkingCrew<A, R> extends Crew<A, R> {
  private static final long CHUNK_NANOS = 250_000;
  private static final long SEQUENTIAL_NANOS = 500_000;

  private final Items<A> items;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger workers = new AtomicInteger();
  private final Taker worker = new Taker();
  private volatile long itemNanos;
  private volatile @Nullable Waiter caller;

  ChunkingCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      int width) {
    super(scope, f, rule, width);
    this.items = items;
  }

  @Override
  void run() throws InterruptedException {
    if (items.size() == 0) return;
    var measured = new Waiter(TimeSource.system());
    caller = measured;
    addWorker();
    boolean onOwnEngine =
        Thread.currentThread() instanceof EngineThread e
            && e.engine().traits() == scope.engine.traits();
    if (width == 1 || onOwnEngine) return;
    if (!measured.await("the first items", measured.time().after(SEQUENTIAL_NANOS)))
      while (addWorker()) {}
  }

  private boolean addWorker() {
    int w = workers.get();
    if (w >= width || next.get() >= items.size() || stopped()) return false;
    if (!workers.compareAndSet(w, w + 1)) return true;
    fork(worker);
    return true;
  }

  private void tellCaller() {
    Waiter c = caller;
    if (c == null) return;
    caller = null;
    boolean unused = c.signal();
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
      while (!stopped()) {
        int remaining = n - next.get();
        if (remaining <= 0) break;
        int chunk = chunk(remaining, done);
        int from = next.getAndAdd(chunk);
        if (from >= n || from < 0) break;
        int to = Math.min(n, from + chunk);
        long start = System.nanoTime();
        int i = from;
        for (; i < to && !stopped(); i++) item(i, items.get(i));
        done += i - from;
        measured((System.nanoTime() - start) / (to - from), n - to);
      }
      ended.getAndAdd(done);
      tellCaller();
    }

    private int chunk(int remaining, int done) {
      long each = itemNanos;
      if (each == 0) return 1;
      long byTime = CHUNK_NANOS / Math.max(1, each);
      long fair = remaining / (2L * width);
      // A few cheap items first must not make a huge chunk of dear ones.
      long trusted = 1 + 4L * done;
      return (int) Math.max(1, Math.min(trusted, Math.min(byTime, fair)));
    }

    private void measured(long nanosEach, int remaining) {
      long before = itemNanos;
      itemNanos = Math.max(1, before == 0 ? nanosEach : (before + nanosEach) / 2);
      // The caller need not watch any longer: from here on measurements decide.
      tellCaller();
      if (workers.get() < width && itemNanos * (double) remaining > SEQUENTIAL_NANOS) {
        boolean unused = addWorker();
      }
    }
  }
}
