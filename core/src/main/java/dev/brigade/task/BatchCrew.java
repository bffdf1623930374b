package dev.brigade.task;

import java.util.Iterator;
import java.util.Objects;
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
  private boolean exhausted;
  private int pulled;

  BatchCrew(
      TaskScope scope,
      Items<A> items,
      Fn<? super A, ? extends R, ?> f,
      Rule<A, R> rule,
      int width) {
    super(scope, f, rule, width);
    this.items = items;
    this.places = new Places(width);
    this.stops = rule.stopsAtFailure();
  }

  @Override
  void run() throws InterruptedException {
    if (items.known() != null) handOut(items.known());
    else handOut(Objects.requireNonNull(items.pulled()));
  }

  private void handOut(@Nullable Object[] known) throws InterruptedException {
    while (pulled < known.length) {
      places.awaitFree();
      if (stopped()) return;
      int from = pulled;
      int size = sizes.next(known.length - from, width);
      pulled = from + size;
      places.take();
      scope.fork(new BatchTask<>(this, from, known, from, size));
    }
    exhausted = true;
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
        if (waiting.add(item) instanceof BatchTask<A, R> full) scope.fork(full);
      }
      exhausted = true;
      while (!waiting.isEmpty()) {
        places.awaitFree();
        if (stopped()) return;
        if (waiting.takeIfFree() instanceof BatchTask<A, R> last) scope.fork(last);
      }
    }
  }

  @Override
  boolean complete() {
    return exhausted && ended.get() == pulled;
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
    return rule.failure((int) batch.first + item, thrown, scope);
  }

  @Override
  public void cancelled(BatchTask<A, R> batch, int item, CancelReason reason, Throwable thrown) {}

  @Override
  public void again(BatchTask<A, R> rest) {
    places.take();
    scope.fork(rest);
  }

  @Override
  public void ended(BatchTask<A, R> batch) {
    ended.getAndAdd(batch.endedItems());
    places.giveBack();
    BatchPending<A, R> p = pending;
    if (p != null) p.placeIsFree();
  }
}
