package dev.brigade.task;

import dev.brigade.engine.Traits;
import dev.brigade.time.TimeSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * Design. A supervised scope whose body is the loop over this object, so it is opened and closed
 * around it. Guarded by the monitor: ready, early, taker. Owned by the iterating thread: everything
 * else. Invariant: items pulled and not yet handed out <= limit, or limit batches' items on an
 * engine that takes several at a time.
 */
/**
 * Outcomes as they come, or in order: what {@link Tasks#asCompleted} and {@link Tasks#inOrder}
 * return. It is open: close it by try-with-resources, or let the enclosing scope do it. To be used
 * by the thread that opened it, and iterated once.
 *
 * @param <A> the items
 * @param <R> the results
 */
public final class Completions<A, R> implements Iterable<Completion<A, R>>, AutoCloseable {
  private final TaskScope scope;
  private final Thread owner = Thread.currentThread();
  private final Items<A> items;
  private final Fn<? super A, ? extends R, ?> f;
  private final boolean ordered;
  private final int limit;
  private final Iterator<? extends A> input;
  private boolean iterated;
  private boolean closed;
  private long pulled;
  private long taken;

  private final ArrayDeque<Completion<A, R>> ready = new ArrayDeque<>();
  private final Map<Long, Completion<A, R>> early = new HashMap<>();
  private long nextInOrder;
  private @Nullable Waiter taker;
  private final @Nullable Batches batches;

  static <A, R> Completions<A, R> open(
      Choices choices, Items<A> items, Fn<? super A, ? extends R, ?> f, boolean ordered) {
    UnderPolicy<A, R> under = UnderPolicy.of(choices, f);
    return under == null
        ? new Completions<>(choices, items, f, ordered)
        : new Completions<>(under.choices(), items, under, ordered);
  }

  private Completions(
      Choices choices, Items<A> items, Fn<? super A, ? extends R, ?> f, boolean ordered) {
    this.items = items;
    this.f = f;
    this.ordered = ordered;
    this.limit = choices.width();
    this.input = items.iterator();
    this.scope = TaskScope.openTold(choices, items);
    Traits traits = scope.engine.traits();
    this.batches = traits.chunked() && !traits.sharesJvm() ? new Batches() : null;
    scope.isScopeOf(this);
  }

  /**
   * The one iterator. Its methods wait, and throw {@link CancelledException} when the thread is
   * interrupted or cancelled, with the interrupt flag set again.
   */
  @Override
  public Iterator<Completion<A, R>> iterator() {
    if (iterated) throw new IllegalStateException("completions can be iterated only once");
    iterated = true;
    return new Iterator<>() {
      private @Nullable Completion<A, R> next;

      @Override
      public boolean hasNext() {
        if (next == null) next = take();
        return next != null;
      }

      @Override
      public Completion<A, R> next() {
        if (!hasNext()) throw new NoSuchElementException();
        Completion<A, R> n = Objects.requireNonNull(next);
        next = null;
        return n;
      }
    };
  }

  private @Nullable Completion<A, R> take() {
    if (Thread.currentThread() != owner)
      throw new IllegalStateException(
          "completions belong to the thread that opened them, " + owner);
    if (closed)
      throw new IllegalStateException(
          "the completions are closed, or what encloses them is; iterate before");
    refuseWhenCancelled();
    try {
      if (batches != null) batches.pull();
      else
        while (pulled - taken < limit && input.hasNext()) {
          fork(pulled, input.next());
          pulled++;
        }
      if (taken == pulled) return null;
      refuseWhenCancelled();
      Completion<A, R> next = await();
      taken++;
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException(
          new CancelReason(
              CancelReason.Kind.INTERRUPTED, "interrupted while waiting for an outcome", e));
    }
  }

  /** After a cancellation from further out there are no outcomes worth having. */
  private void refuseWhenCancelled() {
    Claim c = scope.claimOrNull();
    CancelReason reason = c != null ? c.reason : Waiter.cancellation();
    if (reason != null) throw new CancelledException(reason);
  }

  private void fork(long index, A item) {
    TaskNode<R> task = scope.fork(null, scope.engine, new RemoteCrew.Apply<>(f, item), 0);
    task.onDone(o -> ended(new Completion<>(index, item, o)));
  }

