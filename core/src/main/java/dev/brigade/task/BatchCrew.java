package dev.brigade.task;

import dev.brigade.engine.Engine;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * For an engine elsewhere whose tasks are too dear for small items: several items go out together,
 * as many as their measured cost says, at most `width` batches at once. Of an input of unknown
 * length at most `width` batches' items are pulled and not ended.
 */
final class BatchCrew<A, R> extends Crew<A, R> implements BatchOwner<A, R> {
  private final Items<A> items;
  private final BatchSizes sizes = new BatchSizes();
  private final Places places;
  private final boolean stops;
  private volatile @Nullable BatchPending<A, R> pending;
  private final AtomicInteger next;
  private boolean exhausted;
  private int pulled;

  BatchCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      int width) {
    this(scope, scope.engine, items, new AtomicInteger(), f, rule, width);
  }

  /** On another engine than the scope's, of items that others take as well. */
  BatchCrew(
      TaskScope scope,
      Engine engine,
      Items<A> items,
      AtomicInteger next,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      int width) {
    super(scope, engine, f, rule, width);
    this.items = items;
    this.next = next;
    this.places = new Places(width);
    this.stops = rule.stopsAtFailure();
  }

  /** What to do with items that the engine refused. */
  interface Refused {
    void run(int from, int to);
  }

  @Override
  void run() throws InterruptedException {
    if (items.known() == null) handOut(Objects.requireNonNull(items.pulled()));
    else while (awaitPlace()) fork(take());
  }

  /** False if no items are left, or none is to begin any more. */
  boolean awaitPlace() throws InterruptedException {
    if (next.get() >= items.size()) return false;
    places.awaitFree();
    return next.get() < items.size() && !stopped();
  }

  /** The next batch and a place for it; null if others were faster. */
  private @Nullable BatchTask<A, R> take() {
    int size = sizes.next(Math.max(1, items.size() - next.get()), width);
    int from = next.getAndAdd(size);
    int n = Math.min(size, items.size() - from);
    if (from < 0 || n <= 0) return null;
    places.take();
    return new BatchTask<>(this, from, Objects.requireNonNull(items.known()), from, n);
  }

  /**
   * Hands out one batch.
   *
   * @return why the engine refused it, or null if it did not
   */
  @Nullable String handOutOne(Refused refused) {
    BatchTask<A, R> batch = take();
    if (batch == null) return null;
    try {
      fork(batch);
      return null;
    } catch (RejectedExecutionException e) {
      refused.run((int) batch.first, (int) batch.first + batch.size());
      return String.valueOf(e.getMessage());
    }
  }

  void awaitNoneOut() throws InterruptedException {
    places.awaitAtMost(0);
  }

  private void handOut(Iterator<? extends A> input) throws InterruptedException {
    try (var waiting = new BatchPending<A, R>(this, places)) {
      pending = waiting;
      while (true) {
        places.awaitFree();
        if (stopped()) return;
        if (!input.hasNext()) break;
        A item = input.next();
        pulled++;
        if (waiting.add(item) instanceof BatchTask<A, R> full) fork(full);
      }
      exhausted = true;
      while (!waiting.isEmpty()) {
        places.awaitFree();
        if (stopped()) return;
        if (waiting.takeIfFree() instanceof BatchTask<A, R> last) fork(last);
      }
    }
  }

  @Override
  boolean complete() {
    return items.known() != null ? ended.get() == items.size() : exhausted && ended.get() == pulled;
  }

  // ---- what the batches ask and tell

  @Override
  public TaskScope scope() {
    return scope;
  }

  @Override
  public Fn<? super A, ? extends R, ?> f() {
    return f;
  }

  @Override
  public BatchSizes sizes() {
    return sizes;
  }

  /** Of items whose number is not known. */
  @Override
  public int wanted() {
    return sizes.next();
  }

  @Override
  public boolean stopsAtFailure() {
    return stops;
  }

  @Override
  public void succeeded(BatchTask<A, R> batch, int item, @Nullable R value) {
    rule.success((int) batch.first + item, value, scope);
  }

  @Override
  public boolean failed(BatchTask<A, R> batch, int item, Throwable thrown) {
    Failures.seen(thrown);
    return rule.failure((int) batch.first + item, thrown, scope);
  }

  @Override
  public void cancelled(BatchTask<A, R> batch, int item, CancelReason reason, Throwable thrown) {}

  @Override
  public void fork(@Nullable BatchTask<A, R> batch) {
    if (batch != null) scope.fork(batch, engine);
  }

  @Override
  public void again(BatchTask<A, R> rest) {
    places.take();
    fork(rest);
  }

  @Override
  public void ended(BatchTask<A, R> batch) {
    ended.getAndAdd(batch.endedItems());
    places.giveBack();
    BatchPending<A, R> p = pending;
    if (p != null) p.placeIsFree();
  }
}
