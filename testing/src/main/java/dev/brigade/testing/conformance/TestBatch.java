package dev.brigade.testing.conformance;

import dev.brigade.engine.Batch;
import dev.brigade.task.Fn;
import dev.brigade.task.Outcome;
import dev.brigade.task.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A batch that counts what an engine does to it, and forgives nothing; guarded by its monitor. */
final class TestBatch implements Batch {
  final AtomicInteger starts = new AtomicInteger();
  final CountDownLatch ended = new CountDownLatch(1);
  private final Fn<Integer, ?, ?> f;
  private final int size;
  private final boolean stops;
  private final boolean mayStart;
  private final int[] reports;
  private final @Nullable Outcome<?>[] outcomes;
  private final List<String> complaints = new ArrayList<>();
  private boolean cancelled;
  private boolean costTold;
  private int left;
  private @Nullable Consumer<? super String> onCancel;

  TestBatch(int size, Fn<Integer, ?, ?> f, boolean stops, boolean mayStart) {
    this.f = f;
    this.size = size;
    this.stops = stops;
    this.mayStart = mayStart;
    this.reports = new int[size];
    this.outcomes = new Outcome<?>[size];
    this.left = size;
  }

  /** What was wrong so far. */
  synchronized List<String> complaints() {
    return List.copyOf(complaints);
  }

  synchronized @Nullable Outcome<?> outcome(int index) {
    return outcomes[index];
  }

  /** How many items have no report. */
  synchronized int left() {
    return left;
  }

  @Override
  public void run() {
    if (tryStart()) succeed(new Whole(f, size, stops).call());
  }

  /** All items, for an engine that does not know batches. */
  private record Whole(Fn<Integer, ?, ?> f, int size, boolean stops)
      implements Work<ArrayList<Outcome<?>>, RuntimeException> {
    @Override
    public ArrayList<Outcome<?>> call() {
      var all = new ArrayList<Outcome<?>>();
      boolean go = true;
      for (int i = 0; i < size && go; i++) {
        Outcome<?> outcome = one(i);
        all.add(outcome);
        Throwable failure = outcome.failureOrNull();
        go = failure == null || !stops && !(failure instanceof InterruptedException);
      }
      return all;
    }

    private Outcome<?> one(int item) {
      try {
        return new Outcome.Success<>(f.apply(item));
      } catch (Throwable e) {
        return new Outcome.Failed<>(e);
      }
    }
  }

  @Override
  public Callable<?> work() {
    return new Whole(f, size, stops);
  }

  @Override
  public boolean tryStart() {
    starts.incrementAndGet();
    return mayStart;
  }

  @Override
  public void onCancel(Consumer<? super String> action) {
    boolean now;
    synchronized (this) {
      onCancel = action;
      now = cancelled;
    }
    if (now) action.accept("enough");
  }

  void cancel() {
    Consumer<? super String> action;
    synchronized (this) {
      cancelled = true;
      action = onCancel;
    }
    if (action != null) action.accept("enough");
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public Object function() {
    return f;
  }

  @Override
  public Object item(int index) {
    return index;
  }

  @Override
  public boolean stopsAtFailure() {
    return stops;
  }

  @Override
  public void succeed(int index, @Nullable Object value) {
    report(index, success(value));
  }

  @SuppressWarnings("NullAway") // null is a legal result
  private static Outcome<?> success(@Nullable Object value) {
    return new Outcome.Success<>(value);
  }

  @Override
  public void fail(int index, Throwable failure) {
    report(index, new Outcome.Failed<>(failure));
  }

  private synchronized void report(int index, Outcome<?> outcome) {
    if (++reports[index] > 1) {
      complaints.add("item " + index + " was reported twice");
      return;
    }
    outcomes[index] = outcome;
    if (--left == 0) ended.countDown();
  }

  @Override
  public synchronized void succeed(@Nullable Object value) {
    if (!(value instanceof List<?> all)) {
      complaints.add("the work's own result was not reported, but " + value);
      ended.countDown();
      return;
    }
    for (int i = 0; i < all.size(); i++) report(i, (Outcome<?>) all.get(i));
    if (left > 0) fail(new InterruptedException("never begun"));
  }

  /** May come when all is told. */
  @Override
  public synchronized void fail(Throwable failure) {
    for (int i = 0; i < size; i++) if (reports[i] == 0) fail(i, failure);
  }

  @Override
  public synchronized void cost(long runNanos, long overheadNanos) {
    if (costTold) complaints.add("the cost was told twice");
    if (left == 0) complaints.add("the cost was told after the end");
    if (runNanos < 0 || overheadNanos < 0)
      complaints.add("a cost was negative: " + runNanos + " and " + overheadNanos);
    costTold = true;
  }
}
