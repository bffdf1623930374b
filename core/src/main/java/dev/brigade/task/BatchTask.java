package dev.brigade.task;

import dev.brigade.engine.Batch;
import dev.brigade.observe.Observers;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Design. A batch is carried by one task of the scope, which stands for it in the list of children,
 * in snapshots, and when something is cancelled; the items have none of their own, and what is told
 * of them goes to the owner at once. An engine that reports on the whole, or runs it like a task of
 * this JVM, is served as well: then the items are told of when the task ends.
 *
 * Invariants.
 *  B1 Each item is told once (BatchReports), as a success, a failure or cancelled.
 *  B2 The carrying task ends after the last item has been told, so the scope does not close before:
 *     it is ended by whoever tells the last one. It may end earlier only where no item can be told
 *     any more by others: dropped before it began, or run in this JVM; then its end tells the rest.
 *  B3 A report counts only once the task has started elsewhere, as N5 has it for single tasks.
 *  B4 Of an item that throws after the task was claimed the claim decides, an Error excepted (N4).
 *  B5 What was never run though nobody cancelled it, because an item left an interrupt behind,
 *     goes out again, in a new batch that is forked before this one ends.
 */
/** Several neighbouring items, under way together. */
final class BatchTask<A, R>
    implements Batch, Callable<BatchWork.Results>, ForkSite.Wrapper, Consumer<Outcome<?>> {
  private final BatchOwner<A, R> owner;
  private final @Nullable Object[] items;
  private final int offset;
  private final int size;
  private final BatchReports reports;
  private final AtomicInteger cut = new AtomicInteger();
  private @Nullable TaskNode<?> task;
  private volatile long startNanos;
  private volatile boolean costTold;

  /** The first that threw and cut the batch short, for the end of the task. */
  private volatile @Nullable Throwable thrown;

  /** Of all items of the owner, which of them is this batch's first. */
  final long first;

  BatchTask(BatchOwner<A, R> owner, long first, @Nullable Object[] items, int offset, int size) {
    this.owner = owner;
    this.first = first;
    this.items = items;
    this.offset = offset;
    this.size = size;
    this.reports = new BatchReports(size);
  }

  /** Called once, before anything else can happen to the task. */
  BatchTask<A, R> carriedBy(TaskNode<?> carrier) {
    task = carrier;
    startNanos = System.nanoTime();
    var unused = carrier.watch(this);
    return this;
  }

  private TaskNode<?> task() {
    return Objects.requireNonNull(task);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // as its owner put it there
  A get(int index) {
    return (A) items[offset + index];
  }

  /** How many items returned or failed, when all is over. */
  int endedItems() {
    return size - cut.get();
  }

  // ---- what engines ask

  @Override
  public int size() {
    return size;
  }

  @Override
  public Object function() {
    return owner.f();
  }

  @Override
  public @Nullable Object item(int index) {
    return items[offset + Objects.checkIndex(index, size)];
  }

  @Override
  public boolean stopsAtFailure() {
    return owner.stopsAtFailure();
  }

  @Override
  public Callable<?> work() {
    return new BatchWork<>(
        owner.f(), Arrays.copyOfRange(items, offset, offset + size), stopsAtFailure());
  }

  /** As the work of its task, in this JVM. */
  @Override
  public BatchWork.Results call() {
    return new BatchWork<A, R>(
            owner.f(), Arrays.copyOfRange(items, offset, offset + size), stopsAtFailure())
        .call();
  }

  @Override
  public Object wrapped() {
    return owner.f();
  }

  @Override
  public void run() {
    task().run();
  }

  @Override
  public boolean tryStart() {
    if (!task().tryStart()) return false;
    startNanos = System.nanoTime();
    return true;
  }

  @Override
  public void onCancel(Consumer<? super String> action) {
    task().onCancel(action);
  }

  // ---- what engines report

  @Override
  public void cost(long runNanos, long overheadNanos) {
    if (costTold) return;
    costTold = true;
    owner.sizes().ended(size, runNanos, overheadNanos);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void succeed(int index, @Nullable Object value) {
    if (!begun() || !reports.claim(index)) return;
    tellSuccess(index, (R) value);
    told(1);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void succeed(int index, @Nullable Object[] values, int count) {
    Objects.checkFromIndexSize(index, count, size);
    if (!begun()) return;
    int told = 0;
    int end = index + count;
    for (int at = index; at < end; ) {
      int word = at >>> 6;
      int next = Math.min(end, (word + 1) << 6);
      long wanted = (-1L >>> (64 - (next - at))) << at;
      for (long mine = reports.claimWord(word, wanted); mine != 0; mine &= mine - 1) {
        int item = (word << 6) + Long.numberOfTrailingZeros(mine);
        tellSuccess(item, (R) values[item - index]);
        told++;
      }
      at = next;
    }
    told(told);
  }

  @Override
  public void fail(int index, Throwable failure) {
    Objects.requireNonNull(failure, "failure");
    if (!begun() || !reports.claim(index)) return;
    tellFailure(index, failure);
    told(1);
  }

  @Override
  public void succeed(@Nullable Object value) {
    if (!begun()) return;
    told(tellResults(value));
  }

  @Override
  public void fail(Throwable failure) {
    Objects.requireNonNull(failure, "failure");
    if (!begun()) return;
    told(tellRest(failure));
  }

  /** Whether it runs elsewhere; a report is as good as a start, unless it was dropped. */
  private boolean begun() {
    return task().runsElsewhere() || tryStart() || task().runsElsewhere();
  }

  private void told(int n) {
    if (n == 0 || !reports.told(n)) return;
    if (!costTold) owner.sizes().ended(size, System.nanoTime() - startNanos);
    Throwable t = thrown;
    if (t == null) task().succeed(null);
    else task().fail(t);
  }

  // ---- telling what was claimed

  private void tellSuccess(int index, @Nullable R value) {
    try {
      if (Observers.present()) seen(index, null, false);
      owner.succeeded(this, index, value);
    } catch (Throwable t) {
      owner.scope().cancelForFailure(t);
    }
  }

  private void tellFailure(int index, Throwable t) {
    Claim c = task().claimOrNull();
    if (t instanceof Error) c = null;
    if (Observers.present()) seen(index, t, c != null);
    if (c != null) {
      tellCancelled(index, c, t);
      lost(t);
      return;
    }
    try {
      if (!owner.failed(this, index, t)) return;
      if (thrown == null) thrown = t;
      owner.scope().cancelForFailure(t);
    } catch (Throwable broken) {
      owner.scope().cancelForFailure(broken);
    }
  }

  private void tellCancelled(int index, Claim c, Throwable t) {
    cut.getAndIncrement();
    try {
      owner.cancelled(this, index, c.reason, t);
    } catch (Throwable broken) {
      owner.scope().cancelForFailure(broken);
    }
  }

  /** What a cancelled item threw; the task's end brings the first such to the scope. */
  private void lost(Throwable t) {
    if (thrown == null) thrown = t;
    else if (t != thrown && !Failures.isInterrupt(t)) owner.scope().lost(t);
  }

  /** Of all that have no report yet. */
  private int tellRest(Throwable t) {
    int n = 0;
    for (int w = 0; w < reports.words(); w++) {
      for (long bits = reports.claimWord(w); bits != 0; bits &= bits - 1) {
        int index = (w << 6) + Long.numberOfTrailingZeros(bits);
        n++;
        if (task().claimOrNull() instanceof Claim c && (n > 1 || !(t instanceof Error)))
          tellCancelled(index, c, t);
        else tellFailure(index, t);
      }
    }
    if (n > 0 && thrown == null && task().claimOrNull() != null) thrown = t;
    return n;
  }

  private int tellResults(@Nullable Object value) {
    if (!(value instanceof BatchWork.Results results))
      return tellRest(
          new IllegalStateException(
              "the engine reported a batch by something else than what its work returned: "
                  + value));
    @Nullable Object[] values = results.values();
    int told = 0;
    for (int i = 0; i < Math.min(values.length, size); i++) {
      if (!reports.claim(i)) continue;
      told++;
      tellValue(i, values[i]);
    }
    tellCost(results.runNanos());
    return values.length < size ? told + tellNotRun(values.length) : told;
  }

  @SuppressWarnings("unchecked")
  private void tellValue(int index, @Nullable Object value) {
    if (value instanceof BatchWork.Thrown(Throwable failure)) tellFailure(index, failure);
    else tellSuccess(index, (R) value);
  }

  private void tellCost(long runNanos) {
    cost(runNanos, System.nanoTime() - startNanos - runNanos);
  }

  private int tellNotRun(int from) {
    int claimed = 0;
    int begin = from;
    for (int i = from; i < size; i++) {
      if (reports.claim(i)) {
        claimed++;
        continue;
      }
      again(begin, i);
      begin = i + 1;
    }
    again(begin, size);
    return claimed;
  }

  private void again(int from, int to) {
    if (from == to) return;
    Claim c = task().claimOrNull();
    if (c != null) {
      var never = new InterruptedException("cancelled before it began");
      for (int i = from; i < to; i++) tellCancelled(i, c, never);
      return;
    }
    cut.getAndAdd(to - from);
    try {
      owner.again(new BatchTask<>(owner, first + from, items, offset + from, to - from));
    } catch (Throwable t) {
      owner.scope().cancelForFailure(t);
    }
  }

  private void seen(int index, @Nullable Throwable failure, boolean cancelled) {
    long number = Observers.nextNumber();
    Events.itemStarted(owner.scope(), number, first + index);
    Events.itemEnded(owner.scope(), number, first + index, failure, cancelled);
  }

  // ---- the end of the task

  /** Its outcome can be seen; the scope has not been told. */
  @Override
  public void accept(Outcome<?> outcome) {
    try {
      if (!reports.isOver()) {
        int unused =
            switch (outcome) {
              case Outcome.Success<?>(Object value) -> tellResults(value);
              case Outcome.Failed<?>(Throwable failure) -> tellRest(failure);
              case Outcome.Cancelled<?>(CancelledException why) -> tellRest(why);
            };
      }
    } finally {
      owner.ended(this);
    }
  }
}