  private synchronized void ended(Completion<A, R> c) {
    if (!ordered) {
      ready.add(c);
    } else {
      early.put(c.index(), c);
      for (var n = early.remove(nextInOrder); n != null; n = early.remove(nextInOrder)) {
        ready.add(n);
        nextInOrder++;
      }
    }
    if (taker != null && !ready.isEmpty()) {
      boolean unused = taker.signal();
      taker = null;
    }
  }

  private Completion<A, R> await() throws InterruptedException {
    Waiter w;
    synchronized (this) {
      Completion<A, R> c = ready.poll();
      if (c != null) return c;
      w = new Waiter(scope.time);
      taker = w;
    }
    scope.helpQueued();
    boolean unused = w.await("an outcome", TimeSource.NEVER);
    synchronized (this) {
      return Objects.requireNonNull(ready.poll());
    }
  }

  /** Cancels what has not ended, waits for it, and closes the input; harmless when called again. */
  @Override
  public void close() {
    if (closed) return;
    if (Thread.currentThread() != owner)
      throw new IllegalStateException(
          "completions belong to the thread that opened them, " + owner);
    closed = true;
    if (batches != null) batches.pending.close();
    Throwable thrown = scope.closeEarly();
    items.close(thrown, Failures.callBegins());
    if (thrown instanceof InterruptedException) Thread.currentThread().interrupt();
    else if (thrown != null) throw Failures.<RuntimeException>sneaky(thrown);
  }

  /** Where what it applies was written. */
  String site() {
    return ForkSite.of(f);
  }

  /** The enclosing scope has closed ours. */
  void abandoned() {
    if (closed) return;
    closed = true;
    if (batches != null) batches.pending.close();
    items.close(null, Failures.callBegins());
  }

  /** For an engine elsewhere that takes several items at a time. */
  private final class Batches implements BatchOwner<A, R> {
    private final BatchSizes sizes = new BatchSizes();
    private final Places places = new Places(limit);
    private final BatchPending<A, R> pending = new BatchPending<>(this, places);

    /** On the iterating thread. */
    void pull() throws InterruptedException {
      while (true) {
        while (places.isFree() && mayPull() && input.hasNext()) {
          A item = input.next();
          pulled++;
          if (pending.add(item) instanceof BatchTask<A, R> full) fork(full);
        }
        if (pending.takeIfFree() instanceof BatchTask<A, R> rest) fork(rest);
        if (taken < pulled || !input.hasNext()) return;
        // All has been taken, and those who told of it have not given their places back yet.
        places.awaitFree();
      }
    }

    private boolean mayPull() {
      return taken == pulled || pulled - taken < (long) limit * wanted();
    }

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

    @Override
    public int wanted() {
      long remaining = items.size() - pulled;
      return items.size() < 0 ? sizes.next() : sizes.next((int) Math.max(0, remaining), limit);
    }

    @Override
    public boolean stopsAtFailure() {
      return false;
    }

    private void tell(BatchTask<A, R> batch, int item, Outcome<R> outcome) {
      Completions.this.ended(new Completion<>(batch.first + item, batch.get(item), outcome));
    }

    @Override
    public void succeeded(BatchTask<A, R> batch, int item, @Nullable R value) {
      tell(batch, item, new Outcome.Success<>(value));
    }

    @Override
    public boolean failed(BatchTask<A, R> batch, int item, Throwable thrown) {
      Failures.seen(thrown);
      tell(batch, item, new Outcome.Failed<>(thrown));
      return false;
    }

    @Override
    public void cancelled(BatchTask<A, R> batch, int item, CancelReason reason, Throwable thrown) {
      var why = new CancelledException(reason, false);
      boolean unused = Failures.suppress(why, thrown);
      tell(batch, item, new Outcome.Cancelled<>(why));
    }

    @Override
    public void fork(BatchTask<A, R> batch) {
      scope.fork(batch, scope.engine);
    }

    @Override
    public void again(BatchTask<A, R> rest) {
      places.take();
      fork(rest);
    }

    @Override
    public void ended(BatchTask<A, R> batch) {
      places.giveBack();
      pending.placeIsFree();
    }
  }
}
